package org.krgboot.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands behind the method of a request, RFC 9112 section 3.2. Decoded once and whole, so that
 * what the tree's jail looks at is what is opened: an encoded dot or slash is a dot or slash there.
 */
sealed interface Target {
  /** The name of a file as the tree takes it. */
  record Named(String name) implements Target {}

  /** What to tell the client. */
  record Malformed(String why) implements Target {}

  /** The absolute form, as a client sends it that takes us for a proxy. */
  Pattern ABSOLUTE = Pattern.compile("(?i)https?://[^/?#]*([/?#].*)?", Pattern.DOTALL);

  /** Decodes the request target as it is on the wire. */
  static Target of(String raw) {
    Matcher absolute = ABSOLUTE.matcher(raw);
    String path = raw;
    if (absolute.matches()) {
      path = absolute.group(1) == null ? "/" : absolute.group(1);
    }
    if (!path.startsWith("/")) {
      return new Malformed("the request names no path; ask for /FILE");
    }
    int end = path.length();
    for (int i = 0; i < end; i++) {
      if (path.charAt(i) == '?' || path.charAt(i) == '#') {
        end = i;
      }
    }
    return decoded(path.substring(0, end));
  }

  private static Target decoded(String path) {
    ByteBuffer octets = ByteBuffer.allocate(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      int octet = c;
      if (c == '%') {
        octet = i + 2 < path.length() ? hex(path.charAt(i + 1)) * 16 + hex(path.charAt(i + 2)) : -1;
        i += 2;
      }
      if (octet < 0) {
        return new Malformed("a '%' in the path is not followed by two hexadecimal digits");
      }
      if (octet == 0 || octet > 255) {
        return new Malformed("there is an octet in the path that no name can have");
      }
      octets.put((byte) octet);
    }
    try {
      return new Named(
          StandardCharsets.UTF_8.newDecoder().decode(octets.flip()).toString().substring(1));
    } catch (CharacterCodingException e) {
      return new Malformed("the path is not UTF-8");
    }
  }

  /** The digit's value; far below zero, so that a sum with it is negative, if it is none. */
  private static int hex(char c) {
    int value = c < 128 ? Character.digit(c, 16) : -1;
    return value < 0 ? -1000 : value;
  }
}
