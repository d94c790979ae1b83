package org.krgboot.nfs;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.krgboot.model.Ipv4;

/**
 * Who is shut out. Once somebody is, nothing that he has asked for is changed any more: who shuts
 * out waits for the changes under way, which are counted on two sides in turn, so that new ones of
 * others do not keep him waiting.
 */
final class Fence {
  private static final long PAUSE = Duration.ofMillis(1).toNanos();

  private final LongAdder[] begun = {new LongAdder(), new LongAdder()};
  private final LongAdder[] ended = {new LongAdder(), new LongAdder()};
  private volatile Set<Ipv4> shut = Set.of();
  private volatile int side;

  /** Whether nothing is under way of those that are shut out; who asks again is told the same. */
  private boolean settled = true;

  boolean keepsOut(Ipv4 address) {
    Set<Ipv4> now = shut;
    return !now.isEmpty() && now.contains(address);
  }

  /** Before a change, and before it is asked whether its caller is kept out. */
  int begin() {
    int mine = side;
    begun[mine].increment();
    return mine;
  }

  /** After it, on the side that it began on. */
  void end(int mine) {
    ended[mine].increment();
  }

  /**
   * Shuts out these and no others. Nobody waits where some are let in again only.
   *
   * @return false if changes that were under way have not ended in that time
   */
  synchronized boolean shutOut(Set<Ipv4> addresses, Duration patience) {
    boolean isMore = !shut.containsAll(addresses);
    boolean isFewer = !isMore && addresses.size() < shut.size();
    shut = Set.copyOf(addresses);
    if (isFewer || (!isMore && settled)) {
      return true;
    }
    long deadline = System.nanoTime() + patience.toNanos();
    boolean oneHas = hasEnded(turn(), deadline);
    boolean otherHas = hasEnded(turn(), deadline); // what an impatient one left there earlier
    settled = oneHas && otherHas;
    return settled;
  }

  private int turn() {
    int before = side;
    side = 1 - before;
    return before;
  }

  private boolean hasEnded(int which, long deadline) {
    while (ended[which].sum() != begun[which].sum()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      LockSupport.parkNanos(PAUSE);
    }
    return true;
  }
}
