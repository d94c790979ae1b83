package org.krgboot.tftp;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where bugs of ours are told, and what else cannot be: all are counted, and one a minute is
 * logged, since a stranger may know a packet that meets one, and must not fill the journal with it.
 * Telling never fails, even where there is no memory left: who tells goes on. Safe for any thread.
 */
final class Bugs {
  private static final Logger LOG = LoggerFactory.getLogger(Bugs.class);
  private static final long PERIOD = TimeUnit.MINUTES.toNanos(1);

  private final Counters counters;
  private final AtomicLong last = new AtomicLong(System.nanoTime() - PERIOD);

  Bugs(Counters counters) {
    this.counters = counters;
  }

  /**
   * Tells the operator.
   *
   * @param where named in the journal by its toString
   */
  void tell(Object where, Throwable bug) {
    counters.bugs.increment();
    try {
      long now = System.nanoTime();
      long before = last.get();
      if (now - before >= PERIOD && last.compareAndSet(before, now)) {
        LOG.error("tftp: {}", where, bug);
      }
    } catch (RuntimeException | Error alsoBroken) {
      counters.bugs.increment();
    }
  }
}
