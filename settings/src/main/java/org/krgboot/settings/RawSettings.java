package org.krgboot.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.krgboot.model.Nearest;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/** The settings as written, each with its place: first the file's, then the flags', which win. */
public final class RawSettings {
  /** A value with the place where it was written. */
  record Written(String place, Object value) {}

  /** Arrays of tables that the file may have, by their whole name. */
  private static final Set<String> ARRAYS =
      Set.of(
          HostReader.HOSTS,
          HostReader.CLASSES,
          NetworkReader.TABLE,
          NodeReader.NODES,
          NodeReader.GROUPS,
          ExportTables.NAME,
          BootPlanReader.PROFILES,
          BootPlanReader.ENTRIES,
          BootPlanReader.NODES);

  private final Map<SettingKey, Written> values = new EnumMap<>(SettingKey.class);
  private final Map<String, List<WrittenTable>> arrays = new HashMap<>();
  private final Problems problems;

  public RawSettings(Problems problems) {
    this.problems = problems;
  }

  /** Reads a TOML file; what is wrong with it goes to the problems. */
  public void readFile(Path file) {
    try {
      readText(String.valueOf(file.getFileName()), Files.readString(file));
    } catch (IOException e) {
      problems.add(file.toString(), "cannot be read: " + e.getMessage());
    }
  }

  /**
   * Reads the text of a TOML file; what it says goes over what was read before, but for tables of
   * an array, which come to those that were.
   *
   * @param name that problems are told with
   */
  public void readText(String name, String text) {
    read(name, Toml.parse(text));
  }

  /** The same of what was parsed before. */
  void read(String name, TomlParseResult toml) {
    for (TomlParseError error : toml.errors()) {
      problems.add(name + ":" + error.position().line(), String.valueOf(error.getMessage()));
    }
    if (!toml.hasErrors()) {
      readTables(name, toml);
    }
  }

  private void addTables(String name, String file, TomlArray array) {
    arrays
        .computeIfAbsent(name, _ -> new ArrayList<>())
        .addAll(WrittenTable.tables(name, file, array, problems));
  }

  private void readTables(String file, TomlParseResult toml) {
    for (String table : toml.keySet()) {
      Object content = toml.get(List.of(table));
      if (ARRAYS.contains(table) && content instanceof TomlArray array) {
        addTables(table, file, array);
      } else if (content instanceof TomlTable keys && isKnown(table)) {
        readTable(file, table, keys);
      } else {
        String place = place(file, toml, table);
        problems.add(place, "unknown key '" + table + "'" + suggestion(table));
      }
    }
  }

  /** Whether it has keys, or tables of an array. */
  private static boolean isKnown(String table) {
    return Stream.concat(ARRAYS.stream(), Arrays.stream(SettingKey.values()).map(SettingKey::text))
        .anyMatch(key -> key.startsWith(table + "."));
  }

  private void readTable(String file, String table, TomlTable keys) {
    for (String key : keys.keySet()) {
      String full = table + "." + key;
      String place = place(file, keys, key);
      Object value = keys.get(List.of(key));
      Optional<SettingKey> known = SettingKey.of(full);
      if (ARRAYS.contains(full) && value instanceof TomlArray array) {
        addTables(full, file, array);
      } else if (known.isEmpty() || value == null) {
        problems.add(place, "unknown key '" + full + "'" + suggestion(full));
      } else {
        values.put(known.get(), new Written(place, value));
      }
    }
  }

  private static String place(String file, TomlTable table, String key) {
    var position = table.inputPositionOf(List.of(key));
    return position == null ? file : file + ":" + position.line();
  }

  private static String suggestion(String key) {
    List<String> known = new ArrayList<>(ARRAYS);
    known.addAll(Arrays.stream(SettingKey.values()).map(SettingKey::text).toList());
    return Nearest.of(key, known).map(near -> ". Did you mean '" + near + "'?").orElse("");
  }

  /** A flag given on the command line; it wins over the file. Null means it was not given. */
  public void flag(SettingKey key, String flag, @Nullable Object value) {
    if (value != null) {
      values.put(key, new Written(flag, value));
    }
  }

  /** The tables {@code [[name]]}. */
  List<WrittenTable> tables(String name) {
    return arrays.getOrDefault(name, List.of());
  }

  /** The keys of one table, those given as flags among them, without the table's name. */
  WrittenTable table(String name) {
    Map<String, Written> keys = new HashMap<>();
    values.forEach((key, written) -> {
      if (key.text().startsWith(name + ".")) {
        keys.put(key.text().substring(name.length() + 1), written);
      }
    });
    return new WrittenTable(name, name, keys, problems);
  }

  /** Where the key was written, or its name if it was not. */
  String placeOf(SettingKey key) {
    Written written = values.get(key);
    return written == null ? key.text() : written.place();
  }

  /** The value read by {@code parser}; what the parser refuses goes to the problems. */
  <T> Optional<T> get(SettingKey key, Function<String, T> parser) {
    Written written = values.get(key);
    return written == null ? Optional.empty() : parse(written, key.text(), parser);
  }

  /** The elements of a list, or a single value as a list of one. */
  <T> Optional<List<T>> list(SettingKey key, Function<String, T> parser) {
    Written written = values.get(key);
    if (written == null) {
      return Optional.empty();
    }
    List<T> elements = new ArrayList<>();
    for (Object element : elements(written.value())) {
      parse(new Written(written.place(), element), key.text(), parser).ifPresent(elements::add);
    }
    return Optional.of(elements);
  }

  static List<?> elements(Object value) {
    return value instanceof TomlArray array
        ? array.toList()
        : value instanceof List<?> list ? list : List.of(value);
  }

  /** Reads one written value; what the parser refuses goes to the problems. */
  private <T> Optional<T> parse(Written written, String name, Function<String, T> parser) {
    return parse(written, name, parser, problems);
  }

  /** Reads one written value; what the parser refuses goes to the problems. */
  static <T> Optional<T> parse(
      Written written, String name, Function<String, T> parser, Problems problems) {
    if (!isOneValue(written.value())) {
      problems.add(written.place(), name + " takes one value, not a list or table");
      return Optional.empty();
    }
    try {
      return Optional.of(parser.apply(written.value().toString()));
    } catch (IllegalArgumentException e) {
      problems.add(written.place(), name + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  private static boolean isOneValue(Object value) {
    return !(value instanceof TomlArray || value instanceof TomlTable || value instanceof List<?>);
  }
}
