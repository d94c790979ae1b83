package org.krgboot.nfs;

import java.io.IOException;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.FileHandles;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.OpenFlags;
import org.krgboot.linux.Stat;

/**
 * A file that is kept open between calls. {@link DescriptorCache} counts its users and closes it
 * when there are none.
 */
final class CachedFile {
  private static final int CLOSED = -1;
  private static final byte[] ITSELF = {};

  private final WireHandle handle;
  private final OpenExport export;
  private final byte[] kernelHandle;
  private final int fd;
  private final int kind;
  private int reader = CLOSED;
  private int writer = CLOSED;

  // Guarded by the cache.
  int users;
  boolean dropped;
  long lastUse;

  /**
   * Takes over an O_PATH descriptor, and holds the export, which somebody else must hold meanwhile.
   *
   * @param kind of the file, which never changes
   */
  CachedFile(WireHandle handle, OpenExport export, byte[] kernelHandle, int fd, int kind) {
    if (!export.retain()) {
      throw new IllegalStateException("the export is closed");
    }
    this.handle = handle;
    this.export = export;
    this.kernelHandle = kernelHandle;
    this.fd = fd;
    this.kind = kind;
  }

  WireHandle handle() {
    return handle;
  }

  OpenExport export() {
    return export;
  }

  /** The O_PATH descriptor: names the file and opens nothing. */
  int fd() {
    return fd;
  }

  int kind() {
    return kind;
  }

  Stat stat() throws LinuxException {
    return FileCalls.statx(fd, ITSELF, 0);
  }

  /**
   * A descriptor to read or fsync by. Regular files and directories only: opening a device or FIFO
   * has side effects. Opened as root; the caller has checked permissions.
   */
  synchronized int forReading() throws IOException {
    if (reader == CLOSED) {
      reader = open(OpenFlags.O_RDONLY);
    }
    return reader;
  }

  /** As {@link #forReading}, to write by. Regular files only. */
  synchronized int forWriting() throws IOException {
    if (writer == CLOSED) {
      writer = open(OpenFlags.O_WRONLY);
    }
    return writer;
  }

  /** A descriptor for fsync: the writing one if there is one, since it gets write errors. */
  synchronized int forSyncing() throws IOException {
    return writer == CLOSED ? forReading() : writer;
  }

  /** A descriptor of the caller's own, with an offset of its own, to list a directory by. */
  int openListing() throws IOException {
    return open(OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
  }

  private int open(int access) throws IOException {
    int flags = access | OpenFlags.O_NONBLOCK | OpenFlags.O_NOFOLLOW;
    return Identity.asRoot(() -> FileHandles.openByHandle(export.rootFd(), kernelHandle, flags));
  }

  /**
   * Lets go of the writing descriptor: nobody can execute a file that is open for writing. The
   * result closes it, for which ext4 may have to write.
   */
  synchronized Runnable detachWriter() {
    int detached = writer;
    writer = CLOSED;
    return () -> close(detached);
  }

  synchronized void close() {
    close(writer);
    writer = CLOSED;
    close(reader);
    reader = CLOSED;
    close(fd);
    export.release();
  }

  private static void close(int descriptor) {
    if (descriptor != CLOSED) {
      try {
        FileCalls.close(descriptor);
      } catch (LinuxException e) {
        // The descriptor is gone all the same, close(2); fsync has told of errors that matter.
      }
    }
  }
}
