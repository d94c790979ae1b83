package org.krgboot.importers;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Texts of files that say nothing of their encoding. */
final class Texts {
  private Texts() {}

  /** From one character a byte to what it is in UTF-8, or in Latin-1 if it is none. */
  static String decoded(String bytes) {
    byte[] octets = bytes.getBytes(StandardCharsets.ISO_8859_1);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException e) {
      return bytes;
    }
  }

  /** One line without control characters. */
  static boolean isPlain(String text) {
    return text.chars().noneMatch(c -> c < ' ' || (c >= 0x7f && c < 0xa0));
  }
}
