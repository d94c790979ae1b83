package org.krgboot.daemon;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** From a setting's text to its value. Each throws IllegalArgumentException with what is right. */
final class SettingParsers {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(s|m|h|d)");
  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(60);
  private static final Duration LONGEST_LEASE = Duration.ofDays(365);

  private SettingParsers() {}

  /** A port; 0 where the service may be left out. */
  static int port(String text) {
    return number(text, 0, 65535);
  }

  static int maxMessageSize(String text) {
    return number(text, 576, 65535);
  }

  /** A client architecture of RFC 4578. */
  static int architecture(String text) {
    return number(text, 0, 65535);
  }

  static int baud(String text) {
    return number(text, 0, 4_000_000);
  }

  private static int number(String text, int least, int most) {
    int value = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a number from " + least + " to " + most);
    }
    return value;
  }

  static Duration leaseTime(String text) {
    Duration duration = duration(text);
    if (duration.compareTo(SHORTEST_LEASE) < 0 || duration.compareTo(LONGEST_LEASE) > 0) {
      throw new IllegalArgumentException("'" + text + "' must be between 60s and 365d");
    }
    return duration;
  }

  static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a time; write it as 90s, 30m, 12h or 7d");
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  static boolean yesOrNo(String text) {
    return switch (text) {
      case "true", "yes" -> true;
      case "false", "no" -> false;
      default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
    };
  }

  static Path absolutePath(String text) {
    Path path = Path.of(text);
    if (text.isEmpty() || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("'" + text + "' is not a path");
    }
    return path.toAbsolutePath().normalize();
  }

  /** Text for a kernel command line or a packet: printable, one line. */
  static String line(String text) {
    if (text.chars().anyMatch(c -> c < ' ' || c == 127)) {
      throw new IllegalArgumentException("it must be one line without control characters");
    }
    return text;
  }
}
