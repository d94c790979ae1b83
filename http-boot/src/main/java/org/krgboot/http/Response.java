package org.krgboot.http;

import java.time.Instant;
import java.util.Optional;

/**
 * The answer to a request for a file that is there, as decided before anything is sent.
 *
 * @param status of HTTP: 200, 206, 304 or 416
 * @param first the first octet that is sent
 * @param length octets that are sent, or would be if it were no HEAD
 */
record Response(int status, long first, long length) {

  /** What the request says about it; absent headers are empty. */
  record Wishes(
      Optional<String> range,
      Optional<String> ifRange,
      Optional<String> ifNoneMatch,
      Optional<Instant> ifModifiedSince) {
    static final Wishes NONE =
        new Wishes(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * What is known of the file.
   *
   * @param tag the entity tag with its quotes, if there is one
   * @param changed in whole seconds, as HTTP tells time
   */
  record Facts(long size, Optional<String> tag, Optional<Instant> changed) {}

  /** Decides, in the order of RFC 9110 section 13.2.2. */
  static Response to(Wishes wishes, Facts file) {
    if (isKnownAlready(wishes, file)) {
      return new Response(304, 0, 0);
    }
    Optional<String> range = holds(wishes.ifRange(), file) ? wishes.range() : Optional.empty();
    return switch (ByteRange.of(range, file.size())) {
      case ByteRange.Whole() -> new Response(200, 0, file.size());
      case ByteRange.Part(long first, long last) -> new Response(206, first, last - first + 1);
      case ByteRange.OutOfFile() -> new Response(416, 0, 0);
    };
  }

  private static boolean isKnownAlready(Wishes wishes, Facts file) {
    if (wishes.ifNoneMatch().isPresent()) {
      return matchesAny(wishes.ifNoneMatch().get(), file.tag());
    }
    return wishes.ifModifiedSince().isPresent()
        && file.changed().isPresent()
        && !file.changed().get().isAfter(wishes.ifModifiedSince().get());
  }

  /** A list of tags; "W/" does not matter here, RFC 9110 section 13.1.2. */
  private static boolean matchesAny(String list, Optional<String> tag) {
    if (list.strip().equals("*")) {
      return true;
    }
    for (String one : list.split(",", -1)) {
      String strong = one.strip().replaceFirst("^W/", "");
      if (tag.filter(strong::equals).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the client's part is of this very content, RFC 9110 section 13.1.5. A date is never
   * believed: two versions can be of one second, and every file of ours has a tag.
   */
  private static boolean holds(Optional<String> ifRange, Facts file) {
    return ifRange.isEmpty() || file.tag().equals(ifRange.map(String::strip));
  }
}
