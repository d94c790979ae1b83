package org.krgboot.nfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.krgboot.linux.Capabilities;
import org.krgboot.linux.Capability;
import org.krgboot.linux.Errno;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.FileHandles;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.OpenFlags;
import org.krgboot.linux.Stat;

/**
 * An export in service.
 *
 * @param id in its handles, and its fsid; the same at every start
 * @param rootFd its directory, open; by it files are opened by handle
 * @param mountId of the file system that is exported; others mounted inside are not
 */
record OpenExport(
    Export export, int id, int rootFd, long mountId, long rootInode, WireHandle rootHandle)
    implements AutoCloseable {
  /** Any fixed key: the id has to be stable, not secret. */
  private static final SipHash IDS = new SipHash(new byte[HandleKey.LENGTH]);

  private static final byte[] ITSELF = {};

  /**
   * Opens an export and checks that it can be served.
   *
   * @throws IOException if not; the message says why and what to do
   */
  static OpenExport open(Export export, HandleCodec codec) throws IOException {
    Path path = export.path();
    if (!Capabilities.ofThisThread().has(Capability.DAC_READ_SEARCH)) {
      throw new IOException(
          "cannot export "
              + path
              + ": file handles need CAP_DAC_READ_SEARCH; run the server as root or give its service"
              + " that capability");
    }
    int fd = openDirectory(path);
    try {
      Stat stat = FileCalls.statx(fd, ITSELF, 0);
      byte[] handle = checkedHandle(path, fd);
      int id = idOf(path);
      return new OpenExport(export, id, fd, stat.mountId(), stat.inode(), codec.encode(id, handle));
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

  private static int idOf(Path path) {
    byte[] name = bytes(path);
    return (int) IDS.of(name, name.length);
  }

  private static byte[] bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The path that clients mount. */
  byte[] pathBytes() {
    return bytes(export.path());
  }

  /** Whether its directory was deleted: no directory but a deleted one has no links. */
  boolean isGone() throws LinuxException {
    return FileCalls.statx(rootFd, ITSELF, 0).links() == 0;
  }

  @Override
  public void close() throws IOException {
    FileCalls.close(rootFd);
  }
}
