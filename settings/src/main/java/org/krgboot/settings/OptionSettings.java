package org.krgboot.settings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.krgboot.dhcp.Octets;
import org.krgboot.dhcp.OptionName;
import org.krgboot.dhcp.OptionType;
import org.krgboot.dhcp.OptionValue;
import org.krgboot.model.Nearest;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/**
 * Options for nodes as a table: by name, such as {@code ntp-servers = ["10.11.12.1"]}, or by number
 * with a type, such as {@code 130 = { type = "text", value = "x", always = true }}.
 */
final class OptionSettings {
  private static final String VALUE = "value";
  private static final String TYPE = "type";
  private static final String ALWAYS = "always";
  private static final Set<String> KEYS = Set.of(TYPE, VALUE, ALWAYS);

  private final String file;
  private final Problems problems;

  /**
   * For tables of one file.
   *
   * @param file the name that problems are told with
   */
  OptionSettings(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /** The options of the table; what is wrong with one goes to the problems. */
  List<OptionValue> read(TomlTable table) {
    Map<Integer, OptionValue> options = new LinkedHashMap<>();
    for (String key : table.keySet()) {
      Optional<Integer> code = code(key);
      if (code.isEmpty()) {
        problems.add(place(table, key), "unknown option '" + key + "'" + suggestion(key));
        continue;
      }
      try {
        OptionValue option = option(code.get(), table.get(List.of(key)), table, key);
        if (options.putIfAbsent(option.code(), option) != null) {
          throw new IllegalArgumentException("it is there twice, by name and by number");
        }
      } catch (IllegalArgumentException e) {
        problems.add(place(table, key), "option " + key + ": " + e.getMessage());
      }
    }
    return List.copyOf(options.values());
  }

  private static Optional<Integer> code(String key) {
    return key.matches("[0-9]{1,3}")
        ? Optional.of(Integer.parseInt(key))
        : OptionName.of(key).map(OptionName::code);
  }

  private OptionValue option(int code, @Nullable Object written, TomlTable table, String key) {
    Optional<OptionType> known = OptionName.of(code).map(OptionName::type);
    if (!(written instanceof TomlTable parts)) {
      OptionType type =
          known.orElseThrow(() ->
              new IllegalArgumentException(
                  "it has no known type; write it as { type = \"text\", value = \"…\" }, with"
                      + " one of "
                      + OptionType.names()));
      return new OptionValue(code, encoded(type, written));
    }
    if (!parts.contains(List.of(VALUE))
        && known.filter(OptionType.ENCAPSULATED::equals).isPresent()) {
      return new OptionValue(code, encapsulated(parts));
    }
    refuseUnknown(parts, table, key);
    Octets value = encoded(type(parts, known), parts.get(List.of(VALUE)));
    return new OptionValue(code, value, sent(parts));
  }

  private static OptionType type(TomlTable parts, Optional<OptionType> known) {
    Object written = parts.get(List.of(TYPE));
    if (written == null) {
      return known.orElseThrow(
          () -> new IllegalArgumentException("it needs a type, one of " + OptionType.names()));
    }
    return OptionType.of(written.toString())
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'" + written + "' is no type; it is one of " + OptionType.names()));
  }

  private static OptionValue.Sent sent(TomlTable parts) {
    Object always = parts.get(List.of(ALWAYS));
    return always != null && SettingParsers.yesOrNo(always.toString())
        ? OptionValue.Sent.ALWAYS
        : OptionValue.Sent.IF_ASKED;
  }

  private void refuseUnknown(TomlTable parts, TomlTable table, String key) {
    Set<String> unknown = new TreeSet<>(parts.keySet());
    unknown.removeAll(KEYS);
    if (!unknown.isEmpty()) {
      problems.add(
          place(table, key),
          "option " + key + ": unknown " + unknown + "; it has type, value and always");
    }
  }

  private static Octets encoded(OptionType type, @Nullable Object value) {
    if (value == null) {
      throw new IllegalArgumentException("it needs a value");
    }
    if (value instanceof TomlTable inner) {
      if (type != OptionType.ENCAPSULATED) {
        throw new IllegalArgumentException("a value of type " + type.text() + " is no table");
      }
      return encapsulated(inner);
    }
    return type.encode(elements(value));
  }

  private static List<String> elements(Object value) {
    List<String> elements = new ArrayList<>();
    List<?> all = value instanceof TomlArray array ? array.toList() : List.of(value);
    for (Object element : all) {
      if (element instanceof TomlTable || element instanceof TomlArray) {
        throw new IllegalArgumentException("a list of it has plain values");
      }
      elements.add(element.toString());
    }
    return elements;
  }

  /** Each by number, as {@code { type = …, value = … }}. */
  private static Octets encapsulated(TomlTable table) {
    Map<Integer, Octets> inner = new LinkedHashMap<>();
    for (String key : table.keySet()) {
      if (!key.matches("[0-9]{1,3}") || !(table.get(List.of(key)) instanceof TomlTable parts)) {
        throw new IllegalArgumentException(
            "within it, write '" + key + "' as a number = { type = \"ip\", value = \"…\" }");
      }
      inner.put(
          Integer.parseInt(key), encoded(type(parts, Optional.empty()), parts.get(List.of(VALUE))));
    }
    return OptionType.encapsulate(inner);
  }

  private static String suggestion(String key) {
    return Nearest.of(key, Arrays.stream(OptionName.values()).map(OptionName::text).toList())
        .map(name -> ". Did you mean '" + name + "'?")
        .orElse("; write its number, or one of " + OptionName.names());
  }

  private String place(TomlTable table, String key) {
    var position = table.inputPositionOf(List.of(key));
    return position == null ? file : file + ":" + position.line();
  }
}
