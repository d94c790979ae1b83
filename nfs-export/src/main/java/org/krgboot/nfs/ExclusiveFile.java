package org.krgboot.nfs;

import java.io.IOException;
import java.util.Optional;
import org.krgboot.linux.AtFlags;
import org.krgboot.linux.Errno;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.OpenFlags;
import org.krgboot.linux.Stat;
import org.krgboot.nfs.SetAttributes.TimeChange;

/**
 * A file of an EXCLUSIVE create, RFC 1813 section 3.3.8. The verifier is kept in the times of the
 * file, so that a client whose answer was lost gets the same one again, even from a server that was
 * started meanwhile.
 */
final class ExclusiveFile {
  private static final byte[] ITSELF = {};
  private static final byte[] HERE = {'.'};

  /** As of any file whose mode the client gives later, with a SETATTR. */
  private static final int MODE = 0600;

  /** Seconds that any file system keeps; the bit above them goes into the nanoseconds. */
  private static final int SECONDS_MASK = 0x7fffffff;

  private final FileTree tree;
  private final FileTree.Opened directory;
  private final byte[] name;
  private final Stat.Time access;
  private final Stat.Time modify;

  ExclusiveFile(FileTree tree, FileTree.Opened directory, byte[] name, long verifier) {
    this.tree = tree;
    this.directory = directory;
    this.name = name;
    this.access = mark((int) (verifier >>> 32));
    this.modify = mark((int) verifier);
  }

  private static Stat.Time mark(int half) {
    return new Stat.Time(half & SECONDS_MASK, half >>> 31);
  }

  /** What tells it from the file of another call. */
  SetAttributes marks() {
    return SetAttributes.times(
        new TimeChange.ClientTime(access.seconds(), access.nanos()),
        new TimeChange.ClientTime(modify.seconds(), modify.nanos()));
  }

  /**
   * Makes the file with its marks and only then gives it its name: whoever finds the name finds the
   * marks too, also after a kill or a power cut in between.
   *
   * @return nothing if the file system has no files without a name, or /proc is not there to give
   *     them one; nothing is changed then
   * @throws LinuxException EEXIST if the name is taken
   */
  Optional<FileTree.Child> make() throws IOException {
    int fd;
    try {
      fd = directory.identity().act(this::openNameless);
    } catch (LinuxException e) {
      return nothingIfLacking(e);
    }
    try {
      directory.identity().perform(() -> markAndName(fd));
      return Optional.of(tree.child(directory, fd));
    } catch (LinuxException e) {
      return nothingIfLacking(e);
    } finally {
      FileCalls.close(fd);
    }
  }

  /** As {@code open(O_CREAT)}: the directory's default ACL, its set-gid bit and quotas hold. */
  private int openNameless() throws IOException {
    return FileCalls.openat(directory.fd(), HERE, OpenFlags.O_TMPFILE | OpenFlags.O_WRONLY, MODE);
  }

  /** By way of /proc: linking a descriptor as such is root's privilege, open(2). */
  private void markAndName(int fd) throws IOException {
    FileCalls.utimensat(
        fd, ITSELF, access.seconds(), access.nanos(), modify.seconds(), modify.nanos());
    FileCalls.linkat(
        AtFlags.AT_FDCWD,
        AttributeChange.procPath(fd),
        directory.fd(),
        name,
        AtFlags.AT_SYMLINK_FOLLOW);
  }

  /** ENOENT: no /proc, or a directory that was deleted, of which the next attempt tells. */
  private static Optional<FileTree.Child> nothingIfLacking(LinuxException e) throws LinuxException {
    if (e.errno() == Errno.EOPNOTSUPP || e.errno() == Errno.EISDIR || e.errno() == Errno.ENOENT) {
      return Optional.empty();
    }
    throw e;
  }

  /**
   * The file that an earlier sending of this call has made.
   *
   * @param refusal why it cannot be made now; thrown if nothing of that name is there
   * @throws NfsException EXIST if what is there is somebody else's
   */
  FileTree.Child madeBefore(LinuxException refusal) throws IOException {
    FileTree.Child old;
    try {
      old = tree.lookup(directory, name);
    } catch (LinuxException e) {
      throw e.errno() == Errno.ENOENT ? refusal : e;
    }
    boolean same =
        old.stat().isRegular()
            && old.stat().size() == 0
            && old.stat().access().equals(access)
            && old.stat().modify().equals(modify);
    if (!same) {
      throw new NfsException(NfsStatus.EXIST);
    }
    return old;
  }
}
