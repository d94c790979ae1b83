package org.krgboot.settings;

/** What to do where two addresses give one Kerrighed node id, their last octet. */
public enum UniqueNodeIds {
  WARN,
  REFUSE,
  IGNORE;

  static UniqueNodeIds parse(String text) {
    return switch (text) {
      case "warn" -> WARN;
      case "refuse" -> REFUSE;
      case "ignore" -> IGNORE;
      default ->
          throw new IllegalArgumentException("'" + text + "' is none of warn, refuse, ignore");
    };
  }
}
