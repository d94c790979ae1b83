package org.krgboot.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A kernel's configuration: of each option its value as in {@code .config}, {@code n} for one that
 * "is not set". Options are without CONFIG_.
 */
record Config(Map<String, String> values) {
  static final String OFF = "n";
  private static final Pattern SET = Pattern.compile("CONFIG_([A-Za-z0-9_]{1,200})=(.{0,4000})");
  private static final Pattern NOT_SET =
      Pattern.compile("# CONFIG_([A-Za-z0-9_]{1,200}) is not set");
  private static final Pattern SYMBOL = Pattern.compile("[A-Za-z0-9_]{1,200}");
  private static final Pattern VALUE =
      Pattern.compile(
          "[ymn]|-?[0-9]{1,20}|0[xX][0-9A-Fa-f]{1,16}|\"([^\"\\\\\\p{Cntrl}]|\\\\.)*\"");

  Config {
    values = new LinkedHashMap<>(values);
  }

  /** Reads a file; lines that are no options are left out, as the kernel does. */
  static Config parse(List<String> lines) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String line : lines) {
      option(line).ifPresent(option -> values.put(option.symbol(), option.value()));
    }
    return new Config(values);
  }

  /** One option. */
  record Option(String symbol, String value) {
    Option {
      if (!SYMBOL.matcher(symbol).matches()) {
        throw new IllegalArgumentException("'" + symbol + "' is not the name of an option");
      }
      if (!VALUE.matcher(value).matches()) {
        throw new IllegalArgumentException(
            "'" + value + "' is no value of an option; y, m, n, a number, or a text in quotes is");
      }
    }

    String line() {
      return value.equals(OFF)
          ? "# CONFIG_" + symbol + " is not set"
          : "CONFIG_" + symbol + "=" + value;
    }
  }

  private static Optional<Option> option(String line) {
    Matcher set = SET.matcher(line);
    if (set.matches() && VALUE.matcher(set.group(2)).matches()) {
      return Optional.of(new Option(set.group(1), set.group(2)));
    }
    Matcher notSet = NOT_SET.matcher(line);
    return notSet.matches() ? Optional.of(new Option(notSet.group(1), OFF)) : Optional.empty();
  }

  /**
   * Reads what a person wrote: comments and empty lines are fine, all else must be an option.
   *
   * @param what where it stands, in the message
   */
  static List<Request> fragment(List<String> lines, String what) {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      Optional<Option> option = option(line);
      String from = what + ":" + (i + 1);
      if (option.isPresent()) {
        requests.add(new Request(option.get(), from));
      } else if (!line.isEmpty() && (!line.startsWith("#") || line.matches("# CONFIG_\\S+ is.*"))) {
        throw new IllegalArgumentException(
            from
                + ": '"
                + shortened(line)
                + "' is no option; write CONFIG_NAME=y or"
                + " # CONFIG_NAME is not set");
      }
    }
    return requests;
  }

  private static String shortened(String line) {
    return line.length() > 60 ? line.substring(0, 60) + "..." : line;
  }

  /**
   * What somebody asked for.
   *
   * @param from where that stands
   */
  record Request(Option option, String from) {}

  String get(String symbol) {
    return values.getOrDefault(symbol, OFF);
  }

  /** With those in place of its own; the last of several for one option holds. */
  Config with(List<Request> requests) {
    Map<String, String> all = new LinkedHashMap<>(values);
    for (Request request : requests) {
      all.remove(request.option().symbol());
      all.put(request.option().symbol(), request.option().value());
    }
    return new Config(all);
  }

  String text() {
    return values.entrySet().stream()
        .map(entry -> new Option(entry.getKey(), entry.getValue()).line() + "\n")
        .collect(Collectors.joining());
  }

  /** Of the requests for one option the last; in the order of their names. */
  static List<Request> last(List<Request> requests) {
    Map<String, Request> last = new TreeMap<>();
    requests.forEach(request -> last.put(request.option().symbol(), request));
    return List.copyOf(last.values());
  }
}
