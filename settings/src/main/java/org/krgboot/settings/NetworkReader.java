package org.krgboot.settings;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.krgboot.dhcp.Network;
import org.krgboot.dhcp.NodeOptions;
import org.krgboot.dhcp.Pool;
import org.krgboot.dhcp.ScopeOptions;
import org.krgboot.dhcp.ServedSubnet;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/**
 * The tables {@code [[dhcp.network]]}: one wire each, with one subnet, or several in {@code
 * [[dhcp.network.subnet]]}.
 */
final class NetworkReader {
  static final String TABLE = "dhcp.network";

  private static final Set<String> NETWORK_KEYS =
      ScopeReader.keysWith("interface", "subnet", "range", "pool");
  private static final Set<String> SUBNET_KEYS = ScopeReader.keysWith("subnet", "range", "pool");
  private static final Set<String> POOL_KEYS = ScopeReader.keysWith("range", "allow", "deny");

  private final List<HostInterface> machine;
  private final HostInterface main;
  private final int nfsPort;
  private final Function<Ipv4, ScopeOptions> global;
  private final Problems problems;

  /**
   * Reads networks.
   *
   * @param main where relays reach us
   * @param global what holds for all networks, by our address on them
   */
  NetworkReader(
      List<HostInterface> machine,
      HostInterface main,
      int nfsPort,
      Function<Ipv4, ScopeOptions> global,
      Problems problems) {
    this.machine = machine;
    this.main = main;
    this.nfsPort = nfsPort;
    this.global = global;
    this.problems = problems;
  }

  /** The interface that a network is on, if it says so or one has an address there. */
  static Optional<HostInterface> interfaceOf(WrittenTable table, List<HostInterface> machine) {
    Optional<String> wanted =
        Optional.ofNullable(table.keys().get("interface"))
            .map(written -> written.value().toString());
    List<Subnet> subnets = subnets(table);
    return machine.stream()
        .filter(nic -> wanted.isEmpty() || nic.name().equals(wanted.get()))
        .filter(nic -> subnets.stream().anyMatch(subnet -> subnet.contains(nic.address())))
        .findFirst();
  }

  /** Our addresses that nodes of the network are told: that of the interface, and per subnet. */
  static Stream<Ipv4> addressesOf(WrittenTable table, List<HostInterface> machine) {
    return interfaceOf(table, machine).stream()
        .flatMap(nic ->
            Stream.concat(
                Stream.of(nic.address()),
                subnets(table).stream()
                    .flatMap(subnet -> addressIn(subnet, nic, machine).stream())));
  }

  private static List<Subnet> subnets(WrittenTable table) {
    List<Subnet> subnets = new ArrayList<>();
    for (WrittenTable part : parts(table)) {
      RawSettings.Written written = part.keys().get("subnet");
      try {
        Optional.ofNullable(written)
            .map(w -> Subnet.parse(w.value().toString()))
            .ifPresent(subnets::add);
      } catch (IllegalArgumentException e) {
        // Told when the network itself is read.
      }
    }
    return subnets;
  }

  /** Another address of the interface, in that subnet. */
  private static Optional<Ipv4> addressIn(
      Subnet subnet, HostInterface nic, List<HostInterface> machine) {
    return subnet.contains(nic.address())
        ? Optional.empty()
        : machine.stream()
            .filter(other -> other.name().equals(nic.name()) && subnet.contains(other.address()))
            .map(HostInterface::address)
            .findFirst();
  }

  /** The table itself, or the subnets in it. */
  private static List<WrittenTable> parts(WrittenTable table) {
    RawSettings.Written subnet = table.keys().get("subnet");
    return subnet != null && subnet.value() instanceof List<?>
        ? table.tables("subnet")
        : List.of(table);
  }

