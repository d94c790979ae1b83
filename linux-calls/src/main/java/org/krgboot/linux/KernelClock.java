package org.krgboot.linux;

import java.lang.foreign.MemorySegment;

/** What the kernel knows of its own clock, adjtimex(2). */
public final class KernelClock {
  /** Linux timex.h: what the call gives where nobody keeps the clock. */
  private static final long TIME_ERROR = 5;

  /** struct timex on 64-bit machines; its first word, which fields are to be set, stays 0. */
  private static final int SIZE = 208;

  private KernelClock() {}

  /** Whether a time service keeps the clock. Changes nothing, needs no right. */
  public static boolean isSynchronized() throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment timex = mine.structure().asSlice(0, SIZE).fill((byte) 0);
    return mine.call(SystemCall.ADJTIMEX, timex.address()) != TIME_ERROR;
  }
}
