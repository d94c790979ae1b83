package org.krgboot.nfs.wire;

/** sattr3, RFC 1813 section 2.5.3: null, or {@link #KEEP}, leaves a thing as it is. */
record Sattr(Integer mode, Integer uid, Integer gid, Long size, When atime, When mtime) {
  /** How a time is set. */
  record When(int how, Fattr.Time time) {
    void write(XdrOut out) {
      out.word(how);
      if (how == 2) {
        time.write(out);
      }
    }
  }

  static final When KEEP = new When(0, null);
  static final When NOW = new When(1, null);
  static final Sattr NOTHING = new Sattr(null, null, null, null, KEEP, KEEP);

  static When at(long seconds, long nanos) {
    return new When(2, new Fattr.Time(seconds, nanos));
  }

  static Sattr ofMode(int mode) {
    return new Sattr(mode, null, null, null, KEEP, KEEP);
  }

  static Sattr ofSize(long size) {
    return new Sattr(null, null, null, size, KEEP, KEEP);
  }

  static Sattr ofOwner(Integer uid, Integer gid) {
    return new Sattr(null, uid, gid, null, KEEP, KEEP);
  }

  static Sattr ofTimes(When atime, When mtime) {
    return new Sattr(null, null, null, null, atime, mtime);
  }

  void write(XdrOut out) {
    optional(out, mode);
    optional(out, uid);
    optional(out, gid);
    out.word(size == null ? 0 : 1);
    if (size != null) {
      out.hyper(size);
    }
    atime.write(out);
    mtime.write(out);
  }

  private static void optional(XdrOut out, Integer value) {
    out.word(value == null ? 0 : 1);
    if (value != null) {
      out.word(value);
    }
  }
}
