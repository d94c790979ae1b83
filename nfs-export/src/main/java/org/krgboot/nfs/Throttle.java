package org.krgboot.nfs;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Lets something happen at most once a minute, so that nobody can flood the log. */
final class Throttle {
  private static final long PERIOD = TimeUnit.MINUTES.toNanos(1);

  private final AtomicLong last = new AtomicLong(System.nanoTime() - PERIOD);

  void run(Runnable action) {
    long now = System.nanoTime();
    long before = last.get();
    if (now - before >= PERIOD && last.compareAndSet(before, now)) {
      Identity.leave(); // to log may open files
      action.run();
    }
  }
}
