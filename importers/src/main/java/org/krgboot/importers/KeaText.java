package org.krgboot.importers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Kea's JSON as YAML can be read: without its comments of three kinds and its tabs, and with the
 * text of its {@code <?include "FILE"?>} in place. Each line knows where it comes from.
 */
final class KeaText {
  private static final String INCLUDE = "<?include";
  private static final int DEEPEST = 10;
  private static final int MOST_INCLUDES = 500;

  private final SourceFiles files;
  private final Report report;
  private final StringBuilder out = new StringBuilder();
  private final List<Place> lines = new ArrayList<>();
  private int includes = MOST_INCLUDES;
  private long characters = 4L * SourceFiles.LARGEST;
  private String file = "";
  private int line = 1;

  private KeaText(SourceFiles files, Report report) {
    this.files = files;
    this.report = report;
  }

  /**
   * What is to be read.
   *
   * @param lines where each line of it comes from
   */
  record Resolved(String text, List<Place> lines) {}

  static Resolved of(String file, String json, SourceFiles files, Report report) {
    KeaText reader = new KeaText(files, report);
    reader.append(file, json, 0);
    return new Resolved(reader.out.toString(), List.copyOf(reader.lines));
  }

  private void append(String name, String json, int depth) {
    file = name;
    line = 1;
    lines.add(new Place(file, line));
    int at = 0;
    while (at < json.length()) {
      char c = json.charAt(at);
      if (c == '"') {
        at = quoted(json, at);
      } else if (json.startsWith("/*", at)) {
        at = blank(json, at, end(json, "*/", at + 2, 2));
      } else if (c == '#' || json.startsWith("//", at)) {
        at = end(json, "\n", at, 0);
      } else if (json.startsWith(INCLUDE, at)) {
        at = include(json, at, depth);
      } else {
        put(c == '\t' ? ' ' : c);
        at++;
      }
    }
  }

  private static int end(String json, String mark, int from, int length) {
    int found = json.indexOf(mark, Math.min(from, json.length()));
    return found < 0 ? json.length() : found + length;
  }

  private void put(char c) {
    out.append(c);
    if (c == '\n') {
      line++;
      lines.add(new Place(file, line));
    }
  }

  private int blank(String json, int from, int to) {
    for (int i = from; i < to; i++) {
      put(json.charAt(i) == '\n' ? '\n' : ' ');
    }
    return to;
  }

  private int quoted(String json, int from) {
    put('"');
    int at = from + 1;
    while (at < json.length() && json.charAt(at) != '"') {
      if (json.charAt(at) == '\\' && at + 1 < json.length()) {
        put(json.charAt(at++));
      }
      put(json.charAt(at++));
    }
    if (at < json.length()) {
      put('"');
    }
    return at + 1;
  }

  /** {@code <?include "FILE"?>}, wherever a value or a part of a list can stand. */
  private int include(String json, int from, int depth) {
    int end = end(json, "?>", from, 2);
    Place place = new Place(file, line);
    String[] parts = json.substring(from, end).split("\"", -1);
    if (parts.length != 3) {
      report.error(place, "an include is written as <?include \"FILE\"?>");
      return blank(json, from, end);
    }
    content(place, parts[1], depth)
        .ifPresent(text -> {
          String outer = file;
          out.append('\n');
          append(parts[1], text, depth + 1);
          file = outer;
          line = place.line();
          out.append('\n');
          lines.add(place);
        });
    return end;
  }

  private Optional<String> content(Place place, String name, int depth) {
    if (depth >= DEEPEST || --includes < 0) {
      report.error(place, "too many includes; does '" + name + "' include itself?");
      return Optional.empty();
    }
    try {
      byte[] content = files.read(name);
      characters -= content.length;
      if (content.length > SourceFiles.LARGEST || characters < 0) {
        report.error(place, "'" + name + "' is too large");
        return Optional.empty();
      }
      return Optional.of(Texts.decoded(new String(content, StandardCharsets.ISO_8859_1)));
    } catch (IOException e) {
      report.error(place, "'" + name + "' cannot be included: " + e.getMessage());
      return Optional.empty();
    }
  }
}
