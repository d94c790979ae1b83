package org.krgboot.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What /proc tells of a process. */
final class ProcessTable {
  private ProcessTable() {}

  /** Its command line, if it has to do with that directory; else nothing. */
  static String line(Path process, Path place) {
    try {
      String line =
          Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
              .replace('\0', ' ');
      Path in = Files.readSymbolicLink(process.resolve("cwd"));
      return line.contains(place.toString()) || in.startsWith(place) ? line : "";
    } catch (IOException e) { // it has ended meanwhile
      return "";
    }
  }
}
