package org.krgboot.nfs;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.krgboot.linux.AtFlags;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.FileModes;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.Pipe;
import org.krgboot.linux.Stat;

/** GETATTR, LOOKUP, ACCESS, READLINK and READ: RFC 1813 sections 3.3.1 and 3.3.3 to 3.3.6. */
final class ReadProcedures {
  /** Bits of ACCESS, section 3.3.4. */
  private static final int READ = 0x01;

  private static final int LOOKUP = 0x02;
  private static final int MODIFY = 0x04;
  private static final int EXTEND = 0x08;
  private static final int DELETE = 0x10;
  private static final int EXECUTE = 0x20;

  /** What comes before the data of a READ: status, attributes, count, eof, length. */
  private static final int READ_HEAD = 4 + Attributes.POST_OP_SIZE + 4 + 4 + 4;

  /** So much goes from the file to the client uncopied, by way of a pipe. */
  private static final int WORTH_PIPING = 64 << 10;

  /** Of a client that is slow to read, so much is left in the file rather than kept in memory. */
  static final int WORTH_REREADING = 32 << 10;

  private static final byte[] ITSELF = {};

  private final FileTree tree;
  private final Limits limits;
  private final LongAdder bytesRead;

  ReadProcedures(FileTree tree, Limits limits, Counters counters) {
    this.tree = tree;
    this.limits = limits;
    this.bytesRead = counters.of("nfs.bytes-read");
  }

  void getattr(NfsCall.Getattr call, Caller caller, XdrWriter out) throws IOException {
    try (FileTree.Opened file = tree.open(call.file(), caller)) {
      Stat stat = file.stat();
      out.u32(NfsStatus.OK.code());
      Attributes.write(out, stat, file.fsid());
    }
  }

  void lookup(NfsCall.Lookup call, Caller caller, XdrWriter out) throws IOException {
    try (FileTree.Opened directory = tree.open(call.directory(), caller)) {
      FileTree.@Nullable Child child = null;
      NfsStatus status = NfsStatus.OK;
      Stat before = directory.stat();
      try {
        Names.check(call.name());
        child = tree.lookup(directory, call.name());
      } catch (IOException e) {
        status = NfsStatus.of(e);
      }
      out.u32(status.code());
      if (child != null) {
        out.opaque(child.handle().bytes());
        Attributes.writePostOp(out, child.stat(), directory.fsid());
      }
      Attributes.writePostOp(out, before, directory.fsid());
    }
  }

  void access(NfsCall.Access call, Caller caller, XdrWriter out) throws IOException {
    try (FileTree.Opened file = tree.open(call.file(), caller)) {
      Stat stat = file.stat();
      int granted = file.identity().act(() -> granted(file, stat)) & call.wanted();
      out.u32(NfsStatus.OK.code());
      Attributes.writePostOp(out, stat, file.fsid());
      out.u32(granted);
    }
  }

  private static int granted(FileTree.Opened file, Stat stat) {
    boolean directory = stat.isDirectory();
    boolean execute = may(file.fd(), AtFlags.X_OK);
    int bits = may(file.fd(), AtFlags.R_OK) ? READ : 0;
    if (execute) {
      bits |= directory ? LOOKUP : EXECUTE;
    }
    if ((!directory || execute) && may(file.fd(), AtFlags.W_OK)) {
      bits |= MODIFY | EXTEND | (directory ? DELETE : 0);
    }
    boolean fixed = directory || stat.isRegular() || stat.isSymbolicLink();
    return fixed && file.terms().access() == Terms.Access.READ_ONLY
        ? bits & (READ | LOOKUP | EXECUTE)
        : bits;
  }

