package org.krgboot.image;

import java.util.List;
import java.util.Map;

/** What to look at when a tool failed, told from what it said. */
final class Remedy {
  private static final Map<String, String> BY_SYMPTOM =
      Map.of(
          "Temporary failure resolving",
          "The mirror's name has no address: check this machine's network and name servers.",
          "Could not connect",
          "The mirror does not answer: check network, proxy (http_proxy) and mirror.",
          "NO_PUBKEY",
          "The archive's key is unknown here: apt-get install debian-archive-keyring.",
          "Unable to locate package",
          "A package is not in that release: check the names of the extra packages.",
          "unable to find package",
          "A package is not in that release: check the names of the extra packages.",
          "No space left on device",
          "The disk is full: free at least 2 GB and try again.",
          "does not have a Release file",
          "The mirror does not have that release: check its address and the release's name.",
          "Operation not permitted",
          "The kernel refused it: in a container, run it with all privileges or on the host.");

  private Remedy() {}

  /** A line to show, or nothing if the symptom is not known. */
  static String of(List<String> lastLines) {
    for (String line : lastLines) {
      for (Map.Entry<String, String> symptom : BY_SYMPTOM.entrySet()) {
        if (line.contains(symptom.getKey())) {
          return symptom.getValue() + "\n";
        }
      }
    }
    return "";
  }
}
