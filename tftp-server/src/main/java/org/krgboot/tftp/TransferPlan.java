package org.krgboot.tftp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.krgboot.tftp.TftpPacket.ErrorCode;
import org.krgboot.tftp.TftpPacket.Option;
import org.krgboot.tftp.TftpPacket.ReadRequest;

/**
 * What was agreed on for one transfer.
 *
 * @param size octets to send
 * @param blockSize octets in every block but the last
 * @param window blocks in flight
 * @param timeout the client's wish for the time between resends (RFC 2349), if it has one
 * @param granted what to say in the OACK, only of what was asked for; none means no OACK
 */
record TransferPlan(
    long size, int blockSize, int window, Optional<Duration> timeout, List<Option> granted) {
  static final int LARGEST_BLOCK = 65464;
  private static final int SMALLEST_BLOCK = 8;
  private static final int STANDARD_BLOCK = 512;

  TransferPlan {
    granted = List.copyOf(granted);
  }

  /** A plan, or why there is none. */
  sealed interface Outcome {
    record Start(TransferPlan plan) implements Outcome {}

    record Refuse(ErrorCode code, String message) implements Outcome {}
  }

  /** What we grant at most. */
  record Limits(int blockSize, int window) {}

  /**
   * Negotiates. A value that is no number refuses the request (ERROR 8); a number out of its range,
   * and an option that we do not know, are left out of the OACK, as RFC 2347 wants.
   */
  static Outcome of(ReadRequest request, long size, Limits limits) {
    int blockSize = STANDARD_BLOCK;
    int window = 1;
    Optional<Duration> timeout = Optional.empty();
    List<Option> granted = new ArrayList<>();
    for (Option option : request.options()) {
      if (!isKnown(option.name())) {
        continue;
      }
      OptionalLong asked = number(option.value());
      if (asked.isEmpty()) {
        return new Outcome.Refuse(
            ErrorCode.OPTION_REFUSED, "the value of option " + option.name() + " is no number");
      }
      long value = asked.getAsLong();
      switch (option.name()) {
        case "blksize" -> {
          if (value >= SMALLEST_BLOCK) {
            blockSize = (int) Math.min(value, limits.blockSize());
            granted.add(new Option("blksize", Integer.toString(blockSize)));
          }
        }
        case "windowsize" -> {
          if (value >= 1 && value <= 65535) {
            window = (int) Math.min(value, limits.window());
            granted.add(new Option("windowsize", Integer.toString(window)));
          }
        }
        case "timeout" -> {
          if (value >= 1 && value <= 255) {
            timeout = Optional.of(Duration.ofSeconds(value));
            granted.add(option);
          }
        }
        default -> granted.add(new Option("tsize", Long.toString(size)));
      }
    }
    return new Outcome.Start(new TransferPlan(size, blockSize, window, timeout, granted));
  }

  private static boolean isKnown(String option) {
    return switch (option) {
      case "blksize", "windowsize", "timeout", "tsize" -> true;
      default -> false;
    };
  }

  private static OptionalLong number(String text) {
    boolean digits = text.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits && !text.isEmpty() && text.length() <= 18
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }

  /** Blocks to send. The last is shorter than the others, perhaps empty: that is the end mark. */
  long blocks() {
    return size / blockSize + 1;
  }

  /** Octets in block {@code block}, counted from 1. */
  int lengthOf(long block) {
    return (int) Math.min(blockSize, size - (block - 1) * blockSize);
  }
}
