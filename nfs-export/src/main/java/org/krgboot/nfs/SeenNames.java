package org.krgboot.nfs;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Names that the kernel had in memory a moment ago, so that it is not asked before each LOOKUP
 * whether it still has. Others' names may take a name's place here; it is asked again then.
 *
 * <p>A slot is the upper 48 bits of the place, and the lower 16 of the second when it was seen. Two
 * places may have them in common: then a LOOKUP may wait for a disk where it should not, which is
 * all that can go wrong.
 */
final class SeenNames {
  private static final int SLOTS = 1 << 15;
  private static final int SECONDS = 0xffff;

  /** The kernel forgets names when memory is short, those first that nobody uses. */
  private static final int LATELY = 10;

  private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

  private static int slot(long place) {
    return (int) (place >>> 49);
  }

  private static int now() {
    return (int) TimeUnit.NANOSECONDS.toSeconds(System.nanoTime()) & SECONDS;
  }

  /** Whether the kernel had it lately. */
  boolean lately(long place) {
    long slot = slots.getPlain(slot(place));
    return ((slot ^ place) & ~SECONDS) == 0 && ((now() - (int) slot) & SECONDS) <= LATELY;
  }

  /** The kernel has it. */
  void saw(long place) {
    slots.setPlain(slot(place), (place & ~SECONDS) | now());
  }
}
