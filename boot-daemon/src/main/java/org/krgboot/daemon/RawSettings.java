package org.krgboot.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** The settings as written, each with its place: first the file's, then the flags', which win. */
final class RawSettings {
  /** A value with the place where it was written. */
  record Written(String place, Object value) {}

  /** One {@code [[host]]} table. */
  record WrittenHost(String place, Map<String, Written> keys) {}

  private static final Set<String> HOST_KEYS = Set.of("mac", "address", "name");

  private final Map<SettingKey, Written> values = new EnumMap<>(SettingKey.class);
  private final List<WrittenHost> hosts = new ArrayList<>();
  private final Problems problems;

  RawSettings(Problems problems) {
    this.problems = problems;
  }

  /** Reads a TOML file; what is wrong with it goes to the problems. */
  void readFile(Path file) {
    try {
      String name = String.valueOf(file.getFileName());
      TomlParseResult toml = Toml.parse(Files.readString(file));
      for (TomlParseError error : toml.errors()) {
        problems.add(name + ":" + error.position().line(), String.valueOf(error.getMessage()));
      }
      if (!toml.hasErrors()) {
        readTables(name, toml);
      }
    } catch (IOException e) {
      problems.add(file.toString(), "cannot be read: " + e.getMessage());
    }
  }

  private void readTables(String file, TomlParseResult toml) {
    for (String table : toml.keySet()) {
      Object content = toml.get(List.of(table));
      if (table.equals("host") && content instanceof TomlArray array) {
        readHosts(file, array);
      } else if (content instanceof TomlTable keys) {
        readTable(file, table, keys);
      } else {
        String place = place(file, toml, table);
        problems.add(place, "unknown key '" + table + "'" + suggestion(table));
      }
    }
  }

  private void readTable(String file, String table, TomlTable keys) {
    for (String key : keys.keySet()) {
      String full = table + "." + key;
      String place = place(file, keys, key);
      Object value = keys.get(List.of(key));
      Optional<SettingKey> known = SettingKey.of(full);
      if (known.isEmpty() || value == null) {
        problems.add(place, "unknown key '" + full + "'" + suggestion(full));
      } else {
        values.put(known.get(), new Written(place, value));
      }
    }
  }

  private void readHosts(String file, TomlArray array) {
    for (int i = 0; i < array.size(); i++) {
      TomlPosition position = array.inputPositionOf(i);
      String place = position == null ? file : file + ":" + position.line();
      if (!(array.get(i) instanceof TomlTable table)) {
        problems.add(place, "'host' is a list of tables; write each as [[host]]");
        continue;
      }
      Map<String, Written> keys = new java.util.HashMap<>();
      for (String key : table.keySet()) {
        Object value = table.get(List.of(key));
        if (HOST_KEYS.contains(key) && value != null) {
          keys.put(key, new Written(place(file, table, key), value));
        } else {
          problems.add(
              place(file, table, key),
              "unknown key '" + key + "' of a host; a host has mac, address and name");
        }
      }
      hosts.add(new WrittenHost(place, keys));
    }
  }

  private static String place(String file, TomlTable table, String key) {
    var position = table.inputPositionOf(List.of(key));
    return position == null ? file : file + ":" + position.line();
  }

  private static String suggestion(String key) {
    return SettingKey.nearest(key).map(near -> ". Did you mean '" + near.text() + "'?").orElse("");
  }

  /** A flag given on the command line; it wins over the file. Null means it was not given. */
  void flag(SettingKey key, String flag, @Nullable Object value) {
    if (value != null) {
      values.put(key, new Written(flag, value));
    }
  }

  List<WrittenHost> hosts() {
    return hosts;
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

  private static List<?> elements(Object value) {
    return value instanceof TomlArray array
        ? array.toList()
        : value instanceof List<?> list ? list : List.of(value);
  }

  /** Reads one written value; what the parser refuses goes to the problems. */
  <T> Optional<T> parse(Written written, String name, Function<String, T> parser) {
    if (written.value() instanceof TomlArray || written.value() instanceof TomlTable) {
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
}
