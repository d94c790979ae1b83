package org.krgboot.cli;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.krgboot.settings.ConfigFiles;
import org.krgboot.settings.ConfigHistory;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code krgboot config diff}: what differs between two configurations. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what differs, line by line: between the configuration that was accepted last, or N, and the files",
      "as they are now; or between N and M."
    },
    footer = {
      "",
      "Examples:",
      "  krgboot config diff        # what krgboot reload would change",
      "  krgboot config diff 6      # since 6",
      "  krgboot config diff 6 7",
      "",
      "Exit: 0 nothing differs, 1 something does, 2 it cannot be told."
    })
final class ConfigDiffCommand implements Callable<Integer> {
  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Parameters(arity = "0..2", paramLabel = "N", description = "numbers of krgboot config log")
  List<Long> numbers = List.of();

  @Override
  public Integer call() {
    try {
      ConfigHistory history = daemon.history();
      long first = numbers.isEmpty() ? ConfigShowCommand.newest(history) : numbers.getFirst();
      ConfigFiles before = history.files(first, daemon.configuration());
      ConfigFiles after =
          numbers.size() == 2
              ? history.files(numbers.get(1), daemon.configuration())
              : ConfigFiles.read(daemon.configuration());
      String difference = difference(before, after);
      System.out.print(difference);
      return difference.isEmpty() ? 0 : 1;
    } catch (IOException | SettingsException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 2;
    }
  }

  private static String difference(ConfigFiles before, ConfigFiles after) {
    Set<String> names = new LinkedHashSet<>(before.texts().keySet());
    names.addAll(after.texts().keySet());
    StringBuilder all = new StringBuilder();
    for (String name : names) {
      String lines = TextDiff.of(before.text(name), after.text(name));
      if (!lines.isEmpty()) {
        all.append("# ==> ").append(name).append('\n').append(lines);
      }
    }
    return all.toString();
  }
}
