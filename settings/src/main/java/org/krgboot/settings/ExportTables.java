package org.krgboot.settings;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.krgboot.nfs.ExportsException;
import org.krgboot.nfs.ExportsFile;
import org.krgboot.nfs.HostNames;

/** The tables {@code [[export]]}: a line of an exports file each, exports(5). */
final class ExportTables {
  static final String NAME = "export";

  private static final Set<String> KEYS = Set.of("path", "clients", "options");

  private static final ExportsFile NONE = new ExportsFile(List.of(), List.of());

  private ExportTables() {}

  /** What is wrong with them goes to the problems. */
  static ExportsFile read(List<WrittenTable> tables, HostNames names, Problems problems) {
    List<WrittenTable> lines = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (WrittenTable table : tables) {
      line(table)
          .ifPresent(line -> {
            lines.add(table);
            text.append(line).append('\n');
          });
    }
    try {
      byte[] content = text.toString().getBytes(StandardCharsets.US_ASCII);
      ExportsFile file = ExportsFile.parse(NAME, content, names);
      return new ExportsFile(
          file.exports(),
          file.notes().stream()
              .map(note -> new ExportsFile.Note(place(note, lines), note.text()))
              .toList());
    } catch (ExportsException e) {
      e.problems().forEach(problem -> problems.add(place(problem, lines), problem.text()));
      return NONE;
    }
  }

  private static String place(ExportsFile.Note note, List<WrittenTable> lines) {
    int line = Integer.parseInt(note.place().substring(NAME.length() + 1));
    return lines.get(Math.clamp(line - 1, 0, lines.size() - 1)).place();
  }

  private static Optional<String> line(WrittenTable table) {
    table.allow(KEYS);
    Optional<String> path = table.get("path", ExportTables::path);
    Optional<List<String>> clients = table.list("clients", ExportTables::client);
    Optional<String> options = table.get("options", ExportTables::options);
    if (!table.has("path") || !table.has("clients")) {
      table
          .problems()
          .add(
              table.place(),
              "an export needs path and clients: path = \"/home\", clients = \"10.11.12.0/24(rw)\"");
    }
    return path.isEmpty() || clients.isEmpty() || clients.get().isEmpty()
        ? Optional.empty()
        : Optional.of(
            path.get()
                + options.map(o -> " -" + o).orElse("")
                + " "
                + String.join(" ", clients.get()));
  }

  /** What is no plain letter is written in octal, as exports(5) has it. */
  private static String path(String text) {
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException("'" + text + "' does not begin with /");
    }
    StringBuilder escaped = new StringBuilder();
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xff);
      boolean isPlain = c < 128 && (Character.isLetterOrDigit(c) || "/._-+,:@".indexOf(c) >= 0);
      escaped.append(isPlain ? String.valueOf(c) : String.format("\\%03o", (int) c));
    }
    return escaped.toString();
  }

  private static String client(String text) {
    return plain(text, "a client and its options, such as 10.11.12.0/24(rw,no_root_squash)");
  }

  private static String options(String text) {
    return plain(text, "options with commas between, such as rw,no_root_squash");
  }

  private static String plain(String text, String expected) {
    if (!text.matches("[\\x21-\\x7e&&[^#\"\\\\]]+")) {
      throw new IllegalArgumentException("'" + text + "' is not " + expected);
    }
    return text;
  }
}
