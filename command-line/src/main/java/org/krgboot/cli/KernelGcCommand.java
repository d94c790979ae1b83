package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.krgboot.daemon.KernelUses;
import org.krgboot.daemon.NodeUse;
import org.krgboot.kernels.KernelGarbage;
import org.krgboot.kernels.KernelStore;
import org.krgboot.settings.ConfigFiles;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

  @Mixin GcOptions options = new GcOptions();

  @Override
  public Integer call() {
    return KernelCommand.told(() -> {
      List<KernelGarbage.Need> needs = new ArrayList<>(nodes());
      needs.addAll(configuration());
      try (KernelStore store = options.dryRun ? where.look() : where.open()) {
        Map<Integer, String> kept =
            KernelGarbage.kept(store, needs, options.keep, InstantSource.system().instant());
        options.tell("kernel", store.numbers(), kept);
        if (!options.dryRun) {
          var _ = KernelGarbage.remove(store, kept.keySet());
        }
      }
    });
  }

  private List<KernelGarbage.Need> nodes() throws IOException, SettingsException {
    Path state = where.daemon.stateDirectory();
    Map<Integer, List<String>> nodes = new TreeMap<>();
    for (NodeUse<Integer> use : options.counted(KernelUses.read(state), state, "kernels")) {
      nodes.computeIfAbsent(use.what(), _ -> new ArrayList<>()).add(use.node());
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
