package org.krgboot.tftp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.krgboot.tftp.TftpPacket.ReadRequest;

/**
 * Who may start a transfer, and when: under a storm those that have begun go first, so that no
 * node's firmware loses patience in the middle of a file. A request that has to wait is kept, and
 * started in its turn long before its node gives up (PXE-E32). Times and what was measured are
 * passed in. Used by one thread.
 *
 * <p>No address keeps the others out, whatever it asks for. Of the transfers, and of the places to
 * wait at, it has no more than are left for all: so one alone gets half of them (a network behind
 * one address, a benchmark), two a third each, and some are left for nodes that have none.
 * (Choudhury and Hahne, "Dynamic queue length thresholds", 1998.) And addresses that wait take
 * turns, so that the places of those that start are not kept by who asks most often.
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
   * Then a request is answered however little there is for each, as soon as its address has its
   * turn among those that start. PXE (2.1, section 3.2.2) and the ROMs in use ask again after one
   * second or more, and several times.
   */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  /** A client that has not repeated its request for so long is gone. */
  static final Duration FORGOTTEN = Duration.ofSeconds(10);

  /** How often it is looked who is gone. */
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);

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
    /** There is no room even to wait, or not for its address: the client has to ask again. */
    FULL
  }

  /** The transfers that have been started and have not ended. */
  interface UnderWay {
    int size();

    int sizeOf(InetAddress address);
  }

  /** What waits of one address, in the order in which it was asked for. */
  private static final class Host {
    final InetAddress address;
    final Map<InetSocketAddress, Waiting> queue = new LinkedHashMap<>();

    Host(InetAddress address) {
      this.address = address;
    }

    Waiting first() {
      return queue.values().iterator().next();
    }
  }

  private final int mostTransfers;

  /** Those of which something waits; the next in turn is the first. */
  private final Map<InetAddress, Host> line = new LinkedHashMap<>();

  /** Of all of them together. */
  private int waiting;

  private Instant sweepAt = Instant.MIN;
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
    Host known = line.get(client.getAddress());
    Host host = known == null ? new Host(client.getAddress()) : known;
    Waiting before = host.queue.get(client);
    if (before != null) {
      host.queue.put(client, new Waiting(request, client, asked, before.since(), now));
      return Verdict.REPEATED;
    }
    if (host.queue.size() >= mostTransfers - waiting) {
      return Verdict.FULL;
    }
    host.queue.put(client, new Waiting(request, client, asked, now, now));
    line.put(host.address, host);
    waiting++;
    return Verdict.WAITS;
  }

  /** The client has answered, or its transfer has ended: it is no longer starting. */
  void settled(InetSocketAddress client) {
    starting.remove(client);
  }

  /** Whether the client's request waits. */
  boolean holds(InetSocketAddress client) {
    Host host = line.get(client.getAddress());
    return host != null && host.queue.containsKey(client);
  }

  boolean isEmpty() {
    return line.isEmpty();
  }

  /** Whether somebody has waited for so long. */
  boolean hasWaited(Duration wait, Instant now) {
    return line.values().stream().anyMatch(host -> hasWaited(host, wait, now));
  }

  private static boolean hasWaited(Host host, Duration wait, Instant now) {
    return !host.first().since().plus(wait).isAfter(now);
  }

  /**
   * Those that start now. Of each address in the order in which they asked; the addresses take
   * turns.
   *
   * @param octetsPerSecond what all transfers under way together got lately
   */
  List<Waiting> next(Instant now, UnderWay underWay, long octetsPerSecond) {
    starting.values().removeIf(since -> !since.plus(STARTING).isAfter(now));
    forgetWhoIsGone(now);
    int active = underWay.size();
    List<Waiting> started = new ArrayList<>();
    Map<InetAddress, Integer> startedOf = new HashMap<>();
    int passedOver = 0;
    while (passedOver < line.size()
        && active + started.size() < mostTransfers
        && starting.size() < MOST_STARTING) {
      Host host = line.values().iterator().next();
      int then = active + started.size();
      int held = underWay.sizeOf(host.address) + startedOf.getOrDefault(host.address, 0);
      boolean fair = then < CROWD || octetsPerSecond / then >= FAIR_SHARE;
      line.remove(host.address);
      if (held < mostTransfers - then && (fair || hasWaited(host, LONGEST_WAIT, now))) {
        started.add(start(host, now));
        startedOf.merge(host.address, 1, Integer::sum);
        passedOver = 0;
      } else {
        passedOver++;
      }
      if (!host.queue.isEmpty()) {
        line.put(host.address, host); // behind the others
      }
    }
    return started;
  }

  private Waiting start(Host host, Instant now) {
    Waiting one = host.first();
    host.queue.remove(one.client());
    waiting--;
    starting.put(one.client(), now);
    return one;
  }

  private void forgetWhoIsGone(Instant now) {
    if (sweepAt.isAfter(now)) {
      return;
    }
    sweepAt = now.plus(SWEEP_EVERY);
    for (Host host : line.values()) {
      host.queue.values().removeIf(one -> !one.heard().plus(FORGOTTEN).isAfter(now));
    }
    line.values().removeIf(host -> host.queue.isEmpty());
    waiting = line.values().stream().mapToInt(host -> host.queue.size()).sum();
  }
}
