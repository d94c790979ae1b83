package org.krgboot.nfs;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.krgboot.linux.AtFlags;
import org.krgboot.linux.Errno;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.Stat;

/** REMOVE, RMDIR, RENAME and LINK: RFC 1813 sections 3.3.12 to 3.3.15. */
final class NamespaceProcedures {
  private final FileTree tree;

  NamespaceProcedures(FileTree tree) {
    this.tree = tree;
  }

  void remove(NfsCall.Remove call, Caller caller, Attempt attempt, XdrWriter out)
      throws IOException {
    try (FileTree.Opened directory = tree.openDirectoryForChange(call.directory(), caller)) {
      unlink(directory, call.name(), 0, attempt, out);
    }
  }

  void rmdir(NfsCall.Rmdir call, Caller caller, Attempt attempt, XdrWriter out) throws IOException {
    try (FileTree.Opened directory = tree.openDirectoryForChange(call.directory(), caller)) {
      unlink(directory, call.name(), AtFlags.AT_REMOVEDIR, attempt, out);
    }
  }

  private void unlink(
      FileTree.Opened directory, byte[] name, int flags, Attempt attempt, XdrWriter out) {
    DirectoryChange change = new DirectoryChange(tree, directory);
    change.run(() -> {
      Names.checkOld(name);
      Optional<Evidence.Removal> earlier = attempt.earlier(Evidence.Removal.class);
      if (earlier.isPresent() && earlier.get().isDone(handleOf(directory, name))) {
        attempt.begin(earlier.get()); // for the next process, should this one die too
        return;
      }
      WireHandle victim = handleIfKnown(directory, name);
      if (victim != null) {
        attempt.begin(new Evidence.Removal(victim.code()));
      }
      directory.identity().perform(() -> FileCalls.unlinkat(directory.fd(), name, flags));
      forget(victim);
    });
    change.writeOutcome(out);
    change.writeWcc(out);
  }

  /** The handle of what has that name now, or null if nothing has. */
  private @Nullable WireHandle handleOf(FileTree.Opened directory, byte[] name) throws IOException {
    try {
      return directory.identity().act(() -> tree.peek(directory, name)).handle();
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENOENT) {
        return null;
      }
      throw e;
    }
  }

  /**
   * As {@link #handleOf}, or null too if that cannot be told: the kernel then says what is wrong.
   */
  private @Nullable WireHandle handleIfKnown(FileTree.Opened directory, byte[] name) {
    try {
      return handleOf(directory, name);
    } catch (IOException e) {
      return null;
    }
  }

  private void forget(@Nullable WireHandle victim) throws IOException {
    if (victim != null) {
      tree.forgetIfDeleted(victim);
    }
  }

  void rename(NfsCall.Rename call, Caller caller, Attempt attempt, XdrWriter out)
      throws IOException {
    try (FileTree.Opened from = tree.openDirectoryForChange(call.from(), caller);
        FileTree.Opened to = tree.openDirectoryForChange(call.to(), caller)) {
      Lock first = tree.locks().first(from.file(), to.file());
      Lock second = tree.locks().second(from.file(), to.file());
      DirectoryChange fromChange = new DirectoryChange(tree, from);
      DirectoryChange toChange = new DirectoryChange(tree, to);
      first.lock();
      second.lock();
      try {
        fromChange.runLocked(() -> toChange.runOrFail(() -> move(call, from, to, attempt)));
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

  private void move(NfsCall.Rename call, FileTree.Opened from, FileTree.Opened to, Attempt attempt)
      throws IOException {
    if (from.fsid() != to.fsid()) {
      throw new NfsException(NfsStatus.XDEV);
    }
    Names.checkOld(call.fromName());
    Names.checkOld(call.toName());
    Optional<Evidence.Move> earlier = attempt.earlier(Evidence.Move.class);
    if (earlier.isPresent()
        && earlier.get().isDone(handleOf(from, call.fromName()), handleOf(to, call.toName()))) {
      attempt.begin(earlier.get());
      return;
    }
    WireHandle moved = handleIfKnown(from, call.fromName());
    WireHandle replaced = handleIfKnown(to, call.toName());
    if (moved != null) {
      attempt.begin(Evidence.Move.of(moved, replaced));
    }
    from.identity()
        .perform(() -> FileCalls.renameat(from.fd(), call.fromName(), to.fd(), call.toName()));
    attempt.made(call.to(), call.toName());
    forget(replaced);
  }

  void link(NfsCall.Link call, Caller caller, Attempt attempt, XdrWriter out) throws IOException {
    try (FileTree.Opened file = tree.openForChange(call.file(), caller);
        FileTree.Opened directory = tree.openDirectoryForChange(call.directory(), caller)) {
      DirectoryChange change = new DirectoryChange(tree, directory);
      change.run(() -> addName(call, file, directory, attempt));
      change.writeOutcome(out);
      Attributes.writePostOp(out, stat(file), file.fsid());
      change.writeWcc(out);
    }
  }

  private void addName(
      NfsCall.Link call, FileTree.Opened file, FileTree.Opened directory, Attempt attempt)
      throws IOException {
    if (file.fsid() != directory.fsid()) {
      throw new NfsException(NfsStatus.XDEV);
    }
    Names.checkNew(call.name());
    Optional<Evidence.Creation> earlier = attempt.earlier(Evidence.Creation.class);
    if (earlier.isPresent() && isNamed(file, directory, call.name())) {
      attempt.begin(earlier.get());
      return;
    }
    if (tree.isFree(directory, call.name())) {
      attempt.begin(new Evidence.Creation(call.directory().place(call.name())));
    }
    linkByProc(file, directory, call.name());
    attempt.made(call.directory(), call.name());
  }

  private boolean isNamed(FileTree.Opened file, FileTree.Opened directory, byte[] name)
      throws IOException {
    WireHandle there = handleOf(directory, name);
    return there != null && there.equals(file.file().handle());
  }

  /** By way of /proc: linking an O_PATH descriptor as such is root's privilege, open(2). */
  private static void linkByProc(FileTree.Opened file, FileTree.Opened directory, byte[] name)
      throws IOException {
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
