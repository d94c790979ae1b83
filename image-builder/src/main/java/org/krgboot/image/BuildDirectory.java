package org.krgboot.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a root stands while it is built: {@code <target>.building-<id>}, beside the target so that
 * one rename puts it into place. The file {@code lock} in it marks the directory as ours; while a
 * build runs it is locked, and the kernel drops the lock when the process dies in whatever way.
 */
final class BuildDirectory {
  private static final String INFIX = ".building-";
  private static final String LOCK = "lock";

  private final Path directory;
  private final FileChannel channel;

  private BuildDirectory(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  static BuildDirectory create(Path target, String id) throws IOException {
    Path directory = target.resolveSibling(target.getFileName() + INFIX + id);
    Files.createDirectory(directory);
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    channel.lock();
    return new BuildDirectory(directory, channel);
  }

  Path path() {
    return directory;
  }

  /** The root itself. It does not exist at first: mmdebstrap makes it. */
  Path root() {
    return directory.resolve("root");
  }

  /** Files that go into the root before its packages are configured. */
  Path early() {
    return directory.resolve("early");
  }

  /**
   * Removes the directory with all that is in it, and gives up the lock.
   *
   * @throws IOException if something is mounted in it: that would be removed as well
   */
  void remove(Host host) throws IOException {
    try (channel) {
      refuseMounts(directory, host);
      delete(directory);
    }
  }

  static void refuseMounts(Path directory, Host host) throws IOException {
    List<Path> mounted = host.mounts().below(directory);
    if (!mounted.isEmpty()) {
      throw new IOException(
          "something is mounted in it; unmount first: umount "
              + mounted.stream().map(Path::toString).collect(Collectors.joining(" ")));
    }
  }

  /**
   * Removes what builds of this target left behind when they were killed.
   *
   * @return what was done, a line for each
   */
  static List<String> removeStale(Path target, Host host) throws IOException {
    List<String> done = new ArrayList<>();
    for (Path directory : siblings(target)) {
      if (isUnused(directory.resolve(LOCK))) {
        try {
          refuseMounts(directory, host);
          delete(directory);
          done.add("removed " + directory + ", left by a build that was killed");
        } catch (IOException e) {
          done.add("could not remove " + directory + ": " + e.getMessage());
        }
      }
    }
    return done;
  }

  private static List<Path> siblings(Path target) throws IOException {
    String prefix = target.getFileName() + INFIX;
    try (Stream<Path> list = Files.list(target.resolveSibling("."))) {
      return list.map(Path::normalize)
          .filter(p -> p.getFileName().toString().startsWith(prefix))
          .filter(p -> Files.isRegularFile(p.resolve(LOCK), LinkOption.NOFOLLOW_LINKS))
          .toList();
    }
  }

  private static boolean isUnused(Path lockFile) throws IOException {
    try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
        @Nullable FileLock lock = channel.tryLock()) {
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Removes a tree; follows no link. What vanishes meanwhile is gone as well. */
  static void delete(Path tree) throws IOException {
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed)
              throws IOException {
            try {
              Files.deleteIfExists(directory);
            } catch (DirectoryNotEmptyException e) {
              throw new IOException(directory + " is still written to by another process", e);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
            if (failed instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failed;
          }
        });
  }
}
