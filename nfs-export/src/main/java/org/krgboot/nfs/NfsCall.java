package org.krgboot.nfs;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The arguments of the procedures of RFC 1813 section 3.3, in the order of their numbers. */
@SuppressWarnings("ArrayRecordComponent") // calls are never compared
sealed interface NfsCall {
  record Getattr(WireHandle file) implements NfsCall {}

  /** The guard is the change time that the file must have. */
  record Setattr(WireHandle file, SetAttributes attributes, Optional<Guard> guard)
      implements NfsCall {}

  record Lookup(WireHandle directory, byte[] name) implements NfsCall {}

  record Access(WireHandle file, int wanted) implements NfsCall {}

  record Readlink(WireHandle link) implements NfsCall {}

  record Read(WireHandle file, long offset, int count) implements NfsCall {}

  /** The data is a view of the call's own bytes. */
  record Write(WireHandle file, long offset, Stability stability, ByteBuffer data)
      implements NfsCall {}

  record Create(WireHandle directory, byte[] name, How how) implements NfsCall {}

  record Mkdir(WireHandle directory, byte[] name, SetAttributes attributes) implements NfsCall {}

  record Symlink(WireHandle directory, byte[] name, SetAttributes attributes, byte[] target)
      implements NfsCall {}

  record Mknod(WireHandle directory, byte[] name, Node node) implements NfsCall {}

  record Remove(WireHandle directory, byte[] name) implements NfsCall {}

  record Rmdir(WireHandle directory, byte[] name) implements NfsCall {}

  record Rename(WireHandle from, byte[] fromName, WireHandle to, byte[] toName)
      implements NfsCall {}

  record Link(WireHandle file, WireHandle directory, byte[] name) implements NfsCall {}

  record Readdir(WireHandle directory, long cookie, int maxBytes) implements NfsCall {}

  record Readdirplus(WireHandle directory, long cookie, int maxNameBytes, int maxBytes)
      implements NfsCall {}

  record Fsstat(WireHandle root) implements NfsCall {}

  record Fsinfo(WireHandle root) implements NfsCall {}

  record Pathconf(WireHandle file) implements NfsCall {}

  record Commit(WireHandle file) implements NfsCall {}

  /** A time as it is on the wire. */
  record Guard(int seconds, int nanos) {}

  /** The stable_how of section 3.3.7. */
  enum Stability {
    UNSTABLE(0),
    DATA_SYNC(1),
    FILE_SYNC(2);

    private final int code;

    Stability(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /** The createhow3 of section 3.3.8. */
  sealed interface How {
    record Unchecked(SetAttributes attributes) implements How {}

    record Guarded(SetAttributes attributes) implements How {}

    /** The verifier tells a retransmission from another client's call. */
    record Exclusive(long verifier) implements How {}
  }

  /** The mknoddata3 of section 3.3.11. */
  sealed interface Node {
    /** The mode has the kind of device in it. */
    record Device(int kind, SetAttributes attributes, int major, int minor) implements Node {}

    /** A socket or a FIFO. */
    record Pipe(int kind, SetAttributes attributes) implements Node {}

    /** A kind that MKNOD does not make. */
    record WrongKind() implements Node {}
  }
}
