package org.krgboot.nfs;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.krgboot.linux.AtFlags;
import org.krgboot.linux.Errno;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.Stat;
import org.krgboot.linux.StatBuffer;

/** READDIR and READDIRPLUS: RFC 1813 sections 3.3.16 and 3.3.17. */
final class DirectoryProcedures {
  /** What is asked of the kernel at once, at most and at least. */
  private static final int CHUNK = 32 << 10;

  private static final int SMALL_CHUNK = 4 << 10;

  /** A name with attributes and handle takes more of a reply than of a chunk, by this at least. */
  private static final int DETAILS = 4;

  /** Closing words of a list: no more entries, and whether that is the end. */
  private static final int LIST_END = 8;

  /** A thread's own, since native memory for each listing would be freed by the collector only. */
  private static final ThreadLocal<StatBuffer> STAT = ThreadLocal.withInitial(StatBuffer::new);

  private final FileTree tree;
  private final Limits limits;

  DirectoryProcedures(FileTree tree, Limits limits) {
    this.tree = tree;
    this.limits = limits;
  }

  /** Bytes of an entry3 with the word that says it follows. */
  private static int size(Listed entry) {
    return 4 + nameSize(entry);
  }

  /** Bytes that count for dircount, section 3.3.17: file id, name, cookie. */
  private static int nameSize(Listed entry) {
    return 8 + 4 + XdrReader.padded(entry.nameLength()) + 8;
  }

  /** What a reply may hold, and how an entry is written into it. */
  private interface Page {
    /** Writes the entry, or returns false if it does not fit any more. */
    boolean add(Listed entry, XdrWriter out) throws IOException;
  }

  /** From where on to list, and in chunks of what size: names that do not fit are read in vain. */
  private record Start(long cookie, int chunk) {
    static Start of(long cookie, int expected) {
      return new Start(cookie, Math.clamp(expected, SMALL_CHUNK, CHUNK));
    }
  }

  void readdir(NfsCall.Readdir call, Caller caller, XdrWriter out) throws IOException {
    try (FileTree.Opened directory = tree.open(call.directory(), caller)) {
      int budget = budget(call.maxBytes(), caller);
      int start = out.position() + 4; // the status does not count
      list(
          directory,
          Start.of(call.cookie(), budget),
          out,
          (entry, to) -> {
            if (to.position() - start + size(entry) + LIST_END > budget) {
              return false;
            }
            writeEntry(directory, entry, to);
            return true;
          });
    }
  }

  void readdirplus(NfsCall.Readdirplus call, Caller caller, XdrWriter out) throws IOException {
    try (FileTree.Opened directory = tree.open(call.directory(), caller)) {
      int budget = budget(call.maxBytes(), caller);
      int start = out.position() + 4;
      int[] nameBudget = {budget(call.maxNameBytes(), caller)};
      StatBuffer stat = STAT.get();
      list(
          directory,
          Start.of(call.cookie(), Math.min(budget / DETAILS, nameBudget[0])),
          out,
          (entry, to) -> {
            int most = size(entry) + Attributes.POST_OP_SIZE + 8 + WireHandle.MAX;
            nameBudget[0] -= nameSize(entry);
            if (to.position() - start + most + LIST_END > budget || nameBudget[0] < 0) {
              return false;
            }
            writeEntry(directory, entry, to);
            writeDetails(directory, entry, stat, to);
            return true;
          });
    }
  }

  /** What the client takes, unsigned on the wire, and never more than we send at once. */
  private int budget(int wanted, Caller caller) {
    int most = limits.ioSize(caller.peer().transport());
    return Integer.compareUnsigned(wanted, most) < 0 ? wanted : most;
  }

  /** At the export's root, ".." is the root itself. */
  private static void writeEntry(FileTree.Opened directory, Listed entry, XdrWriter out) {
    boolean top = entry.isParent() && directory.isRoot();
    out.u32(1);
    out.u64(top ? directory.file().export().rootInode() : entry.inode());
    entry.writeName(out);
    out.u64(entry.cookie());
  }

  /** Attributes and handle; both left out for what the caller may not see, or we do not export. */
  private void writeDetails(
      FileTree.Opened directory, Listed entry, StatBuffer stat, XdrWriter out) {
    try {
      WireHandle known = entry.isParent() ? null : tree.peekKnown(directory, entry, stat);
      if (known != null) {
        out.u32(1);
        Attributes.write(out, stat, directory.fsid());
        out.u32(1);
        out.opaque(known.bytes());
      } else {
        FileTree.Child child = tree.peek(directory, entry.name());
        Attributes.writePostOp(out, child.stat(), directory.fsid());
        out.u32(1);
        out.opaque(child.handle().bytes());
      }
    } catch (IOException e) {
      out.u64(0);
    }
  }

  private void list(FileTree.Opened directory, Start start, XdrWriter out, Page page)
      throws IOException {
    directory.mustBeDirectory();
    Stat stat = directory.stat();
    out.u32(NfsStatus.OK.code());
    Attributes.writePostOp(out, stat, directory.fsid());
    out.u64(0); // the cookie verifier: cookies stay good
    int first = out.position();
    int fd = directory.file().openListing(); // as root, so that fill has to check
    boolean complete;
    try {
      complete = directory.identity().act(() -> fill(directory, fd, start, out, page));
    } finally {
      FileCalls.close(fd);
    }
    if (!complete && out.position() == first) {
      throw new NfsException(NfsStatus.TOOSMALL);
    }
    out.u32(0);
    out.bool(complete);
  }

  /** To list takes the right to read; to search is another, which the details of entries take. */
  private static boolean fill(
      FileTree.Opened directory, int fd, Start start, XdrWriter out, Page page) throws IOException {
    FileTree.check(directory.fd(), AtFlags.R_OK);
    seek(fd, start.cookie());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment chunk = arena.allocate(start.chunk(), 8);
      for (int used = FileCalls.getdents64(fd, chunk);
          used > 0;
          used = FileCalls.getdents64(fd, chunk)) {
        if (!addAll(chunk.asSlice(0, used), out, page)) {
          return false;
        }
      }
      return true;
    }
  }

  private static void seek(int fd, long cookie) throws IOException {
    if (cookie == 0) {
      return;
    }
    try {
      var _ = FileCalls.lseek(fd, cookie, AtFlags.SEEK_SET);
    } catch (LinuxException e) {
      throw e.errno() == Errno.EINVAL ? new NfsException(NfsStatus.BAD_COOKIE) : e;
    }
  }

  private static boolean addAll(MemorySegment entries, XdrWriter out, Page page)
      throws IOException {
    Listed entry = Listed.first(entries);
    while (page.add(entry, out)) {
      if (entry.isLast()) {
        return true;
      }
      entry = entry.next();
    }
    return false;
  }
}
