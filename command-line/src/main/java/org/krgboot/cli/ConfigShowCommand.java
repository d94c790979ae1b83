package org.krgboot.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.krgboot.settings.ConfigFiles;
import org.krgboot.settings.ConfigHistory;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code krgboot config show}: the files of one configuration. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description =
        "Prints all files of the configuration that was accepted last, or of another one.",
    footer = {"", "Examples:", "  krgboot config show", "  krgboot config show 7"})
final class ConfigShowCommand implements Callable<Integer> {
  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Parameters(arity = "0..1", paramLabel = "N", description = "its number (default: the newest)")
  long number;

  @Override
  public Integer call() {
    try {
      ConfigHistory history = daemon.history();
      long wanted = number == 0 ? newest(history) : number;
      ConfigFiles files = history.files(wanted, daemon.configuration());
      files
          .texts()
          .forEach((name, text) -> {
            System.out.println("# ==> " + name);
            System.out.print(text.isEmpty() || text.endsWith("\n") ? text : text + "\n");
          });
      if (files.texts().isEmpty()) {
        System.out.println("# configuration " + wanted + " has no files: defaults and flags alone");
      }
      return 0;
    } catch (IOException | SettingsException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  /** The number of the one that was accepted last. */
  static long newest(ConfigHistory history) throws IOException {
    return history
        .newest()
        .orElseThrow(() ->
            new IOException("no configuration was accepted yet: krgboot serve accepts the first"))
        .number();
  }
}
