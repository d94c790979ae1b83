package org.krgboot.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.krgboot.model.Nearest;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * A table as written, with its place and those of its keys.
 *
 * @param name as in the file: {@code dhcp.network}
 */
record WrittenTable(
    String name, String place, Map<String, RawSettings.Written> keys, Problems problems) {
  /** The tables of an array, {@code [[name]]}; what is none of these goes to the problems. */
  static List<WrittenTable> tables(String name, String file, TomlArray array, Problems problems) {
    List<WrittenTable> tables = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      TomlPosition position = array.inputPositionOf(i);
      String place = position == null ? file : file + ":" + position.line();
      if (array.get(i) instanceof TomlTable table) {
        tables.add(of(name, file, place, table, problems));
      } else {
        problems.add(place, "'" + name + "' is a list of tables; write each as [[" + name + "]]");
      }
    }
    return tables;
  }

  private static WrittenTable of(
      String name, String file, String place, TomlTable table, Problems problems) {
    Map<String, RawSettings.Written> keys = new LinkedHashMap<>();
    for (String key : table.keySet()) {
      Object value = table.get(List.of(key));
      TomlPosition position = table.inputPositionOf(List.of(key));
      String at = position == null ? file : file + ":" + position.line();
      if (value instanceof TomlArray array
          && !array.isEmpty()
          && array.get(0) instanceof TomlTable) {
        List<WrittenTable> inner = tables(name + "." + key, file, array, problems);
        keys.put(key, new RawSettings.Written(at, inner));
      } else if (value != null) {
        keys.put(key, new RawSettings.Written(at, value));
      }
    }
    return new WrittenTable(name, place, keys, problems);
  }

  /** Every other key becomes a problem, with the one that it most likely means. */
  void allow(Set<String> known) {
    keys.forEach((key, written) -> {
      if (!known.contains(key)) {
        problems.add(
            written.place(), "unknown key '" + key + "' of [[" + name + "]]" + near(key, known));
      }
    });
  }

  private static String near(String key, Set<String> known) {
    return Nearest.of(key, known)
        .map(other -> ". Did you mean '" + other + "'?")
        .orElse("; it has " + String.join(", ", known.stream().sorted().toList()));
  }

  boolean has(String key) {
    return keys.containsKey(key);
  }

  /** Where the key was written, else the table. */
  String placeOf(String key) {
    RawSettings.Written written = keys.get(key);
    return written == null ? place : written.place();
  }

  /** The file in which the key was written. */
  String fileOf(String key) {
    return placeOf(key).replaceFirst(":[0-9]+$", "");
  }

  /** The value read by {@code parser}; what the parser refuses goes to the problems. */
  <T> Optional<T> get(String key, Function<String, T> parser) {
    RawSettings.Written written = keys.get(key);
    return written == null ? Optional.empty() : parse(written, key, parser);
  }

  /** The elements of a list, or a single value as a list of one. */
  <T> Optional<List<T>> list(String key, Function<String, T> parser) {
    RawSettings.Written written = keys.get(key);
    if (written == null) {
      return Optional.empty();
    }
    List<T> elements = new ArrayList<>();
    for (Object element : RawSettings.elements(written.value())) {
      parse(new RawSettings.Written(written.place(), element), key, parser)
          .ifPresent(elements::add);
    }
    return Optional.of(elements);
  }

  /** The tables {@code [[name.key]]}. */
  List<WrittenTable> tables(String key) {
    List<WrittenTable> tables = new ArrayList<>();
    RawSettings.Written written = keys.get(key);
    if (written != null) {
      for (Object element : RawSettings.elements(written.value())) {
        if (element instanceof WrittenTable table) {
          tables.add(table);
        } else {
          problems.add(
              written.place(), "'" + key + "' is a list of tables: [[" + name + "." + key + "]]");
        }
      }
    }
    return tables;
  }

  private <T> Optional<T> parse(
      RawSettings.Written written, String key, Function<String, T> parser) {
    return RawSettings.parse(written, name + "." + key, parser, problems);
  }
}
