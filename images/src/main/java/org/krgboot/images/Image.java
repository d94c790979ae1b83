package org.krgboot.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an image is.
 *
 * @param name of the recipe that it was made by, or of the file that it came from
 * @param made when it was added
 * @param kernel the release of its newest kernel; empty if it has none
 * @param files how many names it has
 * @param bytes of all its files
 * @param digest of its inventory: the same for the same content
 */
public record Image(
    int number,
    String name,
    Instant made,
    RootStyle.Kind style,
    String kernel,
    int files,
    long bytes,
    String digest) {

  /** One {@code name: value} a line. */
  String text() {
    return "name: "
        + name
        + "\nmade: "
        + made
        + "\nstyle: "
        + style.text()
        + "\nkernel: "
        + kernel
        + "\nfiles: "
        + files
        + "\nbytes: "
        + bytes
        + "\ndigest: "
        + digest
        + "\n";
  }

  static Image read(Path file, int number) throws IOException {
    Map<String, String> lines = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      int colon = line.indexOf(": ");
      if (colon > 0) {
        lines.put(line.substring(0, colon), line.substring(colon + 2));
      }
    }
    try {
      return new Image(
          number,
          lines.getOrDefault("name", ""),
          Instant.parse(lines.getOrDefault("made", "")),
          RootStyle.kind(lines.getOrDefault("style", "")),
          lines.getOrDefault("kernel", ""),
          Integer.parseInt(lines.getOrDefault("files", "")),
          Long.parseLong(lines.getOrDefault("bytes", "")),
          lines.getOrDefault("digest", ""));
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new ImageException(file + " is damaged: " + e.getMessage(), e);
    }
  }
}
