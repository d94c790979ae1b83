package org.krgboot.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which octets of a file a client wants, RFC 9110 section 14. */
sealed interface ByteRange {
  /** All of it: no range, several, or one that we do not understand, which the RFC lets us skip. */
  record Whole() implements ByteRange {}

  /** Both ends included; within the file. */
  record Part(long first, long last) implements ByteRange {}

  /** It begins behind the end of the file. */
  record OutOfFile() implements ByteRange {}

  /** At most 18 digits: they fit into a long. */
  Pattern ONE = Pattern.compile("(?i)bytes=\\s*([0-9]{0,18})-([0-9]{0,18})\\s*");

  /** Reads the Range header of a request for a file of {@code size} octets. */
  static ByteRange of(Optional<String> header, long size) {
    Matcher one = ONE.matcher(header.orElse(""));
    if (!one.matches() || (one.group(1).isEmpty() && one.group(2).isEmpty())) {
      return new Whole();
    }
    if (one.group(1).isEmpty()) {
      long wanted = Math.min(Long.parseLong(one.group(2)), size);
      return wanted == 0 ? new OutOfFile() : new Part(size - wanted, size - 1);
    }
    long first = Long.parseLong(one.group(1));
    long last = one.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(one.group(2));
    if (last < first) {
      return new Whole();
    }
    return first >= size ? new OutOfFile() : new Part(first, Math.min(last, size - 1));
  }
}
