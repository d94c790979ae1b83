package org.krgboot.cli;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.krgboot.settings.ConfigFiles;
import org.krgboot.settings.ConfigHistory;
import org.krgboot.settings.Settings;
import org.krgboot.settings.SettingsException;
import org.krgboot.settings.SettingsSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code krgboot config rollback}: makes an earlier configuration hold again. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description = {
      "Makes configuration N hold again: checks it, writes its files in the place of those that are there, and",
      "takes it as krgboot reload does. It gets a new number, so this can be rolled back too. If anything is",
      "wrong with it, the files stay as they are. Where no daemon runs, the files are written and hold at its",
      "next start."
    },
    footer = {
      "",
      "Examples:",
      "  krgboot config log",
      "  krgboot config rollback 6",
      "",
      "Exit: 0 it holds, 1 nothing was changed (the reason is told)."
    })
final class ConfigRollbackCommand implements Callable<Integer> {
  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Parameters(paramLabel = "N", description = "a number of krgboot config log")
  long number;

  @Override
  public Integer call() {
    try {
      return daemon.isThere()
          ? Ordered.by(daemon, client -> client.rollback(number))
          : withoutDaemon();
    } catch (IOException | SettingsException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  private int withoutDaemon() throws IOException, SettingsException {
    ConfigHistory history = daemon.history();
    ConfigFiles files = history.files(number, daemon.configuration());
    Settings _ = new SettingsSource(daemon.configuration(), _ -> {}).read(files);
    Instant now = InstantSource.system().instant();
    ConfigFiles before = ConfigFiles.read(daemon.configuration());
    // What nobody has accepted yet would be lost.
    history.add(before, now, "as found before the rollback to " + number);
    files.writeOver(before);
    ConfigHistory.Version version = history.add(files, now, "rollback to " + number);
    System.out.println(
        "configuration " + version.number() + ": the files are written; no daemon runs");
    return 0;
  }
}
