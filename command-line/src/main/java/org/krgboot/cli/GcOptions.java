package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.krgboot.daemon.NodeUse;
import picocli.CommandLine.Option;

/** What every removal of what nobody needs has to be told. */
final class GcOptions {
  @Option(
      names = "--keep",
      paramLabel = "N",
      description = "keep so many of the newest (default: ${DEFAULT-VALUE})",
      defaultValue = "2")
  int keep;

  @Option(
      names = "--gone",
      paramLabel = "NODES",
      description =
          "names or addresses of nodes that are off for certain: what they used does not count")
  @Nullable String gone;

  @Option(
      names = "--nobody-uses-any",
      description = "no daemon has served any from here: no node can use one")
  boolean nobody;

  @Option(names = "--dry-run", description = "tell what would be done, and do nothing")
  boolean dryRun;

  /**
   * The uses that count.
   *
   * @param known by the daemon; empty if none has ever kept its state there
   * @param what is used: "images"
   * @throws IOException if it is not known who uses any
   */
  <V> List<NodeUse<V>> counted(Optional<List<NodeUse<V>>> known, Path state, String what)
      throws IOException {
    if (known.isEmpty() && !nobody) {
      throw new IOException(
          "no daemon has written in "
              + state
              + " which "
              + what
              + " nodes use; name its --state-dir, or if there is none: --nobody-uses-any");
    }
    List<String> off = gone == null ? List.of() : List.of(gone.split(",", -1));
    return known.orElse(List.of()).stream()
        .filter(use -> !off.contains(use.node()) && !off.contains(use.address().toString()))
        .toList();
  }

  /** One line for each number, with what keeps it. */
  void tell(String what, Iterable<Integer> numbers, Map<Integer, String> kept) {
    for (int number : numbers) {
      String why = kept.get(number);
      String to = dryRun ? "would be removed" : "removed";
      System.out.println(what + " " + number + ": " + (why == null ? to : "kept, " + why));
    }
  }
}
