package org.krgboot.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a patch says of itself. */
record PatchFile(List<String> lines) {
  static PatchFile read(Path file) throws IOException {
    return new PatchFile(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
  }

  /**
   * Files that it changes, relative to the tree; names that lead out of it are left out.
   *
   * @param strip as patch -p
   */
  Set<Path> files(int strip) {
    Set<Path> files = new LinkedHashSet<>();
    for (String line : lines) {
      for (String mark : List.of("--- ", "+++ ", "rename from ", "copy from ")) {
        if (line.startsWith(mark)) {
          int less = mark.endsWith("from ") ? 0 : strip;
          name(line.substring(mark.length()), less).ifPresent(files::add);
        }
      }
    }
    return files;
  }

  private static Optional<Path> name(String text, int strip) {
    String name = text.split("\t", 2)[0].strip();
    // A date behind the name, with no tab before it.
    name = name.replaceFirst("\\s+[0-9]{4}-[0-9]{2}-[0-9]{2} .*$", "");
    if (name.equals("/dev/null")) {
      return Optional.empty();
    }
    for (int i = 0; i < strip; i++) {
      int slash = name.indexOf('/');
      if (slash < 0) {
        return Optional.empty();
      }
      name = name.substring(slash + 1).replaceFirst("^/+", "");
    }
    if (name.isEmpty() || name.startsWith("/") || name.length() > 1000) {
      return Optional.empty();
    }
    try {
      Path path = Path.of(name).normalize();
      return path.startsWith("..") || path.toString().isEmpty()
          ? Optional.empty()
          : Optional.of(path);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
