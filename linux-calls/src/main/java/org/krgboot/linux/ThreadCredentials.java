package org.krgboot.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The ids by which the kernel checks the file calls of one thread: setfsuid(2), setfsgid(2),
 * setgroups(2) as bare system calls, which change the calling thread only. (glibc's setgroups
 * changes every thread.)
 *
 * <p>As another user than root a thread has no capabilities(7) but CAP_SETUID and CAP_SETGID, by
 * which it comes back; as root it has those that the process began with. The kernel by itself would
 * take only those over files away (CAP_CHOWN, CAP_DAC_OVERRIDE and the like: "Effect of user ID
 * changes") and leave, say, CAP_SYS_RESOURCE, which opens a file system's reserve to any user.
 *
 * <p>A thread keeps its identity until it takes another, and tells it to threads that it starts,
 * which know of it. Virtual threads are refused, since their carrier would keep the ids.
 */
public final class ThreadCredentials {
  /** The size of our scratch; an AUTH_SYS credential has at most 16. */
  private static final int MOST_GROUPS = Scratch.STRUCTURE_SIZE / Integer.BYTES;

  private static final int ROOT = 0;

  /**
   * Linux uapi/linux/capability.h, _LINUX_CAPABILITY_VERSION_3: two 32-bit halves of three sets.
   */
  private static final int CAPABILITY_VERSION = 0x20080522;

  private static final int SETS_AT = 8;
  private static final int SET_SIZE = 24;
  private static final long TO_COME_BACK =
      1L << Capability.SETUID.bit | 1L << Capability.SETGID.bit;

  private static final int EFFECTIVE = 0;
  private static final int PERMITTED = 4;
  private static final long FIRST_CAPABILITIES = capabilities(EFFECTIVE);
  private static final int FIRST_UID = current(Scratch.mine(), SystemCall.SETFSUID);
  private static final int FIRST_GID = current(Scratch.mine(), SystemCall.SETFSGID);
  private static final int[] FIRST_GROUPS = groups();
  private static final ThreadLocal<ThreadCredentials> MINE =
      ThreadLocal.withInitial(ThreadCredentials::new);

  /**
   * What this thread has, so that a call that would change nothing is not made: each costs 1 us.
   */
  private int uid = current(Scratch.mine(), SystemCall.SETFSUID);

  private int gid = current(Scratch.mine(), SystemCall.SETFSGID);
  private int @Nullable [] groups;

  private boolean touched;

  /** The effective capabilities as we set them; -1 if we did not. */
  private long capabilities = -1;

  private ThreadCredentials() {}

  /**
   * Acts on files as this user from now on. Costs nothing where the thread does already. If it
   * fails, the thread is as {@link #restore} leaves it.
   *
   * @param groups supplementary groups, at most 1024
   * @throws LinuxException EPERM without CAP_SETUID and CAP_SETGID, EINVAL for an id of -1
   */
  public static void become(int uid, int gid, int[] groups) throws LinuxException {
    try {
      mine().change(uid, gid, groups);
    } catch (LinuxException refused) {
      restore();
      throw refused;
    }
  }

  /** Acts as the process began: as root, that is, where {@link #become} works. */
  public static void restore() throws LinuxException {
    ThreadCredentials mine = mine();
    if (!mine.isAsBegun()) {
      mine.change(FIRST_UID, FIRST_GID, FIRST_GROUPS);
    }
  }

  private boolean isAsBegun() {
    boolean sameIds = uid == FIRST_UID && gid == FIRST_GID;
    return sameIds
        && (!touched
            || (Arrays.equals(groups, FIRST_GROUPS) && capabilities == FIRST_CAPABILITIES));
  }

  /** Whether {@link #become} can work: the thread is root with CAP_SETUID and CAP_SETGID. */
  public static boolean mayChange() {
    Capabilities mine = Capabilities.ofThisThread();
    return mine.has(Capability.SETUID)
        && mine.has(Capability.SETGID)
        && current(Scratch.mine(), SystemCall.SETFSUID) == ROOT;
  }

  /** The file-system uid of this thread. */
  public static int fileSystemUid() {
    return current(Scratch.mine(), SystemCall.SETFSUID);
  }

  private static ThreadCredentials mine() {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("the ids of a virtual thread are those of its carrier");
    }
    return MINE.get();
  }

  private void change(int newUid, int newGid, int[] newGroups) throws LinuxException {
    Scratch mine = Scratch.mine();
    touched = true;
    if (newUid != ROOT) {
      setCapabilities(FIRST_CAPABILITIES & TO_COME_BACK);
    }
    if (uid != newUid) {
      uid = setId(mine, SystemCall.SETFSUID, newUid);
    }
    if (gid != newGid) {
      gid = setId(mine, SystemCall.SETFSGID, newGid);
    }
    if (!Arrays.equals(groups, newGroups)) { // last: the only one that can fail on the way back
      groups = null;
      setGroups(mine, newGroups);
      groups = newGroups.clone();
    }
    if (newUid == ROOT) { // after the uid, since that changes them too
      setCapabilities(FIRST_CAPABILITIES);
    }
  }

  private void setCapabilities(long wanted) throws LinuxException {
    if (capabilities == wanted) {
      return;
    }
    capabilities = -1;
    Scratch mine = Scratch.mine();
    MemorySegment header = header(mine);
    long effective = wanted & sets(header, PERMITTED);
    header.set(JAVA_INT, SETS_AT, (int) effective);
    header.set(JAVA_INT, SETS_AT + SET_SIZE / 2, (int) (effective >>> 32));
    mine.call(SystemCall.CAPSET, header.address(), header.address() + SETS_AT);
    capabilities = wanted;
  }

  /** One of the three sets of this thread, capget(2); none if the kernel does not say. */
  private static long capabilities(int set) {
    return sets(header(Scratch.mine()), set);
  }

  private static MemorySegment header(Scratch mine) {
    MemorySegment header = mine.structure().asSlice(0, SETS_AT + SET_SIZE).fill((byte) 0);
    header.set(JAVA_INT, 0, CAPABILITY_VERSION);
    mine.once(SystemCall.CAPGET, header.address(), header.address() + SETS_AT, 0, 0, 0);
    return header;
  }

  private static long sets(MemorySegment header, int set) {
    long low = header.get(JAVA_INT, SETS_AT + set) & 0xffffffffL;
    return low | (long) header.get(JAVA_INT, SETS_AT + SET_SIZE / 2 + set) << 32;
  }

  /** Reads back, because the call reports no error: setfsuid(2), "Return value". */
  private static int setId(Scratch mine, SystemCall call, int id) throws LinuxException {
    if (id == -1) {
      throw new LinuxException(call.manualName(), Errno.EINVAL);
    }
    mine.once(call, id, 0, 0, 0, 0);
    if (current(mine, call) != id) {
      throw new LinuxException(call.manualName(), Errno.EPERM);
    }
    return id;
  }

  /** An id of -1 is never valid, so that the call changes nothing and returns the present one. */
  private static int current(Scratch mine, SystemCall call) {
    return (int) mine.once(call, -1, 0, 0, 0, 0);
  }

  private static void setGroups(Scratch mine, int[] groups) throws LinuxException {
    if (groups.length > MOST_GROUPS) {
      throw new LinuxException("setgroups", Errno.EINVAL);
    }
    MemorySegment.copy(groups, 0, mine.structure(), JAVA_INT, 0, groups.length);
    mine.call(SystemCall.SETGROUPS, groups.length, mine.structure().address());
  }

  private static int[] groups() {
    Scratch mine = Scratch.mine();
    long count = mine.once(SystemCall.GETGROUPS, MOST_GROUPS, mine.structure().address(), 0, 0, 0);
    return mine.structure().asSlice(0, Math.max(0, count) * Integer.BYTES).toArray(JAVA_INT);
  }
}
