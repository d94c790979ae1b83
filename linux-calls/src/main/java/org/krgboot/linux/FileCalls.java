package org.krgboot.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Calls on files, each the manual's (section 2) of the same name. An fd is a plain int that the
 * caller closes. A name is bytes without a NUL (else EINVAL) and shorter than PATH_MAX (else
 * ENAMETOOLONG); an empty one means the fd itself where the call has AT_EMPTY_PATH. Every fd is
 * opened close-on-exec, since no child of a JVM should inherit it.
 */
public final class FileCalls {
  /** Some of the data, or the name, is not in memory: to get it would wait for a disk. */
  public static final int NOT_CACHED = -1;

  private static final byte[] NO_NAME = {};

  /** preadv2(2), Linux uapi/linux/fs.h. */
  private static final int RWF_NOWAIT = 8;

  /** openat2(2), since Linux 5.12: uapi/linux/openat2.h. */
  private static final int RESOLVE_CACHED = 0x20;

  private FileCalls() {}

  /** open(2) from the working directory, or of an absolute path. */
  public static int open(byte[] path, int flags, int mode) throws LinuxException {
    return openat(AtFlags.AT_FDCWD, path, flags, mode);
  }

  /** openat(2). */
  public static int openat(int dirFd, byte[] name, int flags, int mode) throws LinuxException {
    Scratch mine = Scratch.mine();
    return (int)
        mine.call(SystemCall.OPENAT, dirFd, mine.name(name), flags | OpenFlags.O_CLOEXEC, mode);
  }

