package org.krgboot.tftp;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.krgboot.model.BootEvent;
import org.krgboot.model.BootFileTree;
import org.krgboot.model.Ipv4;
import org.krgboot.model.RefusalThrottle;

/**
 * What all transfers share.
 *
 * @param clock for the time in events; waiting is measured by {@link #now}
 * @param disk where calls that may block run
 * @param textMemory bytes that files in netascii may still take
 * @param readMemory octets that transfers may still set aside to read ahead
 */
record Services(
    TftpConfig config,
    BootFileTree tree,
    BootEvent.Sink sink,
    InstantSource clock,
    Executor disk,
    Counters counters,
    Bugs bugs,
    RefusalThrottle throttle,
    Semaphore textMemory,
    Semaphore readMemory,
    ActiveTransfers active) {
  /**
   * Native memory to read ahead into, all transfers together, in bytes; {@link ReadMemory} keeps to
   * it. Beside it the loops have some KiB each.
   */
  static final int READ_MEMORY = 128 << 20;

  /**
   * Divided by the transfers under way it is what one more may read at once. The n-th oldest had at
   * least n - 1 beside it when it started, so 4,096 of them, with two chunks each and packets of an
   * Ethernet frame, need less than {@link #READ_MEMORY}.
   */
  private static final int CHUNK_SHARE = 8 << 20;

  /** Each read wakes threads up, which costs a lone client's transfer more than the reading. */
  private static final int LARGEST_CHUNK = 512 << 10;

  /** Memory for files in netascii, all transfers together; in bytes. */
  private static final int TEXT_MEMORY = 16 << 20;

  /** Enough of a window to be worth it, however many transfers there are. */
  private static final int SMALLEST_WINDOW_LIMIT = 4;

  Services(
      TftpConfig config,
      BootFileTree tree,
      BootEvent.Sink sink,
      InstantSource clock,
      Executor disk) {
    this(config, tree, sink, clock, disk, new Counters());
  }

  private Services(
      TftpConfig config,
      BootFileTree tree,
      BootEvent.Sink sink,
      InstantSource clock,
      Executor disk,
      Counters counters) {
    this(
        config,
        tree,
        sink,
        clock,
        disk,
        counters,
        new Bugs(counters),
        new RefusalThrottle(),
        new Semaphore(TEXT_MEMORY),
        new Semaphore(READ_MEMORY),
        new ActiveTransfers());
  }

  /** A time that no change of the clock moves; only differences of it mean anything. */
  static Instant now() {
    return Instant.EPOCH.plusNanos(System.nanoTime());
  }

  /** A time of {@link #now} as {@link System#nanoTime} counts it. */
  static long nanoTime(Instant time) {
    return time.getEpochSecond() * 1_000_000_000 + time.getNano();
  }

  /** How much a transfer that starts now may read at once; it holds two such chunks. */
  int chunkBytes() {
    return chunkBytes(active.size());
  }

  static int chunkBytes(int others) {
    return Math.min(LARGEST_CHUNK, CHUNK_SHARE / (others + 1));
  }

  /** What a transfer that starts now is granted at most: a window must fit into a chunk. */
  TransferPlan.Limits limits() {
    int datagram = TftpCodec.DATA_HEADER + config.maxBlockSize();
    int fits = Math.max(SMALLEST_WINDOW_LIMIT, chunkBytes() / datagram);
    return new TransferPlan.Limits(config.maxBlockSize(), Math.min(config.maxWindow(), fits));
  }

  /**
   * There is no room for the request now. Not a word to the node: a ROM that hears an error gives
   * up, one that hears nothing asks again.
   */
  void busy(InetSocketAddress client, String file, String reason) {
    counters.busy.increment();
    tellRefused(client, file, BootEvent.Refusal.BUSY, reason);
  }

  /** Tells the operator, within bounds, that a file was not sent, or not to its end. */
  void tellRefused(InetSocketAddress client, String file, BootEvent.Refusal why, String reason) {
    Instant now = clock.instant();
    if (throttle.lets(address(client), now)) {
      sink.accept(
          new BootEvent.FileRefused(
              now, address(client), BootEvent.Carrier.TFTP, printable(file), why, reason));
    } else {
      counters.eventsSuppressed.increment();
    }
  }

  static Ipv4 address(InetSocketAddress client) {
    return Ipv4.of(client.getAddress().getAddress());
  }

  /** A stranger's text, safe for a log line and an operator's terminal. */
  static String printable(String text) {
    String shown = text.length() <= 256 ? text : text.substring(0, 256) + "...";
    return shown.replaceAll("\\p{Cntrl}", "?");
  }
}
