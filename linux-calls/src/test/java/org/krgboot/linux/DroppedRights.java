package org.krgboot.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Gives up every capability of the calling thread, capset(2). For good: end the thread. */
final class DroppedRights {
  /** Linux uapi/linux/capability.h, _LINUX_CAPABILITY_VERSION_3: two 32-bit sets of three. */
  private static final int VERSION_3 = 0x20080522;

  private DroppedRights() {}

  static void dropAll() throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment structure = mine.structure().fill((byte) 0);
    structure.set(ValueLayout.JAVA_INT, 0, VERSION_3);
    mine.call(SystemCall.CAPSET, structure.address(), structure.address() + 8);
  }
}
