package org.krgboot.dhcp;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.krgboot.model.Ipv4;

/** A network as it is served: with its leases. */
final class Wire {
  private final Network network;
  private final LeaseTable leases;

  /** Those for some classes only come first: their addresses are meant for those nodes. */
  private final List<Pool> pools = new ArrayList<>();

  private final boolean areForAll;

  /** What nodes are told, by the range and by the subnet that their address is in. */
  private final Map<Object, NodeOptions> options = new HashMap<>();

  Wire(Network network, FixedHosts hosts, Collection<Binding> saved) {
    this.network = network;
    for (ServedSubnet served : network.subnets()) {
      NodeOptions ofSubnet = network.optionsIn(served);
      options.put(served.subnet(), ofSubnet);
      for (Pool pool : served.pools()) {
        pools.add(pool);
        options.put(pool.range(), ofSubnet.with(pool.options()));
      }
    }
    this.leases = new LeaseTable(pools, hosts::isFixed, saved);
    pools.sort(Comparator.comparing(pool -> pool.allow().isEmpty()));
    this.areForAll = pools.stream().allMatch(Pool::isForAll);
  }

  Network network() {
    return network;
  }

  LeaseTable leases() {
    return leases;
  }

  boolean contains(Ipv4 address) {
    return network.subnetOf(address).isPresent();
  }

  /** The pools that nodes of these classes get addresses from, the preferred ones first. */
  List<Pool> poolsFor(Set<String> classes) {
    return areForAll ? pools : pools.stream().filter(pool -> pool.admits(classes)).toList();
  }

  /** What the caller is told who has, or gets, the address. */
  Terms terms(Caller caller, Ipv4 address) {
    ServedSubnet served =
        network
            .subnetOf(address)
            .orElseThrow(() -> new IllegalArgumentException(address + " is not of " + network));
    Object scope = leases.poolOf(address).<Object>map(Pool::range).orElse(served.subnet());
    NodeOptions common = options.getOrDefault(scope, network.options());
    return new Terms(served.subnet(), serverId(caller, address), caller.options(common));
  }

  /**
   * Our address in the subnet of that one, else on the wire. RFC 5107 section 4: what the relay
   * says goes before.
   */
  Ipv4 serverId(Caller caller, Ipv4 address) {
    return caller
        .relay()
        .serverId()
        .or(() -> network.subnetOf(address).map(network::serverIn))
        .orElse(network.server());
  }
}
