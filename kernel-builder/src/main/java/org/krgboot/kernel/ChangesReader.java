package org.krgboot.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.krgboot.kernel.KernelRecipe.Change;
import org.krgboot.kernel.KernelRecipe.Way;
import org.krgboot.steps.RecipeFile;
import org.krgboot.steps.RecipeTable;

/** Reads {@code [[patch]]} and {@code [[edit]]}: all patches come before all edits. */
record ChangesReader(RecipeFile file, String tree) {
  private static final List<String> WAYS =
      List.of("replace", "pattern", "append", "create", "copy-of", "remove");

  List<Change> read() {
    List<Change> changes = new ArrayList<>();
    file.all("patch", this::patches).forEach(changes::addAll);
    file.all("edit", this::edits).forEach(changes::addAll);
    return changes;
  }

  private List<Change> patches(RecipeTable table) {
    table.allow(Set.of("tree", "file", "files", "series", "strip"));
    String in = table.get("tree", Names::inTree).orElse(tree);
    int strip = table.get("strip", text -> Names.number(text, 0, 20)).orElse(1);
    if (Stream.of("file", "files", "series").filter(table::has).count() != 1) {
      table.problem("file", "[[patch]] has one of file, files and series");
    }
    List<Change> changes = new ArrayList<>();
    table
        .get("file", file::readable)
        .ifPresent(path -> changes.add(new Change.Patch(in, path, strip)));
    for (Path path : table.list("files", file::readable)) {
      changes.add(new Change.Patch(in, path, strip));
    }
    table.get("series", text -> series(text, in, strip)).ifPresent(changes::addAll);
    return changes;
  }

  /** As quilt has it: one name a line, perhaps with -pN behind it. */
  private List<Change> series(String text, String in, int strip) {
    List<Change> changes = new ArrayList<>();
    Path series = file.readable(text);
    List<String> lines;
    try {
      lines = Files.readAllLines(series);
    } catch (IOException e) {
      throw new IllegalArgumentException(series + " cannot be read: " + e.getMessage(), e);
    }
    for (String line : lines) {
      String[] words = line.replaceFirst("(^|\\s)#.*", "").strip().split("\\s+", -1);
      if (words[0].isEmpty()) {
        continue;
      }
      Path patch = file.readable(series.resolveSibling(words[0]).toString());
      boolean own = words.length > 1 && words[1].matches("-p[0-9]{1,2}");
      int level = own ? Integer.parseInt(words[1].substring(2)) : strip;
      changes.add(new Change.Patch(in, patch, level));
    }
    return changes;
  }

  private List<Change> edits(RecipeTable table) {
    table.allow(
        Set.of(
            "tree", "file", "files", "replace", "pattern", "with", "times", "append", "create",
            "copy-of", "remove"));
    String in = table.get("tree", Names::inTree).orElse(tree);
    String from = file.name() + ".toml:" + table.line();
    List<String> names = new ArrayList<>(table.list("files", Names::inTree));
    table.get("file", Names::inTree).ifPresent(names::add);
    if (names.isEmpty() && !table.has("file") && !table.has("files")) {
      table.problem("file", "[[edit]] lacks the key 'file' (or 'files')");
    }
    Optional<Way> way = way(table);
    return names.stream()
        .flatMap(name -> way.stream().map(each -> (Change) new Change.Edit(in, name, each, from)))
        .toList();
  }

  private Optional<Way> way(RecipeTable table) {
    List<String> ways = WAYS.stream().filter(table::has).toList();
    if (ways.size() != 1) {
      table.problem("file", "[[edit]] has one of " + String.join(", ", WAYS));
      return Optional.empty();
    }
    String kind = ways.getFirst();
    if (!List.of("replace", "pattern").contains(kind)) {
      for (String key : List.of("with", "times")) {
        if (table.has(key)) {
          table.problem(key, key + " goes with replace or pattern");
        }
      }
    }
    Optional<Integer> times = table.get("times", text -> Names.number(text, 1, 100_000));
    return switch (kind) {
      case "replace" ->
          table
              .get("replace", ChangesReader::notEmpty)
              .map(text -> new Way.Replace(text, with(table), times));
      case "pattern" ->
          table
              .get("pattern", ChangesReader::pattern)
              .map(text -> new Way.Pattern(text, with(table), times));
      case "append" -> table.get("append", Function.<String>identity()).map(Way.Append::new);
      case "create" -> table.get("create", Function.<String>identity()).map(Way.Create::new);
      case "copy-of" -> table.get("copy-of", Names::inTree).map(Way.CopyOf::new);
      default -> Optional.of(new Way.Remove());
    };
  }

  private static String with(RecipeTable table) {
    return table.has("with") ? table.text("with").orElse("") : table.must("with");
  }

  private static String notEmpty(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("what is to be replaced is empty");
    }
    return text;
  }

  private static String pattern(String text) {
    try {
      return java.util.regex.Pattern.compile(text).pattern();
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'" + Names.shown(text) + "' is no pattern: " + e.getDescription(), e);
    }
  }
}
