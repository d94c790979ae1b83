package org.krgboot.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.krgboot.daemon.AdminClient;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code krgboot reload}: the daemon reads its exports file again. */
@Command(
    name = "reload",
    mixinStandardHelpOptions = true,
    description = {
      "Tells the daemon to read its exports file (nfs.exports-file) again, while nodes are mounted.",
      "The new exports hold all at once; if anything in the file is wrong, the old ones stay."
    },
    footer = {"", "Exit: 0 the file holds now, 1 the old exports stay (each reason is told)."})
final class ReloadCommand implements Callable<Integer> {
  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Override
  public Integer call() {
    try (AdminClient client = daemon.client()) {
      System.out.println("exports: " + client.reloadExports());
      return 0;
    } catch (IOException | SettingsException e) {
      System.err.println(e.getMessage());
      return 1;
    }
  }
}
