package org.krgboot.nfs;

import org.jspecify.annotations.Nullable;
import org.krgboot.linux.FileModes;
import org.krgboot.linux.Stat;
import org.krgboot.linux.StatBuffer;

/** Encodes attributes, RFC 1813 section 2.6. */
final class Attributes {
  private static final int SIZE = 84;

  /** Bytes of a post_op_attr with attributes. */
  static final int POST_OP_SIZE = 4 + SIZE;

  private static final int STAT_BLOCK = 512;
  private static final int PERMISSIONS = 07777;

  private Attributes() {}

  /** The fattr3. */
  static void write(XdrWriter out, Stat stat, int fsid) {
    out.u32(type(stat.kind()));
    out.u32(stat.permissions());
    out.u32((int) stat.links());
    out.u32(stat.uid());
    out.u32(stat.gid());
    out.u64(stat.size());
    out.u64(stat.blocks() * STAT_BLOCK);
    out.u32(stat.device().major());
    out.u32(stat.device().minor());
    out.u64(Integer.toUnsignedLong(fsid));
    out.u64(stat.inode());
    time(out, stat.access());
    time(out, stat.modify());
    time(out, stat.change());
  }

  /** As {@link #write(XdrWriter, Stat, int)}, without allocating. */
  static void write(XdrWriter out, StatBuffer stat, int fsid) {
    out.reserve(SIZE);
    out.u32(type(stat.kind()));
    out.u32(stat.mode() & PERMISSIONS);
    out.u32((int) stat.links());
    out.u32(stat.uid());
    out.u32(stat.gid());
    out.u64(stat.size());
    out.u64(stat.blocks() * STAT_BLOCK);
    out.u32(stat.deviceMajor());
    out.u32(stat.deviceMinor());
    out.u64(Integer.toUnsignedLong(fsid));
    out.u64(stat.inode());
    out.u32((int) stat.accessSeconds());
    out.u32(stat.accessNanos());
    out.u32((int) stat.modifySeconds());
    out.u32(stat.modifyNanos());
    out.u32((int) stat.changeSeconds());
    out.u32(stat.changeNanos());
  }

  /** The ftype3; 0, which is none, for a kind that Linux does not have. */
  static int type(int kind) {
    return switch (kind) {
      case FileModes.S_IFREG -> 1;
      case FileModes.S_IFDIR -> 2;
      case FileModes.S_IFBLK -> 3;
      case FileModes.S_IFCHR -> 4;
      case FileModes.S_IFLNK -> 5;
      case FileModes.S_IFSOCK -> 6;
      case FileModes.S_IFIFO -> 7;
      default -> 0;
    };
  }

  /** Seconds are the low 32 bits: unsigned on the wire, good until 2106. */
  private static void time(XdrWriter out, Stat.Time time) {
    out.u32((int) time.seconds());
    out.u32(time.nanos());
  }

  /** The post_op_attr; left out if not known. */
  static void writePostOp(XdrWriter out, @Nullable Stat stat, int fsid) {
    out.bool(stat != null);
    if (stat != null) {
      write(out, stat, fsid);
    }
  }

  /** The wcc_data; either half is left out if not known. */
  static void writeWcc(XdrWriter out, @Nullable Stat before, @Nullable Stat after, int fsid) {
    out.bool(before != null);
    if (before != null) {
      out.u64(before.size());
      time(out, before.modify());
      time(out, before.change());
    }
    writePostOp(out, after, fsid);
  }
}
