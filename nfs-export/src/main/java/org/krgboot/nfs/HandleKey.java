package org.krgboot.nfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;

/** The secret under which handles are issued. Made once and kept, so that handles stay valid. */
final class HandleKey {
  static final int LENGTH = 16;
  private static final String FILE = "nfs-handle.key";

  private HandleKey() {}

  /** Reads the key from the state directory, or makes one there, durable before it is used. */
  static byte[] loadOrCreate(Path stateDirectory) throws IOException {
    Files.createDirectories(stateDirectory);
    Path file = stateDirectory.resolve(FILE);
    if (!Files.exists(file)) {
      create(stateDirectory, file);
    }
    byte[] key = Files.readAllBytes(file);
    if (key.length != LENGTH) {
      throw new IOException(
          file
              + " should hold "
              + LENGTH
              + " bytes and holds "
              + key.length
              + "; restore it, or remove it: nodes that run now must then be restarted");
    }
    return key;
  }

  private static void create(Path directory, Path file) throws IOException {
    byte[] key = new byte[LENGTH];
    new SecureRandom().nextBytes(key);
    Path fresh = directory.resolve(FILE + ".new");
    Files.deleteIfExists(fresh);
    try (FileChannel out =
        FileChannel.open(
            fresh,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      out.write(ByteBuffer.wrap(key));
      out.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
      entries.force(true);
    }
  }
}
