package org.krgboot.tftp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.krgboot.tftp.TftpPacket.ReadRequest;

/**
 * Who may start a transfer, and when: under a storm those that have begun go first, so that no
 * node's firmware loses patience in the middle of a file. A request that has to wait is kept, and
 * started in its turn long before its node gives up (PXE-E32). Times and what was measured are
 * passed in. Used by one thread.
 */
final class Admission {
  /** Transfers that were answered and whose client has not said anything yet. */
  static final int MOST_STARTING = 64;

  /** So long a transfer counts as starting: until its answer would be sent again. */
  static final Duration STARTING = Duration.ofMillis(500);

  /** Up to here nobody waits for others, however slow they are. */
  static final int CROWD = 64;

  /** What each of a crowd is to get before more start, in octets a second. */
  static final long FAIR_SHARE = 64 << 10;

  /**
   * Then a request is answered however little there is for each. PXE (2.1, section 3.2.2) and the
   * ROMs in use ask again after one second or more, and several times.
   */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  /** A client that has not repeated its request for so long is gone. */
  static final Duration FORGOTTEN = Duration.ofSeconds(10);

  /**
   * A request that waits.
   *
   * @param asked the address of ours that it was sent to
   * @param since when the client asked first
   * @param heard when it asked last
   */
  record Waiting(
      ReadRequest request,
      InetSocketAddress client,
      InetAddress asked,
      Instant since,
      Instant heard) {}

  /** What becomes of a request. */
  enum Verdict {
    WAITS,
    /** It was waiting already; one answer will do for both. */
    REPEATED,
    /** There is no room even to wait: the client has to ask again. */
    FULL
  }

  private final int mostTransfers;
  private final Map<InetSocketAddress, Waiting> queue = new LinkedHashMap<>();
  private final Map<InetSocketAddress, Instant> starting = new LinkedHashMap<>();

  /**
   * Nobody waits yet.
   *
   * @param mostTransfers under way at once; as many more may wait
   */
  Admission(int mostTransfers) {
    this.mostTransfers = mostTransfers;
  }

  Verdict arrived(ReadRequest request, InetSocketAddress client, InetAddress asked, Instant now) {
    Waiting before = queue.get(client);
    if (before != null) {
      queue.put(client, new Waiting(request, client, asked, before.since(), now));
      return Verdict.REPEATED;
    }
    if (queue.size() >= mostTransfers) {
      return Verdict.FULL;
    }
    queue.put(client, new Waiting(request, client, asked, now, now));
    return Verdict.WAITS;
  }

  /** The client has answered, or its transfer has ended: it is no longer starting. */
  void settled(InetSocketAddress client) {
    starting.remove(client);
  }

  /** Whether the client's request waits. */
  boolean holds(InetSocketAddress client) {
    return queue.containsKey(client);
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** Whether somebody has waited for so long. */
  boolean hasWaited(Duration wait, Instant now) {
    return !queue.isEmpty() && !queue.values().iterator().next().since().plus(wait).isAfter(now);
  }

  /**
   * Those that start now, in the order in which they asked.
   *
   * @param active transfers under way
   * @param octetsPerSecond what all of them together got lately
   */
  List<Waiting> next(Instant now, int active, long octetsPerSecond) {
    starting.values().removeIf(since -> !since.plus(STARTING).isAfter(now));
    List<Waiting> started = new ArrayList<>();
    Iterator<Waiting> waiting = queue.values().iterator();
    while (waiting.hasNext()) {
      Waiting one = waiting.next();
      if (!one.heard().plus(FORGOTTEN).isAfter(now)) {
        waiting.remove();
        continue;
      }
      int then = active + started.size();
      boolean fair = then < CROWD || octetsPerSecond / then >= FAIR_SHARE;
      boolean due = !one.since().plus(LONGEST_WAIT).isAfter(now);
      if (then >= mostTransfers || starting.size() >= MOST_STARTING || !(fair || due)) {
        break;
      }
      waiting.remove();
      starting.put(one.client(), now);
      started.add(one);
    }
    return started;
  }
}
