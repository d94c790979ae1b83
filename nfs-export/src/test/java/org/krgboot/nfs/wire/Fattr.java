package org.krgboot.nfs.wire;

/** fattr3, RFC 1813 section 2.5.5. */
record Fattr(
    int type,
    int mode,
    int nlink,
    int uid,
    int gid,
    long size,
    long used,
    int rdevMajor,
    int rdevMinor,
    long fsid,
    long fileid,
    Time atime,
    Time mtime,
    Time ctime) {
  static final int REG = 1;
  static final int DIR = 2;
  static final int BLK = 3;
  static final int CHR = 4;
  static final int LNK = 5;
  static final int SOCK = 6;
  static final int FIFO = 7;

  /** nfstime3: unsigned seconds. */
  record Time(long seconds, long nanos) {
    static Time read(XdrIn in) {
      return new Time(in.unsigned(), in.unsigned());
    }

    void write(XdrOut out) {
      out.words((int) seconds, (int) nanos);
    }
  }

  /** wcc_attr. */
  record Before(long size, Time mtime, Time ctime) {
    static Before readOptional(XdrIn in) {
      return in.bool() ? new Before(in.hyper(), Time.read(in), Time.read(in)) : null;
    }

    boolean matches(Fattr whole) {
      return size == whole.size && mtime.equals(whole.mtime) && ctime.equals(whole.ctime);
    }
  }

  /** wcc_data; a part is null if the server left it out, which it may. */
  record Wcc(Before before, Fattr after) {
    static Wcc read(XdrIn in) {
      return new Wcc(Before.readOptional(in), readOptional(in));
    }
  }

  static Fattr read(XdrIn in) {
    return new Fattr(
        in.word(),
        in.word(),
        in.word(),
        in.word(),
        in.word(),
        in.hyper(),
        in.hyper(),
        in.word(),
        in.word(),
        in.hyper(),
        in.hyper(),
        Time.read(in),
        Time.read(in),
        Time.read(in));
  }

  /** post_op_attr. */
  static Fattr readOptional(XdrIn in) {
    return in.bool() ? read(in) : null;
  }
}
