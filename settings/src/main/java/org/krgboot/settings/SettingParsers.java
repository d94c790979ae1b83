package org.krgboot.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.krgboot.bootfiles.BootTarget;
import org.krgboot.bootfiles.NodeDirectories;

/** From a setting's text to its value. Each throws IllegalArgumentException with what is right. */
public final class SettingParsers {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,7})([kmg])");
  private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration LONGEST_TIMEOUT = Duration.ofHours(24);
  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(60);
  private static final Duration LONGEST_LEASE = Duration.ofDays(365);

  private static final Duration LONGEST_HISTORY = Duration.ofDays(3650);

  private SettingParsers() {}

  /** A port; 0 where the service may be left out. */
  public static int port(String text) {
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

  static int connections(String text) {
    return number(text, 16, 65536);
  }

  /** In a hundred; of the least memory still enough for a long call and its reply. */
  static int share(String text) {
    return number(text, 10, 100);
  }

  static int waitingCalls(String text) {
    return number(text, 1, 256);
  }

  static int openFiles(String text) {
    return number(text, 64, 1 << 20);
  }

  /** Of one READ or WRITE, in bytes. */
  static int ioSize(String text) {
    long size = bytes(text, 32 << 10, 1 << 20);
    if (size % 4096 != 0) {
      throw new IllegalArgumentException("'" + text + "' is not a multiple of 4k");
    }
    return (int) size;
  }

  static long bufferMemory(String text) {
    return bytes(text, 32L << 20, 16L << 30);
  }

  private static long bytes(String text, long least, long most) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a size; write it as 64k, 256m or 1g");
    }
    long size =
        Long.parseLong(matcher.group(1))
            << switch (matcher.group(2)) {
              case "k" -> 10;
              case "m" -> 20;
              default -> 30;
            };
    if (size < least || size > most) {
      throw new IllegalArgumentException(
          "'" + text + "' must be between " + (least >> 10) + "k and " + (most >> 10) + "k");
    }
    return size;
  }

  static int blockSize(String text) {
    return number(text, 512, 65_464);
  }

  static int window(String text) {
    return number(text, 1, 1024);
  }

  static int transfers(String text) {
    return number(text, 1, 60_000);
  }

  static int dscp(String text) {
    return number(text, 0, 63);
  }

  /** How long a menu is shown, in seconds; PXELINUX counts tenths up to 35996. */
  static int menuTimeout(String text) {
    return number(text, 0, 3599);
  }

  static BootTarget.Platform platform(String text) {
    return switch (text) {
      case "bios" -> BootTarget.Platform.BIOS;
      case "uefi-x64" -> BootTarget.Platform.UEFI_X64;
      case "uefi-arm64" -> BootTarget.Platform.UEFI_ARM64;
      default ->
          throw new IllegalArgumentException(
              "'" + text + "' is none of bios, uefi-x64, uefi-arm64");
    };
  }

  static NodeDirectories nodeDirectories(String text) {
    return switch (text) {
      case "none" -> NodeDirectories.NONE;
      case "address" -> NodeDirectories.BY_ADDRESS;
      case "mac" -> NodeDirectories.BY_MAC;
      default -> throw new IllegalArgumentException("'" + text + "' is none of none, address, mac");
    };
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

  /** How long a client may leave a connection as it is. */
  static Duration timeout(String text) {
    Duration duration = duration(text);
    if (duration.compareTo(SHORTEST_TIMEOUT) < 0 || duration.compareTo(LONGEST_TIMEOUT) > 0) {
      throw new IllegalArgumentException("'" + text + "' must be between 5s and 24h");
    }
    return duration;
  }

  /** How long history is kept; none at all is a choice too. */
  static Duration leaseHistory(String text) {
    Duration duration = duration(text);
    if (duration.compareTo(LONGEST_HISTORY) > 0) {
      throw new IllegalArgumentException("'" + text + "' must be at most 3650d");
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
