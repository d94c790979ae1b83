package org.krgboot.steps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.krgboot.model.Nearest;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** A recipe: a TOML file with tables and lists of tables. Gathers all that is wrong in it. */
public final class RecipeFile {
  private static final long LONGEST = 4 << 20;

  private final Path directory;
  private final String file;
  private final TomlParseResult toml;
  private final List<String> problems = new ArrayList<>();

  private RecipeFile(Path path, TomlParseResult toml) {
    this.directory = path.toAbsolutePath().normalize().resolveSibling("");
    this.file = String.valueOf(path.getFileName());
    this.toml = toml;
  }

  /**
   * Reads a file.
   *
   * @param tables names that it may have once, as {@code [name]}
   * @param lists names that it may have often, as {@code [[name]]}
   * @throws RecipeException if it is no TOML
   */
  public static RecipeFile read(Path path, List<String> tables, List<String> lists)
      throws RecipeException, IOException {
    String text;
    try {
      if (Files.size(path) > LONGEST) {
        throw new IOException("it is longer than any recipe");
      }
      text = Files.readString(path);
    } catch (IOException e) {
      throw new IOException(path + " cannot be read: " + e.getMessage(), e);
    }
    RecipeFile recipe = new RecipeFile(path, parse(path, text));
    recipe.onlyThese(tables, lists);
    return recipe;
  }

  private static TomlParseResult parse(Path path, String text) throws RecipeException {
    TomlParseResult toml;
    try {
      toml = Toml.parse(text);
    } catch (StackOverflowError e) {
      throw new RecipeException(
          List.of(path.getFileName() + ":1: lists or tables are nested too deeply"));
    }
    if (toml.hasErrors()) {
      throw new RecipeException(
          toml.errors().stream()
              .map(error ->
                  path.getFileName() + ":" + error.position().line() + ": " + error.getMessage())
              .toList());
    }
    return toml;
  }

  private void onlyThese(List<String> tables, List<String> lists) {
    for (String key : toml.keySet()) {
      Object value = toml.get(List.of(key));
      boolean table = tables.contains(key) && value instanceof TomlTable;
      boolean list = lists.contains(key) && value instanceof TomlArray;
      if (!table && !list) {
        String near =
            Nearest.of(key, Stream.concat(tables.stream(), lists.stream()).toList())
                .map(other -> ". Did you mean " + shown(other, tables) + "?")
                .orElse("; there are " + all(tables, lists));
        problems.add(at(key) + "unknown table '" + key + "'" + near);
      }
    }
  }

  private String at(String key) {
    TomlPosition position = toml.inputPositionOf(List.of(key));
    return file + ":" + (position == null ? 1 : position.line()) + ": ";
  }

  private static String shown(String name, List<String> tables) {
    return tables.contains(name) ? "[" + name + "]" : "[[" + name + "]]";
  }

  private static String all(List<String> tables, List<String> lists) {
    return Stream.concat(tables.stream(), lists.stream())
        .map(name -> shown(name, tables))
        .collect(Collectors.joining(", "));
  }

  /** The recipe's name: the file's, without .toml. A name that is none is a problem. */
  public String name() {
    String name = file.replaceFirst("\\.toml$", "");
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,60}")) {
      problems.add(file + ": name the recipe with letters, digits, . _ - only, and .toml");
    }
    return name;
  }

  /** Where the recipe stands; relative names in it begin there. */
  public Path directory() {
    return directory;
  }

  /** Something wrong with the recipe as a whole. */
  public void problem(String text) {
    problems.add(file + ":1: " + text);
  }

  /** Whether the recipe has that table, or one of that list. */
  public boolean has(String name) {
    return toml.contains(List.of(name));
  }

  /** A table; empty if it is not there. */
  public RecipeTable table(String name) {
    boolean there = toml.get(List.of(name)) instanceof TomlTable;
    TomlTable table = there ? toml.getTable(List.of(name)) : null;
    TomlPosition position = toml.inputPositionOf(List.of(name));
    return new RecipeTable(
        file,
        "[" + name + "]",
        table == null ? Toml.parse("") : table,
        position == null ? 1 : position.line(),
        problems);
  }

  /** All tables of a list, in order. */
  public <T> List<T> all(String name, Function<RecipeTable, T> reader) {
    List<T> all = new ArrayList<>();
    if (toml.get(List.of(name)) instanceof TomlArray array) {
      for (int i = 0; i < array.size(); i++) {
        TomlPosition position = array.inputPositionOf(i);
        int line = position == null ? 1 : position.line();
        if (array.get(i) instanceof TomlTable table) {
          all.add(reader.apply(new RecipeTable(file, "[[" + name + "]]", table, line, problems)));
        } else {
          problems.add(file + ":" + line + ": write '" + name + "' as [[" + name + "]]");
        }
      }
    }
    return all;
  }

  /** A file or directory that the recipe names. */
  public Path readable(String text) {
    Path path = path(text);
    if (!Files.isReadable(path)) {
      throw new IllegalArgumentException(path + " cannot be read");
    }
    return path;
  }

  /** What the recipe names, whether it is there or not. */
  public Path path(String text) {
    try {
      return directory.resolve(text).normalize();
    } catch (java.nio.file.InvalidPathException e) {
      throw new IllegalArgumentException("'" + text.strip() + "' is no path", e);
    }
  }

  /** The content of a text file that the recipe names. */
  public String content(String text) {
    try {
      return Files.readString(readable(text));
    } catch (IOException e) {
      throw new IllegalArgumentException(text + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Ends the reading.
   *
   * @throws RecipeException with all problems, if there are any
   */
  public void mustBeSound() throws RecipeException {
    if (!problems.isEmpty()) {
      problems.sort(Comparator.comparingInt(RecipeFile::lineOf));
      throw new RecipeException(problems);
    }
  }

  private static int lineOf(String problem) {
    String[] parts = problem.split(":", 3);
    return parts.length > 1 && parts[1].matches("[0-9]{1,9}") ? Integer.parseInt(parts[1]) : 0;
  }
}
