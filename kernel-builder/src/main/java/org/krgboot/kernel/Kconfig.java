package org.krgboot.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a tree says about its options, as far as it explains why one is not what was asked for. Read
 * only then: there are a thousand files.
 */
final class Kconfig {
  private record File(String name, List<String> lines) {}

  private final List<File> files;

  private Kconfig(List<File> files) {
    this.files = files;
  }

  static Kconfig of(Path tree) throws IOException {
    List<File> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : (Iterable<Path>) all.filter(Kconfig::isOne).sorted()::iterator) {
        files.add(
            new File(
                tree.relativize(path).toString(),
                Files.readString(path, StandardCharsets.ISO_8859_1).lines().toList()));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return new Kconfig(files);
  }

  private static boolean isOne(Path path) {
    return path.getFileName().toString().startsWith("Kconfig") && Files.isRegularFile(path);
  }

  /** Why an option may not be what was asked for; one line. */
  String hint(String symbol) {
    List<String> found = new ArrayList<>();
    boolean known = false;
    for (File file : files) {
      for (int i = 0; i < file.lines().size(); i++) {
        if (file.lines().get(i).strip().matches("(menu)?config\\s+" + symbol)) {
          known = true;
          block(file, i, found);
        }
      }
    }
    if (!known) {
      return files.isEmpty() ? "" : "there is no such option in this tree";
    }
    return String.join("; ", found);
  }

  private static void block(File file, int at, List<String> found) {
    boolean prompt = false;
    for (int i = at + 1; i < file.lines().size(); i++) {
      String line = file.lines().get(i).strip();
      if (line.matches("(menu)?config\\s+.*|help|---help---|endmenu|endif|menu\\s.*|choice.*")) {
        break;
      }
      prompt |= line.matches("(bool|tristate|string|int|hex|prompt)\\s+\".*");
      if (line.startsWith("depends on ")) {
        found.add("it " + line + place(file, at));
      }
    }
    if (!prompt) {
      found.add("nobody can ask for it: other options select it" + place(file, at));
    }
  }

  private static String place(File file, int at) {
    return " (" + file.name() + ":" + (at + 1) + ")";
  }
}
