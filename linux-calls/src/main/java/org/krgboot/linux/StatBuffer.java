package org.krgboot.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What statx(2) says of a file, in place: {@link FileCalls#statx(int, StatBuffer)} fills it again
 * and again without allocating. One thread at a time. The layout is {@code struct statx} of Linux
 * uapi/linux/stat.h, the same on every machine.
 */
public final class StatBuffer {
  static final int SIZE = 256;

  /** STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID, the last since Linux 5.8. */
  static final int MASK = 0x7ff | 0x800 | 0x1000;

  private final MemorySegment statx = Arena.ofAuto().allocate(SIZE, 8);

  long address() {
    return statx.address();
  }

  public int mode() {
    return statx.get(JAVA_SHORT, 28) & 0xffff;
  }

  /** The kind of file: {@link FileModes#S_IFMT} of the mode. */
  public int kind() {
    return mode() & FileModes.S_IFMT;
  }

  public boolean isDirectory() {
    return kind() == FileModes.S_IFDIR;
  }

  public boolean isRegular() {
    return kind() == FileModes.S_IFREG;
  }

  public boolean isSymbolicLink() {
    return kind() == FileModes.S_IFLNK;
  }

  public long links() {
    return integer(16);
  }

  /** The owner, as the 32 bits of an unsigned number. */
  public int uid() {
    return statx.get(JAVA_INT, 20);
  }

  public int gid() {
    return statx.get(JAVA_INT, 24);
  }

  public long inode() {
    return statx.get(JAVA_LONG, 32);
  }

  public long size() {
    return statx.get(JAVA_LONG, 40);
  }

  /** Of 512 bytes each, whatever the block size of the file system. */
  public long blocks() {
    return statx.get(JAVA_LONG, 48);
  }

  public long blockSize() {
    return integer(4);
  }

  /** Seconds since 1970; negative before. */
  public long accessSeconds() {
    return statx.get(JAVA_LONG, 64);
  }

  public int accessNanos() {
    return statx.get(JAVA_INT, 72);
  }

  public long birthSeconds() {
    return statx.get(JAVA_LONG, 80);
  }

  public int birthNanos() {
    return statx.get(JAVA_INT, 88);
  }

  public long changeSeconds() {
    return statx.get(JAVA_LONG, 96);
  }

  public int changeNanos() {
    return statx.get(JAVA_INT, 104);
  }

  public long modifySeconds() {
    return statx.get(JAVA_LONG, 112);
  }

  public int modifyNanos() {
    return statx.get(JAVA_INT, 120);
  }

  /** Of the device that this file is, where it is one. */
  public int deviceMajor() {
    return statx.get(JAVA_INT, 128);
  }

  public int deviceMinor() {
    return statx.get(JAVA_INT, 132);
  }

  /** Of the file system that holds the file. */
  public int fileSystemMajor() {
    return statx.get(JAVA_INT, 136);
  }

  public int fileSystemMinor() {
    return statx.get(JAVA_INT, 140);
  }

  /**
   * Of the mount through which the file was reached; the same number as {@link
   * FileHandles#mountId}.
   */
  public long mountId() {
    return statx.get(JAVA_LONG, 144);
  }

  /** A copy that later calls do not change. */
  public Stat copy() {
    return new Stat(
        mode(),
        links(),
        uid(),
        gid(),
        inode(),
        size(),
        blocks(),
        blockSize(),
        new Stat.Time(accessSeconds(), accessNanos()),
        new Stat.Time(modifySeconds(), modifyNanos()),
        new Stat.Time(changeSeconds(), changeNanos()),
        birth(),
        new Stat.Device(deviceMajor(), deviceMinor()),
        new Stat.Device(fileSystemMajor(), fileSystemMinor()),
        mountId());
  }

  /** The kernel says in the first word which of the values it knows: STATX_BTIME. */
  private Stat.Time birth() {
    return (statx.get(JAVA_INT, 0) & 0x800) == 0
        ? new Stat.Time(0, 0)
        : new Stat.Time(birthSeconds(), birthNanos());
  }

  private long integer(int offset) {
    return statx.get(JAVA_INT, offset) & 0xffffffffL;
  }
}