  private static boolean may(int fd, int right) {
    try {
      FileTree.check(fd, right);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  void readlink(NfsCall.Readlink call, Caller caller, XdrWriter out) throws IOException {
    try (FileTree.Opened link = tree.open(call.link(), caller)) {
      if (link.file().kind() != FileModes.S_IFLNK) {
        throw new NfsException(NfsStatus.INVAL);
      }
      byte[] target = FileCalls.readlinkat(link.fd(), ITSELF);
      out.u32(NfsStatus.OK.code());
      Attributes.writePostOp(out, link.stat(), link.fsid());
      out.opaque(target);
    }
  }

  void read(NfsCall.Read call, Caller caller, XdrWriter out) throws IOException {
    try (FileTree.Opened file = tree.open(call.file(), caller)) {
      mustBeRegular(file);
      mayRead(file);
      int limit = limits.ioSize(caller.peer().transport());
      int count = Integer.compareUnsigned(call.count(), limit) < 0 ? call.count() : limit;
      Part part = new Part(file.file().forReading(), call.offset(), count);
      if (part.isBeyondAll()) {
        head(file, part, 0, out);
      } else if (!pipe(file, part, out)) {
        copy(file, part, out);
      }
    }
  }

  /** What is asked for of a file. */
  private record Part(int fd, long offset, int count) {
    boolean isBeyondAll() {
      return offset < 0 || offset > Long.MAX_VALUE - count;
    }
  }

  /**
   * Puts the pages of the file into the pipe that the client is sent from, so that they are not
   * copied. Only then the head is written, which tells of the outcome.
   *
   * @return false if they have to be copied; nothing is written then
   */
  private boolean pipe(FileTree.Opened file, Part part, XdrWriter out) throws IOException {
    Pipe pipe = part.count() < WORTH_PIPING ? null : out.pipeFor(part.offset(), part.count());
    if (pipe == null) {
      return false;
    }
    if (file.caller().disk() == Disk.CACHED_ONLY) {
      mustBeCached(file, part, out);
    }
    int done;
    try {
      done = pipe.fill(part.fd(), part.offset(), part.count());
    } catch (LinuxException e) {
      return false; // to copy tells why, or works: not every file system can do it
    }
    if (done < WORTH_PIPING || done != XdrReader.padded(done)) { // nothing can follow the pipe
      pipe.clear();
      return false;
    }
    head(file, part, done, out);
    out.pipeIsOfFile(part.fd(), part.offset(), file.hold());
    return true;
  }

  /** The first and the last byte stand for all in between: to look at each would be to copy. */
  private static void mustBeCached(FileTree.Opened file, Part part, XdrWriter out)
      throws IOException {
    MemorySegment one = out.room(1);
    long last = part.offset() + part.count() - 1;
    if (FileCalls.preadCached(part.fd(), one, part.offset()) == FileCalls.NOT_CACHED
        || FileCalls.preadCached(part.fd(), one, last) == FileCalls.NOT_CACHED) {
      file.caller().waitsForDisk();
    }
  }

  /** Reads straight into the reply; the head, which tells of the outcome, is written afterwards. */
  private void copy(FileTree.Opened file, Part part, XdrWriter out) throws IOException {
    int start = out.position();
    MemorySegment room = out.room(READ_HEAD + part.count()).asSlice(READ_HEAD);
    long done =
        switch (file.caller().disk()) {
          case CACHED_ONLY -> FileCalls.preadCached(part.fd(), room, part.offset());
          case MAY_WAIT -> FileCalls.pread(part.fd(), room, part.offset());
        };
    if (done == FileCalls.NOT_CACHED) {
      file.caller().waitsForDisk();
    }
    out.rewind(start);
    head(file, part, (int) done, out);
    out.filled((int) done);
    if (done >= WORTH_REREADING && done % 4 == 0) {
      out.tailIsOfFile((int) done, part.fd(), part.offset(), file.hold());
    }
  }

  /** All but the data of a READ that gave so many bytes. */
  private void head(FileTree.Opened file, Part part, int done, XdrWriter out) throws IOException {
    Stat stat = file.stat();
    out.u32(NfsStatus.OK.code());
    Attributes.writePostOp(out, stat, file.fsid());
    out.u32(done);
    out.bool(part.isBeyondAll() || part.offset() + done >= stat.size());
    out.u32(done);
    bytesRead.add(done);
  }

  static void mustBeRegular(FileTree.Opened file) throws NfsException {
    switch (file.file().kind()) {
      case FileModes.S_IFREG -> {}
      case FileModes.S_IFDIR -> throw new NfsException(NfsStatus.ISDIR);
      default -> throw new NfsException(NfsStatus.INVAL);
    }
  }

  /** The owner may, and who may execute: the client needs that, RFC 1813 section 4.4. */
  private static void mayRead(FileTree.Opened file) throws IOException {
    if (file.identity().isRoot() || file.identity().owns(file.stat())) {
      return;
    }
    file.identity()
        .perform(() -> {
          if (!may(file.fd(), AtFlags.R_OK)) {
            FileTree.check(file.fd(), AtFlags.X_OK);
          }
        });
  }
}
