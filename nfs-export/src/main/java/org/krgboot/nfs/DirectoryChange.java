package org.krgboot.nfs;

import java.io.IOException;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.Stat;

/**
 * One change of a directory: its attributes right before and after, how it went, and the directory
 * on disk before anybody hears of it.
 */
final class DirectoryChange {
  private final FileTree tree;
  private final FileTree.Opened directory;
  private @Nullable Stat before;
  private @Nullable Stat after;
  private NfsStatus status = NfsStatus.OK;

  DirectoryChange(FileTree tree, FileTree.Opened directory) {
    this.tree = tree;
    this.directory = directory;
  }

  /** Makes the change; a failure becomes the status. */
  void run(Identity.Effect change) {
    Lock lock = tree.locks().of(directory.file());
    lock.lock();
    try {
      runLocked(change);
    } finally {
      lock.unlock();
    }
    settle();
  }

  /** As {@link #run}, under a lock that the caller holds; the caller settles when it is free. */
  void runLocked(Identity.Effect change) {
    try {
      runOrFail(change);
    } catch (IOException e) {
      status = NfsStatus.of(e);
    }
  }

  /** As {@link #runLocked}, but a failure is the caller's. */
  void runOrFail(Identity.Effect change) throws IOException {
    directory.readyToSettle();
    before = directory.stat();
    try {
      change.run();
    } finally {
      after = statOrNothing();
    }
  }

  /**
   * What succeeded goes to disk. Never under a lock: a sync takes long, and others can share it.
   */
  void settle() {
    if (!succeeded()) {
      return;
    }
    try {
      directory.settle();
    } catch (IOException e) {
      status = NfsStatus.of(e);
    }
  }

  private @Nullable Stat statOrNothing() {
    try {
      return directory.file().stat();
    } catch (LinuxException e) {
      return null;
    }
  }

  boolean succeeded() {
    return status == NfsStatus.OK;
  }

  void writeOutcome(XdrWriter out) {
    out.u32(status.code());
  }

  void writeWcc(XdrWriter out) {
    Attributes.writeWcc(out, before, after, directory.fsid());
  }
}
