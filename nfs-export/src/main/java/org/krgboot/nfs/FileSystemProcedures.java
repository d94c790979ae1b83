package org.krgboot.nfs;

import java.io.IOException;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.Stat;
import org.krgboot.linux.StatVfs;

/** FSSTAT, FSINFO and PATHCONF: RFC 1813 sections 3.3.18 to 3.3.20. */
final class FileSystemProcedures {
  private static final int BLOCK = 4096;

  /** FSF3_LINK | FSF3_SYMLINK | FSF3_HOMOGENEOUS | FSF3_CANSETTIME. */
  private static final int PROPERTIES = 0x01 | 0x02 | 0x08 | 0x10;

  /** Hard links of one file on ext4, whose documentation has 65,000; others have more. */
  private static final int LINK_MAX = 65_000;

  private final FileTree tree;
  private final Limits limits;

  FileSystemProcedures(FileTree tree, Limits limits) {
    this.tree = tree;
    this.limits = limits;
  }

  void fsstat(NfsCall.Fsstat call, Caller caller, XdrWriter out) throws IOException {
    try (FileTree.Opened root = tree.open(call.root(), caller)) {
      StatVfs room = FileCalls.fstatvfs(root.fd());
      head(root, out);
      out.u64(room.blocks() * room.fragmentSize());
      out.u64(room.free() * room.fragmentSize());
      out.u64(room.available() * room.fragmentSize());
      out.u64(room.files());
      out.u64(room.freeFiles());
      out.u64(room.freeFiles());
      out.u32(0); // invarsec: it may change any time
    }
  }

  void fsinfo(NfsCall.Fsinfo call, Caller caller, XdrWriter out) throws IOException {
    try (FileTree.Opened root = tree.open(call.root(), caller)) {
      int most = limits.ioSize(caller.peer().transport());
      head(root, out);
      out.u32(most); // rtmax, rtpref, rtmult
      out.u32(most);
      out.u32(BLOCK);
      out.u32(most); // wtmax, wtpref, wtmult
      out.u32(most);
      out.u32(BLOCK);
      out.u32(Limits.UDP_IO_SIZE); // dtpref
      out.u64(Long.MAX_VALUE); // maxfilesize
      out.u32(0); // time_delta: one nanosecond
      out.u32(1);
      out.u32(PROPERTIES);
    }
  }

  void pathconf(NfsCall.Pathconf call, Caller caller, XdrWriter out) throws IOException {
    try (FileTree.Opened file = tree.open(call.file(), caller)) {
      head(file, out);
      out.u32(LINK_MAX);
      out.u32(Names.MAX);
      out.bool(true); // no_trunc
      out.bool(true); // chown_restricted
      out.bool(false); // case_insensitive
      out.bool(true); // case_preserving
    }
  }

  private static void head(FileTree.Opened file, XdrWriter out) throws IOException {
    Stat stat = file.stat();
    out.u32(NfsStatus.OK.code());
    Attributes.writePostOp(out, stat, file.fsid());
  }
}
