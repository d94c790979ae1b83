package org.krgboot.cli;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.krgboot.dhcp.LeaseStore;
import org.krgboot.dhcp.PastLease;
import org.krgboot.dhcp.SqliteLeaseStore;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;
import org.krgboot.model.MacAddress;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code krgboot leases history}: who had an address, or what a node had. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    description =
        "Shows who had an address when, or which addresses a node had; as long as dhcp.lease-history.",
    footer = {
      "",
      "Examples:",
      "  krgboot leases history 10.11.12.101",
      "  krgboot leases history 52:54:00:12:34:56"
    })
final class LeasesHistoryCommand implements Callable<Integer> {
  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Parameters(paramLabel = "ADDRESS|MAC", description = "whose history")
  String of = "";

  @Override
  public Integer call() {
    try (LeaseStore store = SqliteLeaseStore.existing(daemon.database())) {
      System.out.println(table(of, history(store), InstantSource.system().instant()));
      return 0;
    } catch (IOException | SettingsException | IllegalArgumentException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  private List<PastLease> history(LeaseStore store) throws IOException {
    return of.indexOf(':') >= 0 || of.indexOf('-') >= 0
        ? store.historyOf(MacAddress.parse(of))
        : store.historyOf(Ipv4.parse(of));
  }

  /** One line for each time without a break; the newest last. */
  static String table(String of, List<PastLease> history, Instant now) {
    if (history.isEmpty()) {
      return "nothing is known of " + of;
    }
    TextTable table = new TextTable("FROM", "UNTIL", "ADDRESS", "MAC", "NAME");
    for (PastLease past : history) {
      Lease lease = past.lease();
      table.row(
          lease.since().toString(),
          past.holds(now) ? "now" : lease.expires().toString(),
          lease.address().toString(),
          lease.mac().toString(),
          lease.name().text());
    }
    return table.toString();
  }
}