  /**
   * As {@link #openat}, if the name is in memory: openat2(2) with RESOLVE_CACHED. EINVAL or ENOSYS
   * from kernels before 5.12.
   *
   * @return {@link #NOT_CACHED} if it is not
   */
  public static int openCached(int dirFd, byte[] name, int flags) throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment how = mine.structure(); // struct open_how
    how.setAtIndex(JAVA_LONG, 0, flags | OpenFlags.O_CLOEXEC);
    how.setAtIndex(JAVA_LONG, 1, 0);
    how.setAtIndex(JAVA_LONG, 2, RESOLVE_CACHED);
    try {
      long address = mine.name(name);
      return (int) mine.call(SystemCall.OPENAT2, dirFd, address, how.address(), 3 * Long.BYTES);
    } catch (LinuxException e) {
      if (e.errno() == Errno.EAGAIN) {
        return NOT_CACHED;
      }
      throw e;
    }
  }

  /**
   * close(2). Never made again after EINTR: Linux has freed the number by then, and another thread
   * may own it.
   */
  public static void close(int fd) throws LinuxException {
    close(Scratch.mine(), fd);
  }

  static void close(Scratch mine, int fd) throws LinuxException {
    if (mine.once(SystemCall.CLOSE, fd, 0, 0, 0, 0) < 0 && mine.error() != Errno.EINTR.number()) {
      throw new LinuxException("close", mine.error());
    }
  }

  /**
   * pread(2), until {@code into} is full or the file ends.
   *
   * @return bytes read; fewer than {@code into} holds means end of file, or an error after the
   *     first bytes, which the next call at that place will tell
   */
  public static long pread(int fd, MemorySegment into, long offset) throws LinuxException {
    return transfer(SystemCall.PREAD64, fd, into, offset);
  }

  /**
   * As {@link #pread(int, MemorySegment, long)}, into a direct buffer from its position to its
   * limit; moves the position past what was read.
   */
  public static int pread(int fd, ByteBuffer into, long offset) throws LinuxException {
    int count = (int) pread(fd, MemorySegment.ofBuffer(into), offset);
    into.position(into.position() + count);
    return count;
  }

  /**
   * As {@link #pread(int, MemorySegment, long)}, if all of it is in memory: preadv2(2) with
   * RWF_NOWAIT. A file system that cannot tell is read from as it is.
   *
   * @return {@link #NOT_CACHED} if some of it is not
   */
  public static long preadCached(int fd, MemorySegment into, long offset) throws LinuxException {
    Scratch mine = Scratch.mine();
    long size = into.byteSize();
    long done = 0;
    while (done < size) {
      long next = preadCachedOnce(mine, fd, into.asSlice(done), offset + done);
      Errno error = next < 0 ? Errno.of(mine.error()) : Errno.OTHER;
      if (error == Errno.EAGAIN) {
        return NOT_CACHED;
      } else if (error == Errno.EOPNOTSUPP) {
        return pread(fd, into, offset);
      } else if (next < 0 && done == 0 && error != Errno.EINTR) {
        throw new LinuxException("preadv2", mine.error());
      } else if (next == 0 || (next < 0 && error != Errno.EINTR)) {
        return done;
      }
      done += Math.max(next, 0);
    }
    return done;
  }

  private static long preadCachedOnce(Scratch mine, int fd, MemorySegment into, long offset) {
    MemorySegment piece = mine.structure(); // struct iovec
    piece.setAtIndex(JAVA_LONG, 0, into.address());
    piece.setAtIndex(JAVA_LONG, 1, into.byteSize());
    try {
      return mine.preadv2(fd, piece.address(), offset, RWF_NOWAIT);
    } finally {
      Reference.reachabilityFence(into);
    }
  }

  /**
   * pwrite(2), until all of {@code from} is written.
   *
   * @return bytes written; fewer than {@code from} holds means an error (ENOSPC, say) after the
   *     first bytes, which the next call at that place will tell
   */
  public static long pwrite(int fd, MemorySegment from, long offset) throws LinuxException {
    return transfer(SystemCall.PWRITE64, fd, from, offset);
  }

  /** As {@link #pwrite(int, MemorySegment, long)}, from a direct buffer; moves its position. */
  public static int pwrite(int fd, ByteBuffer from, long offset) throws LinuxException {
    int count = (int) pwrite(fd, MemorySegment.ofBuffer(from), offset);
    from.position(from.position() + count);
    return count;
  }

  private static long transfer(SystemCall call, int fd, MemorySegment bytes, long offset)
      throws LinuxException {
    Scratch mine = Scratch.mine();
    long size = bytes.byteSize();
    long done = mine.call(call, fd, bytes, size, offset);
    while (done > 0 && done < size) {
      long next;
      try {
        next = mine.call(call, fd, bytes.asSlice(done), size - done, offset + done);
      } catch (LinuxException _) {
        return done;
      }
      if (next == 0) {
        return done;
      }
      done += next;
    }
    return done;
  }

  /** fsync(2). */
  public static void fsync(int fd) throws LinuxException {
    Scratch.mine().call(SystemCall.FSYNC, fd);
  }

  /** fdatasync(2). */
  public static void fdatasync(int fd) throws LinuxException {
    Scratch.mine().call(SystemCall.FDATASYNC, fd);
  }

  /** ftruncate(2). */
  public static void ftruncate(int fd, long size) throws LinuxException {
    Scratch.mine().call(SystemCall.FTRUNCATE, fd, size);
  }

  /** lseek(2). On a directory, {@code offset} is a {@code d_off} that getdents64 gave. */
  public static long lseek(int fd, long offset, int whence) throws LinuxException {
    return Scratch.mine().call(SystemCall.LSEEK, fd, offset, whence);
  }

  /** statx(2) of {@code name} in {@code fd}; of {@code fd} itself if the name is empty. */
  public static Stat statx(int fd, byte[] name, int flags) throws LinuxException {
    StatBuffer result = Scratch.mine().stat();
    statx(fd, name, flags, result);
    return result.copy();
  }

  /** statx(2) of {@code fd} itself, which may be an O_PATH one. */
  public static void statx(int fd, StatBuffer into) throws LinuxException {
    statx(fd, NO_NAME, 0, into);
  }

  /** statx(2) of {@code name} in {@code fd}, without allocating. */
  public static void statx(int fd, byte[] name, int flags, StatBuffer into) throws LinuxException {
    Scratch mine = Scratch.mine();
    statx(mine, fd, mine.name(name), flags | AtFlags.AT_EMPTY_PATH, into);
  }

  /**
   * As {@link #statx(int, byte[], int, StatBuffer)}, of a name where {@link #getdents64} put it.
   *
   * @param nameAt where it begins in {@code entries}; a NUL ends it
   */
  public static void statx(int fd, MemorySegment entries, long nameAt, int flags, StatBuffer into)
      throws LinuxException {
    try {
      statx(Scratch.mine(), fd, entries.address() + nameAt, flags, into);
    } finally {
      Reference.reachabilityFence(entries);
    }
  }

  private static void statx(Scratch mine, int fd, long name, int flags, StatBuffer into)
      throws LinuxException {
    try {
      mine.call(SystemCall.STATX, fd, name, flags, StatBuffer.MASK, into.address());
    } finally {
      Reference.reachabilityFence(into);
    }
  }

  /** Room in the file system of {@code fd}, fstatfs(2), as fstatvfs(3) gives it. */
  public static StatVfs fstatvfs(int fd) throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment statfs = mine.structure();
    mine.call(SystemCall.FSTATFS, fd, statfs.address());
    // struct statfs, Linux asm-generic/statfs.h: 64-bit words, f_fsid and f_namelen in the 8th, 9th
    return new StatVfs(
        statfs.getAtIndex(JAVA_LONG, 1),
        statfs.getAtIndex(JAVA_LONG, 9),
        statfs.getAtIndex(JAVA_LONG, 2),
        statfs.getAtIndex(JAVA_LONG, 3),
        statfs.getAtIndex(JAVA_LONG, 4),
        statfs.getAtIndex(JAVA_LONG, 5),
        statfs.getAtIndex(JAVA_LONG, 6),
        statfs.getAtIndex(JAVA_LONG, 8),
        statfs.getAtIndex(JAVA_LONG, 10));
  }

  /**
   * getdents64(2): fills {@code into} with whole directory entries and moves the fd's offset, so
   * that one fd belongs to one listing at a time.
   *
   * @return bytes used, 0 at the end; EINVAL if not even one entry fits
   */
  public static int getdents64(int fd, MemorySegment into) throws LinuxException {
    return (int) Scratch.mine().call(SystemCall.GETDENTS64, fd, into, into.byteSize(), 0);
  }

  /** readlinkat(2): the target, whole; of {@code fd} itself (O_PATH) if the name is empty. */
  public static byte[] readlinkat(int fd, byte[] name) throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment target = mine.structure();
    long length =
        mine.call(SystemCall.READLINKAT, fd, mine.name(name), target.address(), target.byteSize());
    return target.asSlice(0, length).toArray(JAVA_BYTE);
  }

  /** symlinkat(2): any bytes but NUL as the target. */
  public static void symlinkat(byte[] target, int dirFd, byte[] name) throws LinuxException {
    Scratch mine = Scratch.mine();
    mine.call(SystemCall.SYMLINKAT, mine.name(target), dirFd, mine.otherName(name));
  }

  /** mkdirat(2). */
  public static void mkdirat(int dirFd, byte[] name, int mode) throws LinuxException {
    Scratch mine = Scratch.mine();
    mine.call(SystemCall.MKDIRAT, dirFd, mine.name(name), mode);
  }

  /**
   * mknodat(2).
   *
   * @param mode kind (S_IFIFO, S_IFCHR, S_IFBLK, S_IFSOCK or S_IFREG) and permissions
   * @param major below 2^12, else EINVAL: Linux kdev_t.h packs both into 32 bits
   * @param minor below 2^20, else EINVAL
   */
  public static void mknodat(int dirFd, byte[] name, int mode, int major, int minor)
      throws LinuxException {
    if (major >>> 12 != 0 || minor >>> 20 != 0) {
      throw new LinuxException("mknodat", Errno.EINVAL);
    }
    long device = (minor & 0xff) | major << 8 | (minor & ~0xffL) << 12;
    Scratch mine = Scratch.mine();
    mine.call(SystemCall.MKNODAT, dirFd, mine.name(name), mode, device);
  }

  /** unlinkat(2); a directory with {@link AtFlags#AT_REMOVEDIR}. */
  public static void unlinkat(int dirFd, byte[] name, int flags) throws LinuxException {
    Scratch mine = Scratch.mine();
    mine.call(SystemCall.UNLINKAT, dirFd, mine.name(name), flags);
  }

  /** renameat(2). */
  public static void renameat(int fromFd, byte[] from, int toFd, byte[] to) throws LinuxException {
    renameat2(fromFd, from, toFd, to, 0);
  }

  /** renameat2(2). */
  public static void renameat2(int fromFd, byte[] from, int toFd, byte[] to, int flags)
      throws LinuxException {
    Scratch mine = Scratch.mine();
    mine.call(SystemCall.RENAMEAT2, fromFd, mine.name(from), toFd, mine.otherName(to), flags);
  }

  /**
   * linkat(2). Of {@code fromFd} itself with an empty name and {@link AtFlags#AT_EMPTY_PATH}, which
   * needs CAP_DAC_READ_SEARCH in the initial user namespace.
   */
  public static void linkat(int fromFd, byte[] from, int toFd, byte[] to, int flags)
      throws LinuxException {
    Scratch mine = Scratch.mine();
    mine.call(SystemCall.LINKAT, fromFd, mine.name(from), toFd, mine.otherName(to), flags);
  }

  /** fchmod(2); EBADF for an O_PATH fd, which is to be named by {@link #procFdPath}. */
  public static void fchmod(int fd, int mode) throws LinuxException {
    Scratch.mine().call(SystemCall.FCHMOD, fd, mode);
  }

  /** fchmodat(2). Follows a symbolic link. */
  public static void fchmodat(int dirFd, byte[] name, int mode) throws LinuxException {
    Scratch mine = Scratch.mine();
    mine.call(SystemCall.FCHMODAT, dirFd, mine.name(name), mode);
  }

  /** fchown(2); -1 leaves an id as it is. */
  public static void fchown(int fd, int uid, int gid) throws LinuxException {
    Scratch.mine().call(SystemCall.FCHOWN, fd, uid, gid);
  }

  /** fchownat(2), of {@code dirFd} itself (O_PATH too) if the name is empty. */
  public static void fchownat(int dirFd, byte[] name, int uid, int gid, int flags)
      throws LinuxException {
    Scratch mine = Scratch.mine();
    mine.call(SystemCall.FCHOWNAT, dirFd, mine.name(name), uid, gid, flags | AtFlags.AT_EMPTY_PATH);
  }

  /**
   * utimensat(2), of {@code dirFd} itself (O_PATH too, since Linux 5.8) if the name is empty. Never
   * follows a symbolic link.
   *
   * @param accessNanos nanoseconds, {@link AtFlags#UTIME_NOW} or {@link AtFlags#UTIME_OMIT}
   */
  public static void utimensat(
      int dirFd,
      byte[] name,
      long accessSeconds,
      long accessNanos,
      long modifySeconds,
      long modifyNanos)
      throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment times = mine.structure(); // struct timespec[2]
    times.setAtIndex(JAVA_LONG, 0, accessSeconds);
    times.setAtIndex(JAVA_LONG, 1, accessNanos);
    times.setAtIndex(JAVA_LONG, 2, modifySeconds);
    times.setAtIndex(JAVA_LONG, 3, modifyNanos);
    mine.call(
        SystemCall.UTIMENSAT,
        dirFd,
        mine.name(name),
        times.address(),
        AtFlags.AT_SYMLINK_NOFOLLOW | AtFlags.AT_EMPTY_PATH);
  }

  /** faccessat2(2), since Linux 5.8: EACCES (or EROFS, ETXTBSY) if {@code mode} is not granted. */
  public static void faccessat2(int fd, byte[] name, int mode, int flags) throws LinuxException {
    Scratch mine = Scratch.mine();
    mine.call(SystemCall.FACCESSAT2, fd, mine.name(name), mode, flags | AtFlags.AT_EMPTY_PATH);
  }

  /** A path for calls that take no O_PATH fd (open for reading, chmod), proc(5). */
  public static String procFdPath(int fd) {
    return "/proc/self/fd/" + fd;
  }

  /**
   * umask(2) of the whole process.
   *
   * @return the mask before
   */
  public static int umask(int mask) {
    return (int) Scratch.mine().once(SystemCall.UMASK, mask, 0, 0, 0, 0);
  }
}
