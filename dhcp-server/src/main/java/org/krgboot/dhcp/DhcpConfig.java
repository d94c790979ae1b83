package org.krgboot.dhcp;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.krgboot.model.AddressRange;
import org.krgboot.model.FixedHost;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/**
 * What the DHCP server serves: one subnet.
 *
 * @param range addresses for nodes that have none of their own
 * @param hosts nodes that the configuration names
 * @param unknown what happens to all others
 * @param leaseTime how long a node holds its address without asking again
 */
public record DhcpConfig(
    Subnet subnet,
    AddressRange range,
    List<FixedHost> hosts,
    Unknown unknown,
    Duration leaseTime,
    NodeOptions options) {
  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(60);
  private static final Duration LONGEST_LEASE = Duration.ofDays(365);

  /** The table keeps a bit for each address. */
  private static final long MAX_RANGE = 1 << 16;

  public DhcpConfig {
    hosts = List.copyOf(hosts);
    Ipv4 server = options.server();
    require(subnet.isHost(server), "the server " + server + " is not a machine of " + subnet);
    require(
        subnet.isHost(range.first()) && subnet.isHost(range.last()),
        "the range " + range + " leaves the machines of " + subnet + "; choose one inside");
    require(
        range.size() <= MAX_RANGE,
        "the range " + range + " has more than " + MAX_RANGE + " addresses; make it smaller");
    require(
        !range.contains(server),
        "the range " + range + " contains the server's own " + server + "; leave it out");
    require(
        leaseTime.compareTo(SHORTEST_LEASE) >= 0 && leaseTime.compareTo(LONGEST_LEASE) <= 0,
        "a lease time of " + leaseTime.toSeconds() + "s is out of bounds; use 60s to 365d");
    checkHosts(hosts, subnet, server);
  }

  private static void checkHosts(List<FixedHost> hosts, Subnet subnet, Ipv4 server) {
    Map<Object, FixedHost> seen = new HashMap<>();
    for (FixedHost host : hosts) {
      requireNew(seen, host.mac(), host);
      host.name().ifPresent(name -> requireNew(seen, name, host));
      host.address()
          .ifPresent(address -> {
            requireNew(seen, address, host);
            requireUsable(host, address, subnet, server);
          });
    }
  }

  private static void requireNew(Map<Object, FixedHost> seen, Object key, FixedHost host) {
    FixedHost other = seen.putIfAbsent(key, host);
    require(
        other == null,
        key + " is given to two nodes, of which one is " + host.mac() + "; change one of them");
  }

  private static void requireUsable(FixedHost host, Ipv4 address, Subnet subnet, Ipv4 server) {
    require(
        subnet.isHost(address),
        "the address " + address + " of " + host.mac() + " is not one of " + subnet);
    require(
        !address.equals(server),
        "the address " + address + " of " + host.mac() + " is the server's own; choose another");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
