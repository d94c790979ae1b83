package org.krgboot.nfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.krgboot.linux.AtFlags;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.FileModes;
import org.krgboot.nfs.SetAttributes.TimeChange;

/** Makes a file's attributes what a client wants, with the client's rights. */
final class AttributeChange {
  private static final byte[] ITSELF = {};

  /** What chown(2) takes for "leave as it is", and so no id. */
  private static final int UNCHANGED = -1;

  private static final int NANOS_PER_SECOND = 1_000_000_000;

  private AttributeChange() {}

  /**
   * Applies the changes one after the other. Owner before mode: a change of owner takes set-id bits
   * away. Size after those, which are refused more often. Times last: the others set them.
   */
  static void apply(FileTree.Opened file, SetAttributes wanted) throws IOException {
    check(wanted);
    if (wanted.uid().isPresent() || wanted.gid().isPresent()) {
      file.identity()
          .perform(() ->
              FileCalls.fchownat(
                  file.fd(),
                  ITSELF,
                  wanted.uid().orElse(UNCHANGED),
                  wanted.gid().orElse(UNCHANGED),
                  AtFlags.AT_SYMLINK_NOFOLLOW));
    }
    if (wanted.mode().isPresent()) {
      changeMode(file, wanted.mode().getAsInt());
    }
    if (wanted.size().isPresent()) {
      truncate(file, wanted.size().getAsLong());
    }
    changeTimes(file, wanted.access(), wanted.modify());
  }

  /** Refuses values that cannot be, before anything is changed. */
  static void check(SetAttributes wanted) throws NfsException {
    if (wanted.uid().orElse(0) == UNCHANGED || wanted.gid().orElse(0) == UNCHANGED) {
      throw new NfsException(NfsStatus.INVAL);
    }
    if (wanted.size().orElse(0) < 0) {
      throw new NfsException(NfsStatus.FBIG);
    }
    var _ = nanos(wanted.access());
    var _ = nanos(wanted.modify());
  }

  private static void truncate(FileTree.Opened file, long size) throws IOException {
    ReadProcedures.mustBeRegular(file);
    WriteProcedures.mayWrite(file);
    int fd = file.file().forWriting();
    file.identity().perform(() -> FileCalls.ftruncate(fd, size));
  }

  /** By way of /proc, since fchmod takes no O_PATH descriptor; a link has no mode to change. */
  private static void changeMode(FileTree.Opened file, int mode) throws IOException {
    if (file.file().kind() == FileModes.S_IFLNK) {
      throw new NfsException(NfsStatus.NOTSUPP);
    }
    file.identity().perform(() -> FileCalls.fchmodat(AtFlags.AT_FDCWD, procPath(file.fd()), mode));
  }

  /** A path that names what the descriptor names. */
  static byte[] procPath(int fd) {
    return FileCalls.procFdPath(fd).getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Who may write may set any time to now. utimensat(2) wants the owner for one time of the two,
   * but a Linux client sends just that when it truncates: to ask first and act as root is what
   * knfsd does. Only the owner sets other times, which the kernel sees to.
   */
  private static void changeTimes(FileTree.Opened file, TimeChange access, TimeChange modify)
      throws IOException {
    if (access instanceof TimeChange.Keep && modify instanceof TimeChange.Keep) {
      return;
    }
    if (access instanceof TimeChange.ClientTime || modify instanceof TimeChange.ClientTime) {
      file.identity().perform(() -> setTimes(file, access, modify));
    } else {
      WriteProcedures.mayWrite(file);
      Identity.asRoot(() -> {
        setTimes(file, access, modify);
        return file;
      });
    }
  }

  private static void setTimes(FileTree.Opened file, TimeChange access, TimeChange modify)
      throws IOException {
    FileCalls.utimensat(
        file.fd(), ITSELF, seconds(access), nanos(access), seconds(modify), nanos(modify));
  }

  private static long seconds(TimeChange change) {
    return switch (change) {
      case TimeChange.Keep(), TimeChange.ServerTime() -> 0;
      case TimeChange.ClientTime time -> time.seconds();
    };
  }

  private static long nanos(TimeChange change) throws NfsException {
    return switch (change) {
      case TimeChange.Keep() -> AtFlags.UTIME_OMIT;
      case TimeChange.ServerTime() -> AtFlags.UTIME_NOW;
      case TimeChange.ClientTime time -> {
        if (time.nanos() < 0 || time.nanos() >= NANOS_PER_SECOND) {
          throw new NfsException(NfsStatus.INVAL);
        }
        yield time.nanos();
      }
    };
  }
}
