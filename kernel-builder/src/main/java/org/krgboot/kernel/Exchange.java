package org.krgboot.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.OpenFlags;

/** Two names that change places, so that neither is ever missing. */
final class Exchange {
  /** RENAME_EXCHANGE of renameat2(2). */
  private static final int BOTH_WAYS = 1 << 1;

  private Exchange() {}

  /** Needs both on one file system. */
  static void of(Path fresh, Path there) throws IOException {
    try {
      int directory =
          FileCalls.open(
              octets(there.resolveSibling(".").normalize()),
              OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY,
              0);
      try {
        FileCalls.renameat2(directory, octets(fresh), directory, octets(there), BOTH_WAYS);
      } finally {
        FileCalls.close(directory);
      }
    } catch (LinuxException e) { // some file systems cannot: then it is missing for a moment
      Path aside = fresh.resolveSibling(fresh.getFileName() + ".aside");
      Files.move(there, aside, StandardCopyOption.ATOMIC_MOVE);
      Files.move(fresh, there, StandardCopyOption.ATOMIC_MOVE);
      Files.move(aside, fresh, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static byte[] octets(Path path) {
    return path.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
  }
}
