package org.krgboot.settings;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.krgboot.dhcp.DhcpConfig;
import org.krgboot.dhcp.FixedHost;
import org.krgboot.dhcp.Network;
import org.krgboot.dhcp.NodeOptions;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;
import org.krgboot.nfs.HostNames;

/**
 * Hosts by name: those of our own DHCP, those of the hosts file, and for a single name whatever the
 * system's resolver says.
 */
public final class KnownHosts implements HostNames {
  private final Path hostsFile;
  private final Map<String, Set<Ipv4>> nodes = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /**
   * The hosts of this machine.
   *
   * @param hostsFile in the syntax of hosts(5); read each time, since it changes
   */
  public KnownHosts(Path hostsFile, Optional<DhcpConfig> dhcp) {
    this.hostsFile = hostsFile;
    dhcp.ifPresent(this::addNodes);
  }

  private void addNodes(DhcpConfig dhcp) {
    // Each address is asked of its own network, not of all of them.
    NavigableMap<Ipv4, DhcpConfig> bySubnet = new TreeMap<>();
    for (Network network : dhcp.networks()) {
      DhcpConfig alone = new DhcpConfig(List.of(network), List.of(), dhcp.classes(), dhcp.policy());
      network.subnets().forEach(served -> bySubnet.put(served.subnet().network(), alone));
      for (AddressRange range : alone.ranges()) {
        range.addresses().forEach(address -> addNode(alone, address, Optional.empty()));
      }
    }
    for (FixedHost host : dhcp.hosts()) {
      host.address()
          .ifPresent(address ->
              addNode(bySubnet.floorEntry(address).getValue(), address, Optional.of(host)));
    }
  }

  /** By the name that the address alone gives; a MAC address is not known beforehand. */
  private void addNode(DhcpConfig dhcp, Ipv4 address, Optional<FixedHost> host) {
    NodeOptions options = dhcp.optionsAt(address).orElseThrow();
    String name =
        host.flatMap(FixedHost::name)
            .map(NodeName::text)
            .or(() -> options.name().ofAddressAlone(address).map(NodeName::text))
            .orElse("");
    if (!name.isEmpty()) {
      add(nodes, name, address);
      options.domain().ifPresent(domain -> add(nodes, name + "." + domain, address));
    }
  }

  private static void add(Map<String, Set<Ipv4>> to, String name, Ipv4 address) {
    to.computeIfAbsent(name, _ -> new HashSet<>()).add(address);
  }

  @Override
  public List<Ipv4> addressesOf(String name) {
    Set<Ipv4> node = nodes.get(name);
    if (node != null) {
      return List.copyOf(node);
    }
    try {
      return Stream.of(InetAddress.getAllByName(name))
          .filter(Inet4Address.class::isInstance)
          .map(address -> Ipv4.of((Inet4Address) address))
          .toList();
    } catch (UnknownHostException e) {
      return List.of();
    }
  }

  @Override
  public Map<String, Set<Ipv4>> known() {
    Map<String, Set<Ipv4>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    nodes.forEach((name, addresses) -> all.put(name, new HashSet<>(addresses)));
    try {
      for (String line : Files.readAllLines(hostsFile, StandardCharsets.ISO_8859_1)) {
        addLine(all, line);
      }
    } catch (IOException e) {
      return all; // a machine without hosts file knows its nodes all the same
    }
    return all;
  }

  /** hosts(5): an address and its names; comments from "#" on. */
  private static void addLine(Map<String, Set<Ipv4>> to, String line) {
    String[] words = line.replaceFirst("#.*", "").strip().split("\\s+", -1);
    try {
      Ipv4 address = Ipv4.parse(words[0]);
      Stream.of(words).skip(1).forEach(name -> add(to, name, address));
    } catch (IllegalArgumentException e) {
      // An IPv6 address, or nothing: exports are reached by IPv4 only.
    }
  }
}
