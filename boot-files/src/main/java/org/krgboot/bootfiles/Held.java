package org.krgboot.bootfiles;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import org.krgboot.linux.BriefCalls;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.OpenFlags;

/**
 * A file or directory that is held without being opened: O_PATH, open(2). So no FIFO keeps the
 * server waiting for who writes to it, no device notices, and what is looked at is what is opened
 * then, whatever a node puts in its place meanwhile.
 */
final class Held implements AutoCloseable {
  /** As the JDK writes names of files. */
  private static final Charset NAMES =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

  private final int fd;

  private Held(int fd) {
    this.fd = fd;
  }

  /** Where links lead to, anywhere. */
  static Held of(Path path) throws IOException {
    return new Held(open(path, OpenFlags.O_PATH));
  }

  /** The same; fails if it is no directory. */
  static Held directory(Path path) throws IOException {
    return new Held(open(path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY));
  }

  private static int open(Path path, int flags) throws IOException {
    return BriefCalls.open(path.toString().getBytes(NAMES), flags);
  }

  /** By this it is looked at and opened, until it is closed. */
  Path name() {
    return Path.of(FileCalls.procFdPath(fd));
  }

  /** Where it is at this moment, a path without links. */
  Path place() throws IOException {
    return Files.readSymbolicLink(name());
  }

  @Override
  public void close() throws IOException {
    BriefCalls.close(fd);
  }
}
