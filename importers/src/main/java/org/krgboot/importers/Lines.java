package org.krgboot.importers;

import java.util.ArrayList;
import java.util.List;

/** The lines of a file, each with its place. */
final class Lines {
  /** One line without its end. */
  record Line(Place place, String text) {}

  private Lines() {}

  static List<Line> of(String file, String text) {
    List<Line> lines = new ArrayList<>();
    int number = 1;
    for (String line : text.split("\r?\n", -1)) {
      lines.add(new Line(new Place(file, number++), line));
    }
    return lines;
  }
}
