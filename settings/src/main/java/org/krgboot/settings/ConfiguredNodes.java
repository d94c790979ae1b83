package org.krgboot.settings;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeRange;

/**
 * The nodes that the configuration names by their MAC address, and the groups.
 *
 * @param known those of the tables {@code [[host]]} and {@code [[node]]}, but for the rejected
 * @param rejected those that nobody wants
 */
public record ConfiguredNodes(
    List<NodeRange.Identity> known, Set<MacAddress> rejected, Map<String, NodeRange> groups) {
  /** None. */
  public static final ConfiguredNodes NONE = new ConfiguredNodes(List.of(), Set.of(), Map.of());

  public ConfiguredNodes {
    known = List.copyOf(known);
    rejected = Set.copyOf(rejected);
    groups = Map.copyOf(groups);
  }

  /** Without groups, as tests need them. */
  public static ConfiguredNodes of(List<NodeRange.Identity> known) {
    return new ConfiguredNodes(known, Set.of(), Map.of());
  }

  /** Who has an address of its own, by that address. */
  public Map<Ipv4, MacAddress> byAddress() {
    Map<Ipv4, MacAddress> all = new HashMap<>();
    known.forEach(node -> node.address().ifPresent(address -> all.put(address, node.mac())));
    return all;
  }

  /** All that it says something of. */
  public Set<MacAddress> macs() {
    Set<MacAddress> all = new HashSet<>(rejected);
    known.forEach(node -> all.add(node.mac()));
    return all;
  }
}
