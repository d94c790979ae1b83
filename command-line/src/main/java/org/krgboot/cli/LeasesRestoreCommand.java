package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.krgboot.daemon.StateLock;
import org.krgboot.dhcp.LeaseDump;
import org.krgboot.dhcp.LeaseStore;
import org.krgboot.dhcp.SqliteLeaseStore;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code krgboot leases restore}: the leases of a dump and no others. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description = {
      "Makes the leases of a dump the only ones: all of them, or none if a line is wrong.",
      "What was there before is kept in the history. The daemon must be stopped: it has the leases in",
      "its memory."
    },
    footer = {"", "Example:", "  krgboot leases restore leases.txt"})
final class LeasesRestoreCommand implements Callable<Integer> {
  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Parameters(paramLabel = "FILE", description = "what `krgboot leases dump` wrote")
  Path file = Path.of("");

  @Override
  public Integer call() {
    try {
      try (StateLock _ = StateLock.take(daemon.stateDirectory());
          LeaseStore store = SqliteLeaseStore.toRestore(daemon.database())) {
        int count = LeaseDump.restore(file, store, InstantSource.system().instant());
        System.out.println(count + " leases are restored");
        return 0;
      }
    } catch (IOException | SettingsException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }
}
