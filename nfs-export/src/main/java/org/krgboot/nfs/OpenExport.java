package org.krgboot.nfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.krgboot.linux.Capabilities;
import org.krgboot.linux.Capability;
import org.krgboot.linux.Errno;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.FileHandles;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.OpenFlags;
import org.krgboot.linux.Stat;
import org.krgboot.linux.ThreadCredentials;

/**
 * The directory of an export, open. Its descriptor is closed when nobody holds it any more: an
 * export can be withdrawn while calls are in it.
 */
final class OpenExport {
  /** Any fixed key: the id has to be stable, not secret. */
  private static final SipHash IDS = new SipHash(new byte[HandleKey.LENGTH]);

  private static final byte[] ITSELF = {};
  private static final byte[] PARENT = {'.', '.'};

  private final Path path;
  private final int id;
  private final int rootFd;
  private final Stat root;
  private final WireHandle rootHandle;
  private final AtomicInteger holders = new AtomicInteger(1);

  private OpenExport(Export export, int rootFd, Stat root, WireHandle rootHandle) {
    this.path = export.path();
    this.id = idOf(export);
    this.rootFd = rootFd;
    this.root = root;
    this.rootHandle = rootHandle;
  }

  /**
   * Opens an export and checks that it can be served. The caller holds it until {@link #release}.
   *
   * @throws IOException if not; the message says why and what to do
   */
  static OpenExport open(Export export, HandleCodec codec) throws IOException {
    Path path = export.path();
    boolean byHandle = Capabilities.ofThisThread().has(Capability.DAC_READ_SEARCH);
    if (!byHandle || !ThreadCredentials.mayChange()) {
      throw new IOException(
          "cannot export "
              + path
              + ": file handles need CAP_DAC_READ_SEARCH, and to act as the nodes' users needs root"
              + " with CAP_SETUID and CAP_SETGID; run the server as root, with these capabilities");
    }
    int fd = openDirectory(path);
    try {
      Stat stat = FileCalls.statx(fd, ITSELF, 0);
      byte[] handle = checkedHandle(path, fd);
      if (export.mountPoint().isPresent()) {
        mustBeMounted(path, export.mountPoint().get());
      }
      return new OpenExport(export, fd, stat, codec.encode(idOf(export), handle));
    } catch (IOException e) {
      FileCalls.close(fd);
      throw e;
    }
  }

  private static int openDirectory(Path path) throws IOException {
    try {
      return FileCalls.open(bytes(path), OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, 0);
    } catch (LinuxException e) {
      throw new IOException(
          "cannot export "
              + path
              + ": "
              + (e.errno() == Errno.ENOENT
                  ? "there is no such directory; create it or correct the export"
                  : e.getMessage()),
          e);
    }
  }

  private static byte[] checkedHandle(Path path, int fd) throws IOException {
    try {
      byte[] handle = FileHandles.nameToHandle(fd);
      if (handle.length > HandleCodec.MAX_KERNEL_HANDLE) {
        throw new IOException(
            "cannot export " + path + ": its file system's handles are too long for NFSv3");
      }
      FileCalls.close(FileHandles.openByHandle(fd, handle, OpenFlags.O_PATH));
      return handle;
    } catch (LinuxException e) {
      throw new IOException(
          "cannot export "
              + path
              + ": its file system gives no file handles ("
              + e.getMessage()
              + "); keep the root on ext4, xfs or btrfs, not on overlayfs, NFS or FUSE",
          e);
    }
  }

  /** An export that should lie on a disk must not show what is below it while that is missing. */
  private static void mustBeMounted(Path path, Path point) throws IOException {
    int fd = openDirectory(point);
    try {
      Stat above = FileCalls.statx(fd, PARENT, 0);
      if (FileCalls.statx(fd, ITSELF, 0).mountId() == above.mountId()) {
        throw new IOException(
            "cannot export "
                + path
                + ": no file system is mounted at "
                + point
                + ", and the export has the option mountpoint; mount it first");
      }
    } finally {
      FileCalls.close(fd);
    }
  }

  /** The id in the handles of an export; the same at every start. */
  static int idOf(Export export) {
    byte[] name = bytes(export.path());
    return export.fsid().orElseGet(() -> (int) IDS.of(name, name.length));
  }

  private static byte[] bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8);
  }

  Path path() {
    return path;
  }

  /** The path that clients mount. */
  byte[] pathBytes() {
    return bytes(path);
  }

  /** In its handles, and its fsid. */
  int id() {
    return id;
  }

  /** Whether its directory was deleted: no directory but a deleted one has no links. */
  boolean isGone() throws LinuxException {
    return FileCalls.statx(rootFd, ITSELF, 0).links() == 0;
  }

  /** The directory; by it files are opened by handle. */
  int rootFd() {
    return rootFd;
  }

  /** Of the file system that is exported; others mounted inside are not. */
  long mountId() {
    return root.mountId();
  }

  long rootInode() {
    return root.inode();
  }

  WireHandle rootHandle() {
    return rootHandle;
  }

  /** Whether this is the same directory of the same mount, by the same name. */
  boolean isSameAs(OpenExport other) {
    return path.equals(other.path)
        && mountId() == other.mountId()
        && rootHandle.equals(other.rootHandle);
  }

  /**
   * Keeps the directory open until {@link #release}.
   *
   * @return false if it is closed already: the export has been withdrawn
   */
  boolean retain() {
    int before = holders.getAndUpdate(count -> count == 0 ? 0 : count + 1);
    return before > 0;
  }

  void release() {
    if (holders.decrementAndGet() == 0) {
      try {
        FileCalls.close(rootFd);
      } catch (LinuxException e) {
        // A directory that was only read has nothing to lose, close(2).
      }
    }
  }
}
