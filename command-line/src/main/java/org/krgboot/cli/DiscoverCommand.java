package org.krgboot.cli;

import java.io.IOException;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.krgboot.daemon.AdminClient;
import org.krgboot.daemon.EventRow;
import org.krgboot.daemon.NodeRow;
import org.krgboot.model.AddressRange;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;
import org.krgboot.model.NodeRange;
import org.krgboot.settings.ConfigFiles;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code krgboot discover}: nodes get their names in the order in which they are switched on. */
@Command(
    name = "discover",
    mixinStandardHelpOptions = true,
    description = {
      "Gives names to new nodes in the order in which they are switched on: each MAC address that asks for an",
      "address from now on (or waits already), and is not in the configuration, takes the next name, and the next address if",
      "these are given. It is written to krgboot.d/nodes.toml and holds from the node's next request on; nodes",
      "that run are not touched. Ends when all names are given, or by Ctrl-C.",
      "With dhcp.admission = \"approve\" a node waits until it has its name, and boots with it at once."
    },
    footer = {
      "",
      "Examples: switch the nodes on one after the other while this runs",
      "  krgboot discover --as 'krgnode[01-15]'",
      "  krgboot discover --as 'krgnode[01-15]' --addresses 10.11.12.101-10.11.12.115",
      "  krgboot discover --as 'rack[1-2]n[1-8]' --wait 600",
      "",
      "Exit: 0 all names are given, 1 the daemon cannot be asked or refuses, 2 wrong arguments, 3 the time is up."
    })
final class DiscoverCommand implements Callable<Integer> {
  private static final int POLL_MILLIS = 500;
  private static final int MOST = 10_000;
  private static final int TIME_IS_UP = 3;

  /** Not those whom somebody does not want, nor those who are in the wrong place. */
  private static final Set<BootEvent.Refusal> FOR_WANT_OF_A_NAME =
      EnumSet.of(
          BootEvent.Refusal.UNKNOWN_NODE,
          BootEvent.Refusal.NOT_APPROVED,
          BootEvent.Refusal.NO_FREE_ADDRESS);

  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Option(
      names = "--as",
      paramLabel = "NAMES",
      required = true,
      description = "the names, in their order: krgnode[01-15]")
  String names = "";

  @Option(
      names = "--addresses",
      paramLabel = "A-B",
      description = "an address for each, in the same order")
  String addresses = "";

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      description = "how long to wait for all of them (default: for ever)")
  int wait;

  @Override
  public Integer call() throws InterruptedException {
    Roster roster;
    try {
      roster = roster();
    } catch (IllegalArgumentException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 2;
    } catch (IOException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
    try (AdminClient client = daemon.client()) {
      System.err.println(roster.left() + " names to give; switch the nodes on one after the other");
      return discover(client, roster);
    } catch (IOException | SettingsException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  private Roster roster() throws IOException {
    List<NodeName> all = NodeRange.parse(names).names(Map.of());
    Optional<AddressRange> range =
        addresses.isEmpty() ? Optional.empty() : Optional.of(AddressRange.parse(addresses));
    if (range.isPresent() && range.get().size() < all.size()) {
      throw new IllegalArgumentException(
          addresses + " are " + range.get().size() + " addresses for " + all.size() + " names");
    }
    List<Ipv4> each = range.map(known -> known.addresses().toList()).orElse(List.of());
    return Roster.of(all, each, ConfigFiles.read(daemon.configuration()).texts().values());
  }

  private int discover(AdminClient client, Roster start) throws IOException, InterruptedException {
    List<EventRow> newest = client.events("", 0, 1);
    long last = newest.isEmpty() ? 0 : newest.getLast().id();
    Roster roster = waiting(client, start);
    long end = System.nanoTime() + wait * 1_000_000_000L;
    Onlooker onlooker = new Onlooker(System.err);
    while (roster.left() > 0) {
      if (wait > 0 && System.nanoTime() > end) {
        System.err.println("krgboot: the time is up, and " + roster.left() + " names are left");
        return TIME_IS_UP;
      }
      Thread.sleep(POLL_MILLIS);
      long after = last;
      List<EventRow> events = onlooker.ask(() -> client.events("", after, MOST)).orElse(List.of());
      for (EventRow event : events) {
        last = event.id();
        Optional<MacAddress> node = asks(event);
        if (node.isPresent() && roster.left() > 0 && roster.isNew(node.get())) {
          roster = named(client, roster, node.get());
        }
      }
    }
    System.err.println("all names are given");
    return 0;
  }

  /** Those that wait already, in the order in which they were switched on. */
  private static Roster waiting(AdminClient client, Roster start) throws IOException {
    Roster roster = start;
    for (NodeRow node :
        client.nodes().stream()
            .filter(row -> row.standing().equals("waiting"))
            .sorted(Comparator.comparing(NodeRow::powerOn))
            .toList()) {
      MacAddress mac = MacAddress.parse(node.mac());
      if (roster.left() > 0 && roster.isNew(mac)) {
        roster = named(client, roster, mac);
      }
    }
    return roster;
  }

  /** Who asks for an address as a node does, served or not; not a laptop that passes by. */
  private static Optional<MacAddress> asks(EventRow row) {
    Optional<MacAddress> node = Optional.empty();
    if (row.event() instanceof BootEvent.AddressRefused refused
        && FOR_WANT_OF_A_NAME.contains(refused.why())) {
      node = Optional.of(refused.mac());
    } else if (row.event() instanceof BootEvent.AddressOffered offered
        && (offered.client().contains("PXE") || offered.client().contains("HTTPClient"))) {
      node = Optional.of(offered.mac());
    }
    return node.filter(mac -> !mac.equals(MacAddress.OF_A_CHECK));
  }

  private static Roster named(AdminClient client, Roster roster, MacAddress node)
      throws IOException {
    Roster.Place place = roster.next();
    var _ = client.approve(List.of(node.toString()), place.name().toString());
    if (place.address().isPresent()) {
      var _ = client.set(node.toString(), Map.of("address", place.address().get().toString()));
    }
    System.out.printf(
        Locale.ROOT,
        "%-16s %s  %s%n",
        place.name(),
        node,
        place.address().map(Ipv4::toString).orElse(""));
    return roster.taken(node);
  }
}
