package org.krgboot.dhcp;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/**
 * What the DHCP server serves.
 *
 * @param networks each with its own addresses; none has an address of another
 * @param hosts nodes that the configuration names
 * @param classes in the order in which their options are laid over each other, the last one wins
 */
public record DhcpConfig(
    List<Network> networks, List<FixedHost> hosts, List<NodeClass> classes, Policy policy) {
  /** Refuses what contradicts itself; the message says what to change. */
  public DhcpConfig {
    networks = List.copyOf(networks);
    hosts = List.copyOf(hosts);
    classes = List.copyOf(classes);
    require(!networks.isEmpty(), "a DHCP server needs a network");
    requireDistinct(networks);
    networks.forEach(DhcpConfig::requireOwnAddressLeftOut);
    requireClasses(networks, classes);
    NavigableMap<Ipv4, Subnet> subnets = new TreeMap<>();
    networks.stream()
        .flatMap(network -> network.subnets().stream())
        .forEach(served -> subnets.put(served.subnet().network(), served.subnet()));
    Set<Ipv4> servers =
        networks.stream().flatMap(n -> n.servers().stream()).collect(Collectors.toSet());
    for (FixedHost host : hosts) {
      requireUsable(host, networks, subnets, servers);
    }
    requireDistinct(hosts, new HashMap<>());
  }

  /** All ranges of all networks, as written. */
  public List<AddressRange> ranges() {
    return networks.stream().flatMap(network -> network.ranges().stream()).toList();
  }

  /**
   * Two addresses that nodes may have with one last octet. Kerrighed's {@code autonodeid=1} makes
   * that octet the node's id, which must be its own in the session.
   *
   * @return what to tell the operator, with the remedy
   */
  public Optional<String> nodeIdClash() {
    Ipv4[] byOctet = new Ipv4[256];
    return Stream.concat(
            ranges().stream().flatMap(AddressRange::addresses),
            hosts.stream().flatMap(host -> host.address().stream()))
        .filter(address -> isAnother(byOctet, address))
        .findFirst()
        .map(address ->
            byOctet[address.octet(3)]
                + " and "
                + address
                + " both give the Kerrighed node id "
                + address.octet(3)
                + " (autonodeid=1 takes the last octet); choose ranges whose last octets differ");
  }

  private static boolean isAnother(Ipv4[] byOctet, Ipv4 address) {
    Ipv4 first = byOctet[address.octet(3)];
    if (first == null) {
      byOctet[address.octet(3)] = address;
    }
    return first != null && !first.equals(address);
  }

  /** What a node is told that has this address and is in no class. */
  public Optional<NodeOptions> optionsAt(Ipv4 address) {
    return networks.stream()
        .flatMap(network ->
            network
                .subnetOf(address)
                .map(served -> network.optionsIn(served).with(pool(served, address)))
                .stream())
        .findFirst();
  }

  private static ScopeOptions pool(ServedSubnet served, Ipv4 address) {
    return served.pools().stream()
        .filter(pool -> pool.range().contains(address))
        .findFirst()
        .map(Pool::options)
        .orElse(ScopeOptions.NONE);
  }

  private static void requireDistinct(List<Network> networks) {
    List<Subnet> subnets = new ArrayList<>();
    List<AddressRange> ranges = new ArrayList<>();
    for (Network network : networks) {
      for (ServedSubnet served : network.subnets()) {
        subnets.add(served.subnet());
        served.pools().forEach(pool -> ranges.add(pool.range()));
      }
    }
    subnets.sort(Comparator.comparing(Subnet::network));
    for (int i = 1; i < subnets.size(); i++) {
      require(
          !subnets.get(i - 1).contains(subnets.get(i).network()),
          subnets.get(i - 1) + " and " + subnets.get(i) + " overlap; an address is in one subnet");
    }
    ranges.sort(Comparator.comparing(AddressRange::first));
    for (int i = 1; i < ranges.size(); i++) {
      require(
          !ranges.get(i - 1).contains(ranges.get(i).first()),
          "the ranges " + ranges.get(i - 1) + " and " + ranges.get(i) + " overlap; part them");
    }
  }

  private static void requireOwnAddressLeftOut(Network network) {
    for (ServedSubnet served : network.subnets()) {
      require(
          !served.subnet().contains(network.server()) || served.subnet().isHost(network.server()),
          "the server " + network.server() + " is not a machine of " + served.subnet());
      for (Pool pool : served.pools()) {
        for (Ipv4 server : network.servers()) {
          require(
              !pool.range().contains(server),
              "the range "
                  + pool.range()
                  + " contains the server's own "
                  + server
                  + "; leave it out");
        }
      }
    }
  }

  private static void requireClasses(List<Network> networks, List<NodeClass> classes) {
    Set<String> known = new HashSet<>(Set.of(NodeClass.KNOWN, NodeClass.UNKNOWN));
    for (NodeClass one : classes) {
      require(known.add(one.name()), "there are two classes '" + one.name() + "'; rename one");
    }
    networks.stream()
        .flatMap(network -> network.subnets().stream())
        .flatMap(served -> served.pools().stream())
        .forEach(pool -> {
          Set<String> named = new HashSet<>(pool.allow());
          named.addAll(pool.deny());
          named.removeAll(known);
          require(
              named.isEmpty(),
              "the range "
                  + pool.range()
                  + " names the classes "
                  + named
                  + ", which are not there");
        });
  }

  private static void requireDistinct(List<FixedHost> hosts, Map<Object, FixedHost> seen) {
    for (FixedHost host : hosts) {
      requireNew(seen, host.key(), host);
      host.name().ifPresent(name -> requireNew(seen, name, host));
      host.address().ifPresent(address -> requireNew(seen, address, host));
    }
  }

  private static void requireNew(Map<Object, FixedHost> seen, Object key, FixedHost host) {
    FixedHost other = seen.putIfAbsent(key, host);
    require(
        other == null,
        key + " is given to two hosts, of which one is " + host.key() + "; change one of them");
  }

  private static void requireUsable(
      FixedHost host,
      List<Network> networks,
      NavigableMap<Ipv4, Subnet> subnets,
      Set<Ipv4> servers) {
    if (host.address().isEmpty()) {
      return;
    }
    Ipv4 address = host.address().get();
    Map.Entry<Ipv4, Subnet> around = subnets.floorEntry(address);
    if (around == null || !around.getValue().isHost(address)) {
      throw new IllegalArgumentException(
          "the address "
              + address
              + " of "
              + host.key()
              + " is not one of "
              + String.join(", ", networks.stream().map(Network::toString).toList()));
    }
    require(
        !servers.contains(address),
        "the address " + address + " of " + host.key() + " is the server's own; choose another");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
