package org.krgboot.nfs;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.krgboot.linux.FileModes;
import org.krgboot.nfs.NfsCall.Guard;
import org.krgboot.nfs.NfsCall.How;
import org.krgboot.nfs.NfsCall.Node;
import org.krgboot.nfs.NfsCall.Stability;

/** Reads the arguments of the NFSv3 procedures. */
final class NfsCallDecoder {
  /** Names by procedure number, RFC 1813 section 3.3; for counters. */
  static final String[] NAMES = {
    "null", "getattr", "setattr", "lookup", "access", "readlink", "read", "write", "create",
    "mkdir", "symlink", "mknod", "remove", "rmdir", "rename", "link", "readdir", "readdirplus",
    "fsstat", "fsinfo", "pathconf", "commit"
  };

  /** Longer than any name or link target that Linux takes, so that those get NAMETOOLONG. */
  private static final int MAX_NAME = 8 << 10;

  /** Kinds of file, ftype3 of RFC 1813 section 2.6. */
  private static final int BLOCK_DEVICE = 3;

  private static final int CHARACTER_DEVICE = 4;
  private static final int SOCKET = 6;
  private static final int FIFO = 7;

  private NfsCallDecoder() {}

  /**
   * The call, or null if there is no such procedure (or NULL, which has no arguments).
   *
   * @throws MalformedException if the bytes are not its arguments
   */
  static @Nullable NfsCall decode(int procedure, XdrReader in) {
    return switch (procedure) {
      case 1 -> new NfsCall.Getattr(handle(in));
      case 2 -> new NfsCall.Setattr(handle(in), SetAttributes.decode(in), guard(in));
      case 3 -> new NfsCall.Lookup(handle(in), name(in));
      case 4 -> new NfsCall.Access(handle(in), in.u32());
      case 5 -> new NfsCall.Readlink(handle(in));
      case 6 -> new NfsCall.Read(handle(in), in.u64(), in.u32());
      case 7 -> write(in);
      case 8 -> new NfsCall.Create(handle(in), name(in), how(in));
      case 9 -> new NfsCall.Mkdir(handle(in), name(in), SetAttributes.decode(in));
      case 10 -> new NfsCall.Symlink(handle(in), name(in), SetAttributes.decode(in), name(in));
      case 11 -> new NfsCall.Mknod(handle(in), name(in), node(in));
      case 12 -> new NfsCall.Remove(handle(in), name(in));
      case 13 -> new NfsCall.Rmdir(handle(in), name(in));
      case 14 -> new NfsCall.Rename(handle(in), name(in), handle(in), name(in));
      case 15 -> new NfsCall.Link(handle(in), handle(in), name(in));
      case 16 -> readdir(in);
      case 17 -> readdirplus(in);
      case 18 -> new NfsCall.Fsstat(handle(in));
      case 19 -> new NfsCall.Fsinfo(handle(in));
      case 20 -> new NfsCall.Pathconf(handle(in));
      case 21 -> commit(in);
      default -> null;
    };
  }

  private static WireHandle handle(XdrReader in) {
    return new WireHandle(in.opaque(WireHandle.MAX));
  }

  private static byte[] name(XdrReader in) {
    return in.opaque(MAX_NAME);
  }

  private static Optional<Guard> guard(XdrReader in) {
    return in.bool() ? Optional.of(new Guard(in.u32(), in.u32())) : Optional.empty();
  }

  /** Whether a WRITE, given with its head, is to be on disk when it is answered. */
  static boolean isStableWrite(ByteBuffer message) {
    try {
      int at = message.position() + RpcMessage.HEAD;
      at = afterOpaque(message, at + 4); // the credential
      at = afterOpaque(message, at + 4); // the verifier
      at = afterOpaque(message, at); // the handle
      return message.getInt(at + 12) != Stability.UNSTABLE.code();
    } catch (IndexOutOfBoundsException malformed) {
      return false; // whoever decodes it will say so
    }
  }

  private static int afterOpaque(ByteBuffer message, int at) {
    return at + 4 + XdrReader.padded(message.getInt(at));
  }

  private static NfsCall write(XdrReader in) {
    WireHandle file = handle(in);
    long offset = in.u64();
    int count = in.u32();
    Stability stability = stability(in.u32());
    ByteBuffer data = in.opaqueInPlace(Integer.MAX_VALUE - 3);
    if (count < 0 || count > data.remaining()) {
      throw new MalformedException("a count beyond the data");
    }
    return new NfsCall.Write(file, offset, stability, data.limit(count));
  }

  private static Stability stability(int value) {
    return switch (value) {
      case 0 -> Stability.UNSTABLE;
      case 1 -> Stability.DATA_SYNC;
      case 2 -> Stability.FILE_SYNC;
      default -> throw new MalformedException("a stable_how of " + value);
    };
  }

  private static How how(XdrReader in) {
    int mode = in.u32();
    return switch (mode) {
      case 0 -> new How.Unchecked(SetAttributes.decode(in));
      case 1 -> new How.Guarded(SetAttributes.decode(in));
      case 2 -> new How.Exclusive(in.u64());
      default -> throw new MalformedException("a createmode of " + mode);
    };
  }

  private static Node node(XdrReader in) {
    int type = in.u32();
    return switch (type) {
      case BLOCK_DEVICE ->
          new Node.Device(FileModes.S_IFBLK, SetAttributes.decode(in), in.u32(), in.u32());
      case CHARACTER_DEVICE ->
          new Node.Device(FileModes.S_IFCHR, SetAttributes.decode(in), in.u32(), in.u32());
      case SOCKET -> new Node.Pipe(FileModes.S_IFSOCK, SetAttributes.decode(in));
      case FIFO -> new Node.Pipe(FileModes.S_IFIFO, SetAttributes.decode(in));
      default -> new Node.WrongKind();
    };
  }

  /** The cookie verifier is not looked at: cookies stay good whatever happens to the directory. */
  private static NfsCall readdir(XdrReader in) {
    WireHandle directory = handle(in);
    long cookie = in.u64();
    in.u64();
    return new NfsCall.Readdir(directory, cookie, in.u32());
  }

  private static NfsCall readdirplus(XdrReader in) {
    WireHandle directory = handle(in);
    long cookie = in.u64();
    in.u64();
    return new NfsCall.Readdirplus(directory, cookie, in.u32(), in.u32());
  }

  /** All of the file is committed, whatever part is asked for. */
  private static NfsCall commit(XdrReader in) {
    WireHandle file = handle(in);
    in.u64();
    in.u32();
    return new NfsCall.Commit(file);
  }
}
