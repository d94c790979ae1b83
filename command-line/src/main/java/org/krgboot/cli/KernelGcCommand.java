package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.krgboot.daemon.KernelUses;
import org.krgboot.kernels.KernelGarbage;
import org.krgboot.kernels.KernelStore;
import org.krgboot.settings.ConfigFiles;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code krgboot kernel gc}: removes what nobody needs. */
@Command(
    name = "gc",
    mixinStandardHelpOptions = true,
    description = {
      "Removes kernels that are not published, not the one before, not named in the configuration, not",
      "pinned, not among the newest, and that no node loaded last. A node that is off counts as well,",
      "unless it is named."
    },
    footer = {"", "Example: what would go", "  krgboot kernel gc --dry-run"})
final class KernelGcCommand implements Callable<Integer> {
  private static final Pattern NUMBERED = Pattern.compile("kernels/([1-9][0-9]{0,8})\\b");

  @Mixin KernelStoreAddress where = new KernelStoreAddress();

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
          "names or addresses of nodes that are off for certain: what they loaded does not count")
  @Nullable String gone;

  @Option(
      names = "--nobody-uses-any",
      description = "no daemon has served kernels from here: no node can use any")
  boolean nobody;

  @Option(names = "--dry-run", description = "tell what would be done, and do nothing")
  boolean dryRun;

  @Override
  public Integer call() {
    return KernelCommand.told(() -> {
      List<KernelGarbage.Need> needs = new ArrayList<>(nodes());
      needs.addAll(configuration());
      try (KernelStore store = dryRun ? where.look() : where.open()) {
        Map<Integer, String> kept =
            KernelGarbage.kept(store, needs, keep, InstantSource.system().instant());
        for (int number : store.numbers()) {
          String why = kept.get(number);
          String to = dryRun ? "would be removed" : "removed";
          System.out.println("kernel " + number + ": " + (why == null ? to : "kept, " + why));
        }
        if (!dryRun) {
          var _ = KernelGarbage.remove(store, kept.keySet());
        }
      }
    });
  }

  private List<KernelGarbage.Need> nodes() throws IOException, SettingsException {
    Path state = where.daemon.stateDirectory();
    Optional<List<KernelUses.Use>> known = KernelUses.read(state);
    if (known.isEmpty() && !nobody) {
      throw new IOException(
          "no daemon has written in "
              + state
              + " which kernels nodes use; name its --state-dir, or if there is none:"
              + " --nobody-uses-any");
    }
    List<String> off = gone == null ? List.of() : List.of(gone.split(",", -1));
    Map<Integer, List<String>> nodes = new TreeMap<>();
    for (KernelUses.Use use : known.orElse(List.of())) {
      if (!off.contains(use.node()) && !off.contains(use.address().toString())) {
        nodes.computeIfAbsent(use.number(), _ -> new ArrayList<>()).add(use.node());
      }
    }
    List<KernelGarbage.Need> needs = new ArrayList<>();
    nodes.forEach((number, names) ->
        needs.add(
            new KernelGarbage.Need(number, "used by " + String.join(", ", new TreeSet<>(names)))));
    return needs;
  }

  /** By number; wherever it stands there, also in a profile that no node has today. */
  private List<KernelGarbage.Need> configuration() throws IOException {
    TreeSet<Integer> numbers = new TreeSet<>();
    for (String text : ConfigFiles.read(where.daemon.configuration()).texts().values()) {
      NUMBERED
          .matcher(text)
          .results()
          .forEach(found -> numbers.add(Integer.parseInt(found.group(1))));
    }
    return numbers.stream()
        .map(number -> new KernelGarbage.Need(number, "named in the configuration"))
        .toList();
  }
}
