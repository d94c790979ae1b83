package org.krgboot.tftp;

import java.lang.foreign.MemorySegment;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.UdpSockets;

/**
 * Sends DATA blocks to one client. Where the kernel can (UDP_SEGMENT), many blocks go down in one
 * system call and are cut into datagrams there.
 */
final class WindowSender {
  /** What fits into one IPv4 datagram before it is cut. */
  private static final int MOST_BYTES = 65_000;

  /** A larger segment than a frame cannot be cut off by the kernel. */
  private static final int LARGEST_SEGMENT = 1472;

  /** Where datagrams go. */
  interface Datagrams {
    /** False if there is no room for them now. */
    boolean send(MemorySegment from, long offset, int length) throws LinuxException;

    /** Whether from now on what is longer is cut; 0 ends it. */
    boolean cutInto(int octets);
  }

  private final Datagrams socket;
  private final ReadAhead ahead;
  private final Counters counters;
  private int batch;

  /** What there was no room for; none of it if the first is behind the last. */
  private long first = 1;

  private long last;
  private long furthest;

  WindowSender(Datagrams socket, TransferPlan plan, ReadAhead ahead, Counters counters) {
    this.socket = socket;
    this.ahead = ahead;
    this.counters = counters;
    int segment = plan.datagramSize();
    boolean cut = plan.window() > 1 && segment <= LARGEST_SEGMENT && socket.cutInto(segment);
    this.batch = cut ? Math.min(UdpSockets.MOST_SEGMENTS, MOST_BYTES / segment) : 1;
  }

  /** Sends these blocks, both ends included, in place of what is left of those before. */
  void send(long first, long last) {
    this.first = first;
    this.last = last;
    sendRest();
  }

  /** The last block that has ever left; 0 if none has. */
  long furthest() {
    return furthest;
  }

  /** There is room again; {@code unacknowledged} is the first block that the client may lack. */
  void goOn(long unacknowledged) {
    first = Math.max(first, unacknowledged);
    sendRest();
  }

  private void sendRest() {
    while (first <= last) {
      long end = ahead.lastBeside(first, Math.min(last, first + batch - 1));
      int length = ahead.length(first, end);
      try {
        if (!socket.send(ahead.wire(first), ahead.offset(first), length)) {
          return;
        }
        counters.onTheWire.add(length);
        furthest = Math.max(furthest, end);
        first = end + 1;
      } catch (LinuxException e) {
        counters.sendErrors.increment();
        refused(e, end);
      }
    }
  }

  /** One by one the kernel fragments what is too long; what else is lost the timer repeats. */
  private void refused(LinuxException why, long end) {
    boolean cannotCut =
        switch (why.errno()) {
          case EINVAL, EMSGSIZE, EIO -> true; // a tunnel's smaller MTU, or IPsec
          default -> false;
        };
    if (cannotCut && batch > 1 && socket.cutInto(0)) {
      batch = 1;
    } else {
      first = end + 1;
    }
  }
}
