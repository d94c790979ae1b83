package org.krgboot.linux;

/**
 * Flags of open(2). Linux asm-generic/fcntl.h; four of them have other values on aarch64
 * (arch/arm64/ include/uapi/asm/fcntl.h).
 */
public final class OpenFlags {
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_CREAT = 0100;
  public static final int O_EXCL = 0200;
  public static final int O_NOCTTY = 0400;
  public static final int O_TRUNC = 01000;
  public static final int O_APPEND = 02000;
  public static final int O_NONBLOCK = 04000;
  public static final int O_DSYNC = 010000;
  public static final int O_DIRECT = Architecture.HERE.pick(040000, 0200000);
  public static final int O_DIRECTORY = Architecture.HERE.pick(0200000, 040000);
  public static final int O_NOFOLLOW = Architecture.HERE.pick(0400000, 0100000);
  public static final int O_NOATIME = 01000000;
  public static final int O_CLOEXEC = 02000000;
  public static final int O_SYNC = 04010000;

  /** Names the object without opening it: no side effect on a device or FIFO. */
  public static final int O_PATH = 010000000;

  /**
   * Makes a file without a name in the directory that is opened, to be given one by linkat. Where
   * the file system has none: EOPNOTSUPP, and EISDIR from kernels before 3.11.
   */
  public static final int O_TMPFILE = 020000000 | O_DIRECTORY;

  private OpenFlags() {}
}
