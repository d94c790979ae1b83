package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.krgboot.dhcp.LeaseDump;
import org.krgboot.dhcp.LeaseStore;
import org.krgboot.dhcp.SqliteLeaseStore;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code krgboot leases dump}: the leases as text. */
@Command(
    name = "dump",
    mixinStandardHelpOptions = true,
    description = {
      "Writes all leases as text, ADDRESS MAC NAME SINCE RENEWED EXPIRES CLIENT-ID on a line each, times",
      "in UTC.",
      "The daemon may run. A file is written whole or not at all."
    },
    footer = {"", "Example:", "  krgboot leases dump leases.txt"})
final class LeasesDumpCommand implements Callable<Integer> {
  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Parameters(paramLabel = "FILE", arity = "0..1", description = "default: standard output")
  @Nullable Path file;

  @Override
  public Integer call() {
    try (LeaseStore store = SqliteLeaseStore.existing(daemon.database())) {
      String text = LeaseDump.of(store, InstantSource.system().instant());
      if (file == null) {
        System.out.print(text);
      } else {
        write(file, text);
      }
      return 0;
    } catch (IOException | SettingsException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  private static void write(Path file, String text) throws IOException {
    Path whole = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.writeString(whole, text);
      Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new IOException(file + " cannot be written: " + e.getMessage(), e);
    }
  }
}
