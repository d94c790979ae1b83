package org.krgboot.nfs.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;

/** What the procedures answer; what only a success carries is null or 0 after a failure. */
final class Results {
  private Results() {}

  record Got(Status status, Fattr attributes) {}

  /** SETATTR, REMOVE, RMDIR. */
  record Changed(Status status, Fattr.Wcc wcc) {}

  record Found(Status status, byte[] handle, Fattr attributes, Fattr directory) {}

  record Allowed(Status status, Fattr attributes, int bits) {}

  record Target(Status status, Fattr attributes, byte[] path) {}

  record Data(Status status, Fattr attributes, int count, boolean eof, byte[] bytes) {}

  record Written(Status status, Fattr.Wcc wcc, int count, int committed, List<Byte> verifier) {}

  /** CREATE, MKDIR, SYMLINK, MKNOD. */
  record Made(Status status, byte[] handle, Fattr attributes, Fattr.Wcc directory) {}

  record Renamed(Status status, Fattr.Wcc from, Fattr.Wcc to) {}

  record Linked(Status status, Fattr attributes, Fattr.Wcc directory) {}

  /** Attributes and handle for READDIRPLUS only. */
  record Entry(long fileid, byte[] bytes, long cookie, Fattr attributes, byte[] handle) {
    /** One character a byte. */
    String name() {
      return new String(bytes, ISO_8859_1);
    }
  }

  /** {@code size} is that of the whole result, encoded; RFC 1813 bounds it by count. */
  record Listing(
      Status status,
      Fattr attributes,
      byte[] verifier,
      List<Entry> entries,
      boolean eof,
      int size) {
    List<String> names() {
      return entries.stream().map(Entry::name).toList();
    }
  }

  record Room(Status status, Fattr attributes, List<Long> bytesAndFiles) {}

  record Info(
      Status status,
      Fattr attributes,
      List<Long> sizes,
      long maxFileSize,
      Fattr.Time timeDelta,
      int properties) {
    long readMax() {
      return sizes.get(0);
    }

    long writeMax() {
      return sizes.get(3);
    }
  }

  record PathLimits(Status status, Fattr attributes, long linkMax, long nameMax, List<Boolean> is) {
    boolean refusesLongNames() {
      return is.get(0);
    }

    boolean chownIsRestricted() {
      return is.get(1);
    }

    boolean ignoresCase() {
      return is.get(2);
    }

    boolean keepsCase() {
      return is.get(3);
    }
  }

  record Committed(Status status, Fattr.Wcc wcc, List<Byte> verifier) {}
}
