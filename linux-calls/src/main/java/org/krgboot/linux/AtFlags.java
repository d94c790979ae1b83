package org.krgboot.linux;

/** Flags of the {@code *at} calls: Linux uapi/linux/fcntl.h, uapi/linux/fs.h, uapi/linux/stat.h. */
public final class AtFlags {
  /** As a directory fd: the working directory, or nothing if the name is absolute. */
  public static final int AT_FDCWD = -100;

  public static final int AT_SYMLINK_NOFOLLOW = 0x100;

  /** unlinkat(2): remove a directory. */
  public static final int AT_REMOVEDIR = 0x200;

  /** faccessat2(2): ask for the effective ids, which include the file-system ids. */
  public static final int AT_EACCESS = 0x200;

  /** linkat(2): link to what the symbolic link names. */
  public static final int AT_SYMLINK_FOLLOW = 0x400;

  public static final int AT_NO_AUTOMOUNT = 0x800;

  /** The fd itself is meant where the name is empty. */
  public static final int AT_EMPTY_PATH = 0x1000;

  /** renameat2(2): fail with EEXIST rather than replace. */
  public static final int RENAME_NOREPLACE = 1;

  /** renameat2(2): exchange the two names. */
  public static final int RENAME_EXCHANGE = 2;

  /** utimensat(2), as nanoseconds: the time of the call. */
  public static final long UTIME_NOW = 0x3fffffff;

  /** utimensat(2), as nanoseconds: leave as it is. */
  public static final long UTIME_OMIT = 0x3ffffffe;

  /** faccessat2(2): what is asked for. */
  public static final int R_OK = 4;

  public static final int W_OK = 2;
  public static final int X_OK = 1;
  public static final int F_OK = 0;

  /** lseek(2). */
  public static final int SEEK_SET = 0;

  public static final int SEEK_CUR = 1;
  public static final int SEEK_END = 2;
  public static final int SEEK_DATA = 3;
  public static final int SEEK_HOLE = 4;

  private AtFlags() {}
}
