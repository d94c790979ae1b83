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
 * @param rollOver what comes after block 65535
 * @param timeout the client's wish for the time between resends (RFC 2349), if it has one
 * @param granted what to say in the OACK, only of what was asked for; none means no OACK
 */
record TransferPlan(
    long size,
    int blockSize,
    int window,
    RollOver rollOver,
    Optional<Duration> timeout,
    List<Option> granted) {
  static final int LARGEST_BLOCK = 65464;
  private static final int SMALLEST_BLOCK = 8;
  private static final int STANDARD_BLOCK = 512;

  /** Of tftp-hpa's {@code utimeout}, in microseconds. */
  private static final long SHORTEST_PAUSE = 10_000;

  private static final long LONGEST_PAUSE = 255_000_000;

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
    Draft draft = new Draft(size, limits);
    for (Option option : request.options()) {
      if (!isKnown(option.name())) {
        continue;
      }
      OptionalLong asked = number(option.value());
      if (asked.isEmpty()) {
        return new Outcome.Refuse(
            ErrorCode.OPTION_REFUSED, "the value of option " + option.name() + " is no number");
      }
      draft.take(option, asked.getAsLong());
    }
    return new Outcome.Start(draft.plan());
  }

  private static boolean isKnown(String option) {
    return switch (option) {
      case "blksize", "blksize2", "windowsize", "timeout", "utimeout", "tsize", "rollover" -> true;
      default -> false;
    };
  }

  /** A plan that grows with each option. */
  private static final class Draft {
    private final long size;
    private final Limits limits;
    private final List<Option> granted = new ArrayList<>();
    private int blockSize = STANDARD_BLOCK;
    private int window = 1;
    private RollOver rollOver = RollOver.TO_ZERO;
    private Optional<Duration> timeout = Optional.empty();

    Draft(long size, Limits limits) {
      this.size = size;
      this.limits = limits;
    }

    void take(Option option, long value) {
      switch (option.name()) {
        case "blksize" -> takeBlockSize(option, (int) Math.min(value, limits.blockSize()));
        case "blksize2" -> // tftp-hpa's: for clients that can only take powers of two
            takeBlockSize(option, Integer.highestOneBit((int) Math.min(value, limits.blockSize())));
        case "windowsize" -> {
          if (value >= 1 && value <= 65535) {
            window = (int) Math.min(value, limits.window());
            grant(option, window);
          }
        }
        case "timeout" -> {
          if (value >= 1 && value <= 255) {
            timeout = Optional.of(Duration.ofSeconds(value));
            granted.add(option);
          }
        }
        case "utimeout" -> {
          if (value >= SHORTEST_PAUSE && value <= LONGEST_PAUSE) {
            timeout = Optional.of(Duration.ofNanos(value * 1000));
            granted.add(option);
          }
        }
        case "rollover" ->
            RollOver.of(value)
                .ifPresent(known -> {
                  rollOver = known;
                  granted.add(option);
                });
        default -> grant(option, size);
      }
    }

    /** The first of the two options holds: there is one block size. */
    private void takeBlockSize(Option option, int value) {
      boolean first = granted.stream().noneMatch(other -> other.name().startsWith("blksize"));
      if (value >= SMALLEST_BLOCK && first) {
        blockSize = value;
        grant(option, value);
      }
    }

    private void grant(Option option, long value) {
      granted.add(new Option(option.name(), Long.toString(value)));
    }

    TransferPlan plan() {
      return new TransferPlan(size, blockSize, window, rollOver, timeout, granted);
    }
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

  /** Octets of every DATA packet but the last. */
  int datagramSize() {
    return TftpCodec.DATA_HEADER + blockSize;
  }

  /** Octets in block {@code block}, counted from 1. */
  int lengthOf(long block) {
    return (int) Math.min(blockSize, size - (block - 1) * blockSize);
  }
}
