package org.krgboot.steps;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where something stands while it is built, on the file system where it is to be. It outlives a
 * build that fails: the next one goes on in it. Beside what the builder itself puts there:
 *
 * <pre>
 * done/NNN     one for each step that is done: what decides it
 * begun        the same of the step that was begun
 * busy         held by every process that a build has started
 * lock         held by the build itself
 * </pre>
 */
public record BuildDirectory(Path path) {
  public BuildDirectory {
    path = path.toAbsolutePath().normalize();
  }

  /** Markers of steps. */
  public Path done() {
    return path.resolve("done");
  }

  /** The marker of a step that is done. */
  Path marker(int index) {
    return done().resolve(String.format(Locale.ROOT, "%03d", index));
  }

  /** The marker of the step that was begun. */
  public Path begun() {
    return path.resolve("begun");
  }

  /** Held by all that a build has started. */
  public Path busy() {
    return path.resolve("busy");
  }

  /** All that the tools say; beside it, so that it is there when the directory is gone. */
  public Path log() {
    return path.resolveSibling(path.getFileName() + ".log");
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
}
