package org.krgboot.steps;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What to look at when a tool failed, told from what it said.
 *
 * @param bySymptom a part of a line, and the remedy
 */
public record Remedy(Map<String, String> bySymptom) {
  private static final Map<String, String> OF_ALL =
      Map.of(
          "No space left on device",
          "The disk is full: free at least 2 GB and try again.",
          "Operation not permitted",
          "The kernel refused it: in a container, run it with all privileges or on the host.");

  /** Those of one builder, with those of all. */
  public Remedy {
    Map<String, String> all = new LinkedHashMap<>(bySymptom);
    OF_ALL.forEach(all::putIfAbsent);
    bySymptom = all;
  }

  /** A line to show, or nothing if the symptom is not known. */
  public String of(List<String> lastLines) {
    for (String line : lastLines) {
      for (Map.Entry<String, String> symptom : bySymptom.entrySet()) {
        if (line.contains(symptom.getKey())) {
          return symptom.getValue() + "\n";
        }
      }
    }
    return "";
  }
}
