package org.krgboot.nfs.wire;

import static org.krgboot.nfs.wire.NfsClient.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.krgboot.linux.AtFlags;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.FileModes;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.OpenFlags;
import org.krgboot.linux.Stat;

/** A directory that is changed by plain system calls: what NFS should have done as well. */
final class Twin implements AutoCloseable {
  private static final byte[] ITSELF = {};

  private final Path path;
  private final int fd;

  Twin(Path path) throws IOException {
    this.path = path;
    this.fd = FileCalls.open(bytes(path.toString()), OpenFlags.O_PATH, 0);
  }

  /** Something that Linux may refuse. */
  interface Deed {
    void act() throws IOException;
  }

  /** What NFS calls the outcome. */
  static Status status(Deed deed) throws IOException {
    try {
      deed.act();
      return Status.OK;
    } catch (LinuxException refused) {
      return Status.valueOf(refused.errno().name().substring(1));
    }
  }

  Path path() {
    return path;
  }

  /** Never follows a link, as no NFS call does. */
  private int open(String name, int flags, int mode) throws IOException {
    return FileCalls.openat(fd, bytes(name), flags | OpenFlags.O_NOFOLLOW, mode);
  }

  boolean isRegular(String name) throws IOException {
    return status(() -> stat(name)) == Status.OK && stat(name).isRegular();
  }

  Stat stat(String name) throws IOException {
    return FileCalls.statx(fd, bytes(name), AtFlags.AT_SYMLINK_NOFOLLOW);
  }

  Stat stat() throws IOException {
    return FileCalls.statx(fd, ITSELF, 0);
  }

  void createNew(String name, int mode) throws IOException {
    int flags = OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_WRONLY;
    FileCalls.close(open(name, flags, mode));
  }

  void write(String name, long offset, byte[] data) throws IOException {
    int file = open(name, OpenFlags.O_WRONLY, 0);
    FileCalls.pwrite(file, direct(data), offset);
    FileCalls.close(file);
  }

  byte[] read(String name, long offset, int count) throws IOException {
    int file = open(name, OpenFlags.O_RDONLY, 0);
    ByteBuffer into = ByteBuffer.allocateDirect(count);
    int done = FileCalls.pread(file, into, offset);
    FileCalls.close(file);
    byte[] data = new byte[done];
    into.flip().get(data);
    return data;
  }

  private static ByteBuffer direct(byte[] data) {
    return ByteBuffer.allocateDirect(data.length).put(data).flip();
  }

  void cut(String name, long size) throws IOException {
    int file = open(name, OpenFlags.O_WRONLY, 0);
    FileCalls.ftruncate(file, size);
    FileCalls.close(file);
  }

  void mode(String name, int mode) throws IOException {
    FileCalls.fchmodat(fd, bytes(name), mode);
  }

  void owner(String name, int uid, int gid) throws IOException {
    FileCalls.fchownat(fd, bytes(name), uid, gid, AtFlags.AT_SYMLINK_NOFOLLOW);
  }

  void mkdir(String name, int mode) throws IOException {
    FileCalls.mkdirat(fd, bytes(name), mode);
  }

  void symlink(String name, String target) throws IOException {
    FileCalls.symlinkat(bytes(target), fd, bytes(name));
  }

  byte[] readlink(String name) throws IOException {
    return FileCalls.readlinkat(fd, bytes(name));
  }

  void fifo(String name, int mode) throws IOException {
    FileCalls.mknodat(fd, bytes(name), FileModes.S_IFIFO | mode, 0, 0);
  }

  void remove(String name) throws IOException {
    FileCalls.unlinkat(fd, bytes(name), 0);
  }

  void rmdir(String name) throws IOException {
    FileCalls.unlinkat(fd, bytes(name), AtFlags.AT_REMOVEDIR);
  }

  void rename(String from, Twin to, String name) throws IOException {
    FileCalls.renameat(fd, bytes(from), to.fd, bytes(name));
  }

  void link(String from, Twin to, String name) throws IOException {
    FileCalls.linkat(fd, bytes(from), to.fd, bytes(name), 0);
  }

  String[] names() {
    String[] names = path.toFile().list();
    Arrays.sort(names);
    return names;
  }

  @Override
  public void close() throws IOException {
    FileCalls.close(fd);
  }
}
