package org.krgboot.dhcp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Bytes as a value: equal if they are the same bytes, and never changed. */
public final class Octets {
  private static final int MOST = 4096;

  private final byte[] bytes;

  private Octets(byte[] bytes) {
    this.bytes = bytes;
  }

  public static Octets of(byte[] bytes) {
    return new Octets(bytes.clone());
  }

  /**
   * Reads what an operator writes: {@code 0x00ff}, {@code 01:52:54:00:12:34:56}, or else plain text
   * whose UTF-8 bytes are meant.
   *
   * @throws IllegalArgumentException if it is empty, too long, or ill-formed hexadecimal
   */
  public static Octets parse(String text) {
    byte[] bytes = parsed(text);
    if (bytes.length == 0 || bytes.length > MOST) {
      throw new IllegalArgumentException("'" + text + "' has no bytes, or more than " + MOST);
    }
    return new Octets(bytes);
  }

  private static byte[] parsed(String text) {
    if (text.startsWith("0x")) {
      try {
        return HexFormat.of().parseHex(text.substring(2));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "'" + text + "' is not hexadecimal; write two digits for each byte, as in 0x00ff", e);
      }
    }
    return text.matches("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2})+")
        ? HexFormat.ofDelimiter(":").parseHex(text)
        : text.getBytes(StandardCharsets.UTF_8);
  }

  public int length() {
    return bytes.length;
  }

  /** A copy. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Octets octets && Arrays.equals(bytes, octets.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** In the form that {@link #parse} reads: {@code 0x00ff}. */
  @Override
  public String toString() {
    return "0x" + HexFormat.of().formatHex(bytes);
  }
}
