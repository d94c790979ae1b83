package org.krgboot.nfs;

import java.io.IOException;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.krgboot.linux.AtFlags;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.Stat;

/** REMOVE, RMDIR, RENAME and LINK: RFC 1813 sections 3.3.12 to 3.3.15. */
final class NamespaceProcedures {
  private final FileTree tree;

  NamespaceProcedures(FileTree tree) {
    this.tree = tree;
  }

  void remove(NfsCall.Remove call, Caller caller, XdrWriter out) throws IOException {
    unlink(call.directory(), call.name(), 0, caller, out);
  }

  void rmdir(NfsCall.Rmdir call, Caller caller, XdrWriter out) throws IOException {
    unlink(call.directory(), call.name(), AtFlags.AT_REMOVEDIR, caller, out);
  }

  private void unlink(WireHandle in, byte[] name, int flags, Caller caller, XdrWriter out)
      throws IOException {
    try (FileTree.Opened directory = tree.openDirectoryForChange(in, caller)) {
      DirectoryChange change = new DirectoryChange(tree, directory);
      change.run(() -> {
        Names.checkOld(name);
        WireHandle victim = handleOf(directory, name);
        directory.identity().perform(() -> FileCalls.unlinkat(directory.fd(), name, flags));
        forget(victim);
      });
      change.writeOutcome(out);
      change.writeWcc(out);
    }
  }

  /** The handle of what has that name now, or null: the kernel then says what is wrong. */
  private @Nullable WireHandle handleOf(FileTree.Opened directory, byte[] name) {
    try {
      return directory.identity().act(() -> tree.peek(directory, name)).handle();
    } catch (IOException e) {
      return null;
    }
  }

  private void forget(@Nullable WireHandle victim) throws IOException {
    if (victim != null) {
      tree.forgetIfDeleted(victim);
    }
  }

  void rename(NfsCall.Rename call, Caller caller, XdrWriter out) throws IOException {
    try (FileTree.Opened from = tree.openDirectoryForChange(call.from(), caller);
        FileTree.Opened to = tree.openDirectoryForChange(call.to(), caller)) {
      Lock first = tree.locks().first(from.file(), to.file());
      Lock second = tree.locks().second(from.file(), to.file());
      DirectoryChange fromChange = new DirectoryChange(tree, from);
      DirectoryChange toChange = new DirectoryChange(tree, to);
      first.lock();
      second.lock();
      try {
        fromChange.runLocked(() -> toChange.runOrFail(() -> move(call, from, to)));
      } finally {
        second.unlock();
        first.unlock();
      }
      fromChange.settle();
      if (fromChange.succeeded() && from.file() != to.file()) {
        to.settle();
      }
      fromChange.writeOutcome(out);
      fromChange.writeWcc(out);
      toChange.writeWcc(out);
    }
  }

  private void move(NfsCall.Rename call, FileTree.Opened from, FileTree.Opened to)
      throws IOException {
    if (from.fsid() != to.fsid()) {
      throw new NfsException(NfsStatus.XDEV);
    }
    Names.checkOld(call.fromName());
    Names.checkOld(call.toName());
    WireHandle replaced = handleOf(to, call.toName());
    from.identity()
        .perform(() -> FileCalls.renameat(from.fd(), call.fromName(), to.fd(), call.toName()));
    forget(replaced);
  }

  void link(NfsCall.Link call, Caller caller, XdrWriter out) throws IOException {
    try (FileTree.Opened file = tree.openForChange(call.file(), caller);
        FileTree.Opened directory = tree.openDirectoryForChange(call.directory(), caller)) {
      DirectoryChange change = new DirectoryChange(tree, directory);
      change.run(() -> addName(file, directory, call.name()));
      change.writeOutcome(out);
      Attributes.writePostOp(out, stat(file), file.fsid());
      change.writeWcc(out);
    }
  }

  /** By way of /proc: linking an O_PATH descriptor as such is root's privilege, open(2). */
  private static void addName(FileTree.Opened file, FileTree.Opened directory, byte[] name)
      throws IOException {
    if (file.fsid() != directory.fsid()) {
      throw new NfsException(NfsStatus.XDEV);
    }
    Names.checkNew(name);
    byte[] path = AttributeChange.procPath(file.fd());
    directory
        .identity()
        .perform(() ->
            FileCalls.linkat(
                AtFlags.AT_FDCWD, path, directory.fd(), name, AtFlags.AT_SYMLINK_FOLLOW));
  }

  private static @Nullable Stat stat(FileTree.Opened file) {
    try {
      return file.file().stat();
    } catch (LinuxException e) {
      return null;
    }
  }
}
