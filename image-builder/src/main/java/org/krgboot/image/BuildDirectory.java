package org.krgboot.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a root stands while it is built, on the file system where it is to be. It outlives a build
 * that fails: the next one goes on in it.
 *
 * <pre>
 * root/        what is built; made by the first step
 * undo/        a copy of it, to go back to
 * early/       files for mmdebstrap
 * image/       a container image, unpacked
 * layer/       one of its layers, before it is laid over the others
 * shapes/      directories of that layer, for their owners and modes
 * done/NN      a line for each step that is done: what decides it
 * begun        the same of the step that was begun
 * busy         held by every process that a build has started
 * lock         held by the build itself
 * </pre>
 */
record BuildDirectory(Path path) {
  BuildDirectory {
    path = path.toAbsolutePath().normalize();
  }

  Path root() {
    return path.resolve("root");
  }

  Path undo() {
    return path.resolve("undo");
  }

  /** Files that go into the root before its packages are configured. */
  Path early() {
    return path.resolve("early");
  }

  Path done() {
    return path.resolve("done");
  }

  Path begun() {
    return path.resolve("begun");
  }

  Path log() {
    return path.resolveSibling(path.getFileName() + ".log");
  }

  Chroot chroot() {
    return new Chroot(path.resolve("busy"));
  }

  /**
   * Takes it for one build.
   *
   * @throws IOException if another build is in it now
   */
  FileChannel lock() throws IOException {
    if (!Files.exists(path)) {
      Files.createDirectory(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    FileChannel channel =
        FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock held;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      held = null;
    }
    if (held == null) {
      channel.close();
      throw new IOException("another build is going on in " + path);
    }
    return channel;
  }

  /** Nothing is mounted there but by a build's own processes, which no other process sees. */
  static void refuseMounts(Path tree, Host host) throws IOException {
    List<Path> mounted = host.mounts().below(tree);
    if (!mounted.isEmpty()) {
      throw new IOException(
          "something is mounted in "
              + tree
              + "; unmount first: umount "
              + mounted.stream().map(Path::toString).collect(Collectors.joining(" ")));
    }
  }
}
