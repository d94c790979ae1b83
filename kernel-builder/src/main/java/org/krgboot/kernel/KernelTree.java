package org.krgboot.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a tree says of itself. */
final class KernelTree {
  private KernelTree() {}

  /** Its release, once it was configured or built: the name of its modules' directory. */
  static Optional<String> release(Path tree) throws IOException {
    for (String name : List.of("include/config/kernel.release", ".kernelrelease")) {
      Path file = tree.resolve(name);
      if (Files.isRegularFile(file)) {
        String release = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        if (release.matches("[!-.0-~]{1,200}")) {
          return Optional.of(release);
        }
      }
    }
    return Optional.empty();
  }
}
