package org.krgboot.daemon;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeProgress;
import org.krgboot.model.NodeRange;
import org.krgboot.settings.ConfiguredNodes;

/** The nodes that were seen, and those of the configuration. Thread-safe. */
final class KnownNodes {
  private final Cluster cluster;
  private volatile Now now;
  private volatile Supplier<List<Lease>> leases = List::of;

  /** One configuration's. */
  private record Now(ConfiguredNodes nodes, Map<MacAddress, NodeRange.Identity> byMac) {
    static Now of(ConfiguredNodes nodes) {
      Map<MacAddress, NodeRange.Identity> byMac = new LinkedHashMap<>();
      nodes.known().forEach(node -> byMac.put(node.mac(), node));
      return new Now(nodes, byMac);
    }
  }

  KnownNodes(Cluster cluster, ConfiguredNodes configured) {
    this.cluster = cluster;
    this.now = Now.of(configured);
  }

  /** From now on these leases tell, too, which addresses a node has. */
  void holdLeases(Supplier<List<Lease>> held) {
    leases = held;
  }

  /** From now on the configuration names these. */
  void replace(ConfiguredNodes next) {
    now = Now.of(next);
  }

  /** Those of the configuration, and the groups. */
  ConfiguredNodes configured() {
    return now.nodes();
  }

  /** Whether the configuration says anything of the node. */
  boolean isConfigured(MacAddress node) {
    Now current = now;
    return current.byMac().containsKey(node) || current.nodes().rejected().contains(node);
  }

  /**
   * All, those that were seen first; the configuration's names win, and the addresses that were
   * seen.
   */
  List<NodeRange.Identity> all() {
    return new ArrayList<>(byMac().values());
  }

  private Map<MacAddress, NodeRange.Identity> byMac() {
    Map<MacAddress, NodeRange.Identity> known = new LinkedHashMap<>();
    for (NodeProgress node : cluster.nodes()) {
      known.put(node.mac(), new NodeRange.Identity(node.name(), node.mac(), node.address()));
    }
    for (NodeRange.Identity node : now.byMac().values()) {
      known.merge(node.mac(), node, (seen, _) -> merged(seen, node));
    }
    return known;
  }

  /**
   * Those that are meant.
   *
   * @throws IllegalArgumentException if a part of the range names none
   */
  List<NodeRange.Identity> select(NodeRange range) {
    return select(range, byMac().values());
  }

  /** The same, and those whose MAC address is given, whether they are known or not. */
  List<NodeRange.Identity> meant(NodeRange range) {
    Map<MacAddress, NodeRange.Identity> known = byMac();
    for (NodeRange.Part part : range.parts()) {
      if (part.who() instanceof NodeRange.OfMac(MacAddress mac)) {
        known.putIfAbsent(mac, new NodeRange.Identity(Optional.empty(), mac, Optional.empty()));
      }
    }
    return select(range, known.values());
  }

  private List<NodeRange.Identity> select(NodeRange range, Collection<NodeRange.Identity> known) {
    return range.select(known, node -> node, now.nodes().groups());
  }

  private static NodeRange.Identity merged(NodeRange.Identity seen, NodeRange.Identity configured) {
    return new NodeRange.Identity(
        configured.name().or(seen::name), seen.mac(), seen.address().or(configured::address));
  }

  /** What the node can be called by. */
  NodeRange.Identity of(MacAddress mac) {
    Optional<NodeProgress> progress = cluster.node(mac);
    NodeRange.Identity seen =
        new NodeRange.Identity(
            progress.flatMap(NodeProgress::name), mac, progress.flatMap(NodeProgress::address));
    NodeRange.Identity configured = now.byMac().get(mac);
    return configured == null ? seen : merged(seen, configured);
  }

  /**
   * The addresses that it has, had last, or is to get: the journal forgets a node that has been up
   * for long, and leases do not.
   */
  Set<Ipv4> addressesOf(MacAddress mac) {
    Set<Ipv4> addresses = new HashSet<>(cluster.addressesOf(mac));
    for (Lease lease : leases.get()) {
      if (lease.mac().equals(mac)
          && cluster.holder(lease.address()).filter(other -> !other.equals(mac)).isEmpty()) {
        addresses.add(lease.address());
      }
    }
    Optional.ofNullable(now.byMac().get(mac))
        .flatMap(NodeRange.Identity::address)
        .ifPresent(addresses::add);
    return addresses;
  }

  /** What an operator calls it. */
  static String label(NodeRange.Identity node) {
    return node.name().map(Object::toString).orElseGet(() -> node.mac().toString());
  }
}
