package org.krgboot.cli;

import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import org.krgboot.settings.ConfigHistory;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code krgboot config log}: which configurations were accepted when. */
@Command(
    name = "log",
    mixinStandardHelpOptions = true,
    description =
        "Lists the configurations that were accepted, oldest first: number, time, by what.",
    footer = {"", "Example:", "  krgboot config log"})
final class ConfigLogCommand implements Callable<Integer> {
  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Override
  public Integer call() {
    try {
      List<ConfigHistory.Version> versions = daemon.history().versions();
      if (versions.isEmpty()) {
        System.out.println("no configuration was accepted yet: krgboot serve accepts the first");
        return 0;
      }
      TextTable table = new TextTable("NUMBER", "ACCEPTED", "BY");
      versions.forEach(one ->
          table.row(
              Long.toString(one.number()),
              one.at().truncatedTo(ChronoUnit.SECONDS).toString(),
              one.by()));
      System.out.println(table);
      return 0;
    } catch (IOException | SettingsException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }
}
