package org.krgboot.steps;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.krgboot.model.Nearest;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * A table of a recipe; what is wrong in it is added to the problems, each with its line.
 *
 * @param name as in the file: {@code [root]} or {@code [[file]]}
 */
public record RecipeTable(
    String file, String name, TomlTable table, int line, List<String> problems) {

  /** Every other key is a problem, with the one that it most likely means. */
  public void allow(Set<String> known) {
    for (String key : table.keySet()) {
      if (!known.contains(key)) {
        String near =
            Nearest.of(key, known)
                .map(other -> ". Did you mean '" + other + "'?")
                .orElse("; it has " + String.join(", ", known.stream().sorted().toList()));
        problem(key, "unknown key '" + key + "' of " + name + near);
      }
    }
  }

  /** At the line of that key, else of the table. */
  public void problem(String key, String text) {
    TomlPosition position = table.inputPositionOf(List.of(key));
    problems.add(file + ":" + (position == null ? line : position.line()) + ": " + text);
  }

  /** Whether that key is there, with whatever value. */
  public boolean has(String key) {
    return table.contains(List.of(key));
  }

  /** A text or number, read by {@code parser}; what that refuses is a problem. */
  public <T> Optional<T> get(String key, Function<String, T> parser) {
    Object value = table.get(List.of(key));
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof TomlArray || value instanceof TomlTable) {
      problem(key, key + " takes one value, not a list or table");
      return Optional.empty();
    }
    return parse(key, value.toString(), parser);
  }

  /** A text, as it stands there. */
  public Optional<String> text(String key) {
    return get(key, text -> text);
  }

  /** As {@link #text}; a problem if it is not there. */
  public String must(String key) {
    Optional<String> text = text(key);
    if (text.isEmpty() && !has(key)) {
      problems.add(file + ":" + line + ": " + name + " lacks the key '" + key + "'");
    }
    return text.orElse("");
  }

  /** The elements of a list. */
  public <T> List<T> list(String key, Function<String, T> parser) {
    Object value = table.get(List.of(key));
    List<T> elements = new ArrayList<>();
    if (value instanceof TomlArray array) {
      for (Object element : array.toList()) {
        parse(key, element.toString(), parser).ifPresent(elements::add);
      }
    } else if (value != null) {
      problem(key, key + " is a list; write it as " + key + " = [\"...\", \"...\"]");
    }
    return elements;
  }

  private <T> Optional<T> parse(String key, String text, Function<String, T> parser) {
    try {
      return Optional.of(parser.apply(text));
    } catch (IllegalArgumentException e) {
      problem(key, key + ": " + e.getMessage());
      return Optional.empty();
    }
  }
}