  /** Empty if something is wrong; the problems then say what. */
  Optional<Placed<Network>> read(WrittenTable table) {
    table.allow(NETWORK_KEYS);
    Optional<HostInterface> nic = interfaceOf(table, machine);
    if (nic.isEmpty() && table.has("interface")) {
      problems.addOfTheMachine(
          table.placeOf("interface"),
          "no interface of that name is up with an address in the network; give it one, or leave"
              + " 'interface' out if the network is behind a relay");
      return Optional.empty();
    }
    List<WrittenTable> parts = parts(table);
    boolean isWhole = parts.equals(List.of(table));
    ScopeOptions ofTable = ScopeReader.read(table);
    List<ServedSubnet> subnets = new ArrayList<>();
    for (WrittenTable part : parts) {
      ScopeOptions scope = isWhole ? ScopeOptions.NONE : ScopeReader.read(part);
      subnet(part, scope)
          .map(served -> nic.map(here -> withServer(served, here, ofTable)).orElse(served))
          .ifPresent(subnets::add);
      if (!isWhole) {
        part.allow(SUBNET_KEYS);
      }
    }
    if (subnets.size() < parts.size()) {
      return Optional.empty();
    }
    Ipv4 server = nic.map(HostInterface::address).orElse(main.address());
    ScopeOptions scope = ofTable.over(global.apply(server));
    return Optional.of(
        new Placed<>(table.place(), new Network(subnets, new NodeOptions(server, nfsPort, scope))));
  }

  /** Nodes of a subnet in which the interface has another address know us by that one. */
  private ServedSubnet withServer(ServedSubnet served, HostInterface nic, ScopeOptions ofTable) {
    return addressIn(served.subnet(), nic, machine)
        .map(server ->
            new ServedSubnet(
                served.subnet(),
                served.pools(),
                served.options().over(ofTable).over(global.apply(server)),
                Optional.of(server)))
        .orElse(served);
  }

  private Optional<ServedSubnet> subnet(WrittenTable table, ScopeOptions scope) {
    if (!table.has("subnet")) {
      problems.add(table.place(), "a network needs its subnet, as in subnet = \"10.11.12.0/24\"");
      return Optional.empty();
    }
    Optional<Subnet> subnet = table.get("subnet", Subnet::parse);
    List<Pool> pools = new ArrayList<>();
    table
        .list("range", AddressRange::parse)
        .orElse(List.of())
        .forEach(range -> pool(table, () -> Pool.of(range)).ifPresent(pools::add));
    for (WrittenTable pool : table.tables("pool")) {
      pools.addAll(pools(pool));
    }
    pools.forEach(pool -> requireNotOurs(table, pool));
    try {
      return subnet.map(known -> new ServedSubnet(known, pools, scope));
    } catch (IllegalArgumentException e) {
      problems.add(table.placeOf("range"), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private List<Pool> pools(WrittenTable table) {
    table.allow(POOL_KEYS);
    if (!table.has("range")) {
      problems.add(table.place(), "a pool needs its range, as in range = \"10.1.0.5-10.1.0.9\"");
    }
    ScopeOptions scope = ScopeReader.read(table);
    Set<String> allow = new HashSet<>(table.list("allow", text -> text).orElse(List.of()));
    Set<String> deny = new HashSet<>(table.list("deny", text -> text).orElse(List.of()));
    List<Pool> pools = new ArrayList<>();
    table
        .list("range", AddressRange::parse)
        .orElse(List.of())
        .forEach(
            range -> pool(table, () -> new Pool(range, allow, deny, scope)).ifPresent(pools::add));
    return pools;
  }

  private Optional<Pool> pool(WrittenTable table, java.util.function.Supplier<Pool> made) {
    try {
      return Optional.of(made.get());
    } catch (IllegalArgumentException e) {
      problems.add(table.placeOf("range"), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** Also of addresses that this machine has beside the one that nodes are told. */
  private void requireNotOurs(WrittenTable table, Pool pool) {
    machine.stream()
        .filter(nic -> pool.range().contains(nic.address()))
        .forEach(nic ->
            problems.add(
                table.placeOf("range"),
                "the range "
                    + pool.range()
                    + " contains this machine's own "
                    + nic.address()
                    + "; leave it out"));
  }
}
