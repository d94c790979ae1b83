package org.krgboot.nfs;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import org.krgboot.linux.AtFlags;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.Stat;

/** SETATTR, WRITE and COMMIT: RFC 1813 sections 3.3.2, 3.3.7 and 3.3.21. */
final class WriteProcedures {
  private final FileTree tree;
  private final WriteVerifier verifier;
  private final LongAdder bytesWritten;

  WriteProcedures(FileTree tree, Counters counters) {
    this.tree = tree;
    this.verifier = tree.verifier();
    this.bytesWritten = counters.of("nfs.bytes-written");
  }

  void setattr(NfsCall.Setattr call, Caller caller, Attempt attempt, XdrWriter out)
      throws IOException {
    try (FileTree.Opened file = tree.openForChange(call.file(), caller)) {
      Stat before;
      Stat after;
      NfsStatus status = NfsStatus.OK;
      Lock lock = tree.locks().of(file.file());
      lock.lock();
      try {
        before = file.stat();
        try {
          if (!isDone(call, before, attempt)) {
            AttributeChange.apply(file, call.attributes());
          }
        } catch (IOException e) {
          status = NfsStatus.of(e);
        }
        after = file.stat();
      } finally {
        lock.unlock();
      }
      if (status == NfsStatus.OK) {
        file.settle();
      }
      out.u32(status.code());
      Attributes.writeWcc(out, before, after, file.fsid());
    }
  }

  /** Whether a process that has died did it; NOT_SYNC if neither it nor the guard lets us. */
  private static boolean isDone(NfsCall.Setattr call, Stat now, Attempt attempt)
      throws NfsException {
    if (call.guard().isEmpty()) {
      return false;
    }
    Optional<Evidence.Guarded> earlier = attempt.earlier(Evidence.Guarded.class);
    NfsCall.Guard guard = call.guard().get();
    Stat.Time change = now.change();
    boolean asGuarded =
        guard.seconds() == (int) change.seconds() && guard.nanos() == change.nanos();
    boolean done = !asGuarded && earlier.isPresent() && call.attributes().areThoseOf(now);
    if (!asGuarded && !done) {
      throw new NfsException(NfsStatus.NOT_SYNC);
    }
    attempt.begin(new Evidence.Guarded());
    return done;
  }

  void write(NfsCall.Write call, Caller caller, XdrWriter out) throws IOException {
    try (FileTree.Opened file = tree.openForChange(call.file(), caller)) {
      ReadProcedures.mustBeRegular(file);
      if (call.offset() < 0 || call.offset() > Long.MAX_VALUE - call.data().remaining()) {
        throw new NfsException(NfsStatus.FBIG);
      }
      mayWrite(file);
      int fd = file.file().forWriting();
      long promise = verifier.value(); // before the data: a failure after this must be noticed
      Stat before;
      Stat after;
      int done;
      Lock lock = tree.locks().of(file.file());
      lock.lock();
      try {
        before = file.stat();
        done = file.identity().act(() -> FileCalls.pwrite(fd, call.data(), call.offset()));
        after = file.stat();
      } finally {
        lock.unlock();
      }
      bytesWritten.add(done);
      makeStable(file.file().handle(), fd, call.stability(), promise);
      out.u32(NfsStatus.OK.code());
      Attributes.writeWcc(out, before, after, file.fsid());
      out.u32(done);
      out.u32(call.stability().code());
      out.u64(promise);
    }
  }

  /**
   * JUKEBOX if another sync failed since the promise was made: that may have been told of our data,
   * and this one not. The client sends them again.
   */
  private void makeStable(WireHandle file, int fd, NfsCall.Stability stability, long promise)
      throws IOException {
    WriteVerifier.Written data = new WriteVerifier.Written(file, fd, stability);
    long now =
        switch (stability) {
          case UNSTABLE -> promise;
          case DATA_SYNC -> verifier.watchData(data, () -> FileCalls.fdatasync(fd));
          case FILE_SYNC -> verifier.watchData(data, () -> FileCalls.fsync(fd));
        };
    if (now != promise) {
      throw new NfsException(NfsStatus.JUKEBOX);
    }
  }

  /** The owner may whatever the mode says: it had the file open before, RFC 1813 section 4.4. */
  static void mayWrite(FileTree.Opened file) throws IOException {
    if (!file.identity().isRoot() && !file.identity().owns(file.stat())) {
      file.identity().perform(() -> FileTree.check(file.fd(), AtFlags.W_OK));
    }
  }

  /**
   * Syncs the whole file. A failure loses data that clients think of as written, of any of them:
   * the verifier changes, so that they send it again.
   */
  void commit(NfsCall.Commit call, Caller caller, XdrWriter out) throws IOException {
    try (FileTree.Opened file = tree.openForChange(call.file(), caller)) {
      ReadProcedures.mustBeRegular(file);
      mayWrite(file);
      int fd = file.file().forSyncing();
      WriteVerifier.Written all =
          new WriteVerifier.Written(file.file().handle(), fd, NfsCall.Stability.FILE_SYNC);
      long promise = verifier.watchData(all, () -> FileCalls.fsync(fd));
      out.u32(NfsStatus.OK.code());
      // Nothing of before: others may write meanwhile, as nobody is locked out for so long.
      Attributes.writeWcc(out, null, file.stat(), file.fsid());
      out.u64(promise);
    }
  }
}
