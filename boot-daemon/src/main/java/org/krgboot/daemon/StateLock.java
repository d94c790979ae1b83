package org.krgboot.daemon;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps a second daemon from using the same state. The kernel lets go of it at any death. */
public final class StateLock implements AutoCloseable {
  private final FileChannel channel;

  private StateLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Makes the directory if it is not there, readable by its owner only, and locks it.
   *
   * @throws IOException if it cannot be used; the message names it and says what to do
   */
  public static StateLock take(Path directory) throws IOException {
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      tighten(directory);
    } catch (IOException e) {
      throw new IOException(
          "the state directory "
              + directory
              + " cannot be made; name one that can: --state-dir DIR",
          e);
    }
    Path file = directory.resolve("lock");
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IOException(
          file
              + " cannot be written by user "
              + System.getProperty("user.name")
              + "; start as root or name another directory: --state-dir DIR",
          e);
    }
    if (tryLock(channel) == null) {
      channel.close();
      throw new IOException(
          directory
              + " is in use by another krgboot; stop that one or name another: --state-dir DIR");
    }
    return new StateLock(channel);
  }

  /** One that was there may be open to all; keys and leases are in it, some with open modes. */
  private static void tighten(Path directory) throws IOException {
    Set<PosixFilePermission> owners = PosixFilePermissions.fromString("rwx------");
    if (!owners.containsAll(Files.getPosixFilePermissions(directory))
        && Files.getOwner(directory).getName().equals(System.getProperty("user.name"))) {
      Files.setPosixFilePermissions(directory, owners);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
