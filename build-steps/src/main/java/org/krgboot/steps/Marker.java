package org.krgboot.steps;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is remembered of a step that is done or begun; a file.
 *
 * @param key what decides it and all steps before; its first line
 * @param boot which start of the machine it was written in
 * @param parts what decides it alone, by name
 */
record Marker(String key, String step, String boot, Map<String, String> parts) {
  /** A key that no step has: going back was begun. */
  static final String GOING_BACK = "going back";

  /** Of each step, as it is now. */
  static <A extends Action> List<Marker> of(List<Step<A>> steps, Path place, String boot)
      throws IOException {
    List<Marker> markers = new ArrayList<>();
    String before = "";
    for (Step<A> step : steps) {
      Map<String, String> parts = step.parts(place);
      before = Sha256.of(before + parts);
      markers.add(new Marker(before, step.name(), boot, parts));
    }
    return markers;
  }

  static Marker goingBack() {
    return new Marker(GOING_BACK, "", "", Map.of());
  }

  static Optional<Marker> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file);
    if (lines.size() < 3) {
      return Optional.of(new Marker("damaged", "", "", Map.of()));
    }
    Map<String, String> parts = new LinkedHashMap<>();
    for (String line : lines.subList(3, lines.size())) {
      int space = line.indexOf(' ');
      parts.put(line.substring(space + 1), line.substring(0, Math.max(0, space)));
    }
    return Optional.of(new Marker(lines.get(0), lines.get(1), lines.get(2), parts));
  }

  /** Puts it there whole, and not before it is on the disk. */
  void write(Path file) throws IOException {
    List<String> lines = new ArrayList<>(List.of(key, step, boot));
    parts.forEach((name, value) -> lines.add(value + " " + name.replace('\n', ' ')));
    Files.createDirectories(file.resolveSibling("."));
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.write(fresh, lines);
    sync(fresh);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    sync(file.resolveSibling(".").normalize());
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
