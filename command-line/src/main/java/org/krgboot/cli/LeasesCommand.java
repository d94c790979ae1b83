package org.krgboot.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.krgboot.dhcp.LeaseStore;
import org.krgboot.dhcp.SqliteLeaseStore;
import org.krgboot.model.Lease;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code krgboot leases}: who has which address. */
@Command(
    name = "leases",
    mixinStandardHelpOptions = true,
    description = {
      "Shows who has which address, and until when.",
      "It reads the lease database itself, so it works whether or not the daemon runs."
    },
    subcommands = {LeasesHistoryCommand.class, LeasesDumpCommand.class, LeasesRestoreCommand.class},
    footer = {
      "",
      "Examples:",
      "  krgboot leases",
      "  krgboot leases history 10.11.12.101",
      "  krgboot leases dump leases.txt",
      "  krgboot leases restore leases.txt"
    })
final class LeasesCommand implements Callable<Integer> {
  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Override
  public Integer call() {
    try (LeaseStore store = SqliteLeaseStore.existing(daemon.database())) {
      System.out.println(table(store.leases(), InstantSource.system().instant()));
      return 0;
    } catch (IOException | SettingsException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  /** The leases by address, as lines with a heading. */
  static String table(List<Lease> leases, Instant now) {
    if (leases.isEmpty()) {
      return "no node has a lease";
    }
    TextTable table = new TextTable("ADDRESS", "MAC", "NAME", "SINCE", "ENDS");
    leases.stream()
        .sorted(Comparator.comparing(Lease::address))
        .forEach(lease ->
            table.row(
                lease.address().toString(),
                lease.mac().toString(),
                lease.name().text(),
                lease.since().toString(),
                lease.isActive(now)
                    ? "in " + span(Duration.between(now, lease.expires()))
                    : "ended " + span(Duration.between(lease.expires(), now)) + " ago"));
    return table.toString();
  }

  private static String span(Duration time) {
    long seconds = time.toSeconds();
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 7200) {
      return seconds / 60 + " min";
    }
    return seconds < 172_800 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
  }
}
