package org.krgboot.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Kernel file handles, open_by_handle_at(2): they name a file by what it is, so that they survive
 * rename, restart and reboot, and go stale when it is deleted.
 *
 * <p>As bytes: the type, 4 bytes big-endian, then the file system's own bytes (ext4: 8). Opening
 * needs CAP_DAC_READ_SEARCH and checks nothing else: a forged handle reaches any file of the file
 * system, so the caller has to authenticate what strangers send.
 */
public final class FileHandles {
  /** Linux exportfs.h, MAX_HANDLE_SZ: the most bytes after the type. */
  public static final int MAX_HANDLE_SIZE = 128;

  /** Pauses of 20 us, 40 us, ...: 7 ms in all, should memory really be short. */
  private static final int ATTEMPTS = 27;

  private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(20);
  private static final byte[] NO_NAME = {};
  private static final long COUNT = 0;
  private static final long TYPE = 4;
  private static final long BYTES = 8;
  private static final long MOUNT_ID = BYTES + MAX_HANDLE_SIZE;

  private FileHandles() {}

  /**
   * The handle of what {@code fd} (O_PATH too) names, name_to_handle_at(2); EOPNOTSUPP if the file
   * system gives none.
   */
  public static byte[] nameToHandle(int fd) throws LinuxException {
    MemorySegment handle = fill(fd);
    int size = handle.get(JAVA_INT, COUNT);
    byte[] bytes = new byte[4 + size];
    ByteBuffer.wrap(bytes).putInt(handle.get(JAVA_INT, TYPE));
    MemorySegment.copy(handle, JAVA_BYTE, BYTES, bytes, 4, size);
    return bytes;
  }

  /** The mount that {@code fd} is on, as in /proc/self/mountinfo; name_to_handle_at(2). */
  public static int mountId(int fd) throws LinuxException {
    return fill(fd).get(JAVA_INT, MOUNT_ID);
  }

  private static MemorySegment fill(int fd) throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment handle = mine.structure();
    handle.set(JAVA_INT, COUNT, MAX_HANDLE_SIZE);
    mine.call(
        SystemCall.NAME_TO_HANDLE_AT,
        fd,
        mine.name(NO_NAME),
        handle.address(),
        handle.address() + MOUNT_ID,
        AtFlags.AT_EMPTY_PATH);
    return handle;
  }

  /**
   * Opens by handle, open_by_handle_at(2). ESTALE if the file is gone or the bytes name none; EPERM
   * without the capability. ext4 says ENOMEM for a moment while the inode of a deleted file is
   * given to a new one (seen on Linux 6.18, 2 in 1000 under load); asked again, it is ESTALE. So it
   * is asked again, a few times.
   *
   * @param mountFd any open fd of that file system, but no O_PATH one (EBADF)
   * @param handle as {@link #nameToHandle} gave it; EINVAL if its length cannot be right
   */
  public static int openByHandle(int mountFd, byte[] handle, int flags) throws LinuxException {
    int size = handle.length - 4;
    if (size < 1 || size > MAX_HANDLE_SIZE) {
      throw new LinuxException("open_by_handle_at", Errno.EINVAL);
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return openOnce(mountFd, handle, size, flags);
      } catch (LinuxException e) {
        if (e.errno() != Errno.ENOMEM || attempt == ATTEMPTS) {
          throw e;
        }
        LockSupport.parkNanos(attempt * PAUSE);
      }
    }
  }

  private static int openOnce(int mountFd, byte[] handle, int size, int flags)
      throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment struct = mine.structure();
    struct.set(JAVA_INT, COUNT, size);
    struct.set(JAVA_INT, TYPE, ByteBuffer.wrap(handle).getInt());
    MemorySegment.copy(handle, 4, struct, JAVA_BYTE, BYTES, size);
    return (int)
        mine.call(
            SystemCall.OPEN_BY_HANDLE_AT, mountFd, struct.address(), flags | OpenFlags.O_CLOEXEC);
  }
}
