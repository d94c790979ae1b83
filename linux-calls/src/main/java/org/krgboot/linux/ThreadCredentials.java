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
 * <p>A file-system uid other than 0 takes the thread's rights over files away too (CAP_CHOWN,
 * CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER, CAP_FSETID, CAP_MKNOD: capabilities(7),
 * "Effect of user ID changes"), and uid 0 gives back those that the process has. So neither handles
 * nor device nodes can be opened or made as another user.
 *
 * <p>A thread started in between begins with its starter's ids: start none between {@link #become}
 * and {@link #restore}. Virtual threads are refused, since their carrier would keep the ids.
 */
public final class ThreadCredentials {
  /** The size of our scratch; an AUTH_SYS credential has at most 16. */
  private static final int MOST_GROUPS = Scratch.STRUCTURE_SIZE / Integer.BYTES;

  private static final int ROOT = 0;
  private static final int[] FIRST_GROUPS = groups();
  private static final ThreadLocal<ThreadCredentials> MINE =
      ThreadLocal.withInitial(ThreadCredentials::new);

  /**
   * What this thread has, so that a call that would change nothing is not made: each costs 1 us.
   */
  private int uid = current(Scratch.mine(), SystemCall.SETFSUID);

  private int gid = current(Scratch.mine(), SystemCall.SETFSGID);
  private int @Nullable [] groups;

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

  /** Acts as root again, with the groups that the process began with. */
  public static void restore() throws LinuxException {
    mine().change(ROOT, ROOT, FIRST_GROUPS);
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
