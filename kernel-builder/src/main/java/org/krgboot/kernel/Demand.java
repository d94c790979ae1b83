package org.krgboot.kernel;

import java.util.List;

/**
 * What a configuration must be for a purpose.
 *
 * @param anyOf options of which one is enough; their names have changed over the years
 * @param values of which one it must have
 * @param why for people
 */
record Demand(List<String> anyOf, List<String> values, String why) {
  static Demand on(String symbol, String why) {
    return new Demand(List.of(symbol), List.of("y"), why);
  }

  static Demand onOrModule(String symbol, String why) {
    return new Demand(List.of(symbol), List.of("y", "m"), why);
  }

  static Demand off(String symbol, String why) {
    return new Demand(List.of(symbol), List.of(Config.OFF), why);
  }

  boolean isMetBy(Config config) {
    return anyOf.stream().anyMatch(symbol -> values.contains(config.get(symbol)));
  }

  /** As a line that asks for it. */
  String wanted() {
    return new Config.Option(anyOf.getFirst(), values.getFirst()).line();
  }
}
