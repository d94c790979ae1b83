package org.krgboot.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The file in a root that says what it was made from: one {@code name: value} a line. It is written
 * last, so a root that has one is complete.
 */
record Manifest(Map<String, String> lines) {
  static final String PATH = "etc/krgboot-root";
  private static final String KERNEL = "kernel";

  Manifest withKernel(String kernel) {
    Map<String, String> all = new LinkedHashMap<>(lines);
    all.put(KERNEL, kernel);
    return new Manifest(all);
  }

  /** Reads the manifest of a root; empty if it has none, as a root that is not ours. */
  static Optional<Manifest> read(Path root) throws IOException {
    Path file = root.resolve(PATH);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    Map<String, String> lines = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      int colon = line.indexOf(": ");
      if (!line.startsWith("#") && colon > 0) {
        lines.put(line.substring(0, colon), line.substring(colon + 2));
      }
    }
    return Optional.of(new Manifest(lines));
  }

  String text() {
    StringBuilder text =
        new StringBuilder("# What this node root was made from, by 'krgboot root build'.\n");
    lines.forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    return text.toString();
  }

  /** The kernel's release. */
  String kernel() {
    return lines.getOrDefault(KERNEL, "");
  }

  /** In what the root differs from the recipe, for a person; empty if it is what is wanted. */
  List<String> differences(RootRecipe recipe) {
    List<String> differences = new ArrayList<>();
    recipe
        .lines()
        .forEach((name, wanted) -> {
          String is = lines.getOrDefault(name, "");
          if (!is.equals(wanted)) {
            differences.add(
                name.equals("files")
                    ? "made by another version of krgboot"
                    : name + " is '" + is + "', wanted is '" + wanted + "'");
          }
        });
    // The names of the hosts are in one of the files, too: say it once.
    if (differences.size() > 1) {
      differences.remove("made by another version of krgboot");
    }
    return differences;
  }
}
