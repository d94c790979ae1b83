package org.krgboot.importers;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.krgboot.model.Ipv4;

/** Subnets of which none overlaps another, to be found by an address in them. */
final class SubnetIndex {
  private final NavigableMap<Ipv4, Draft.SubnetDraft> byNetwork = new TreeMap<>();

  /** Takes it, unless there is one that it overlaps, which is returned. */
  Optional<Draft.SubnetDraft> add(Draft.SubnetDraft subnet) {
    Optional<Draft.SubnetDraft> other = of(subnet.subnet.network()).or(() -> firstWithin(subnet));
    if (other.isEmpty()) {
      byNetwork.put(subnet.subnet.network(), subnet);
    }
    return other;
  }

  private Optional<Draft.SubnetDraft> firstWithin(Draft.SubnetDraft subnet) {
    return Optional.ofNullable(byNetwork.ceilingEntry(subnet.subnet.network()))
        .map(Map.Entry::getValue)
        .filter(each -> subnet.subnet.contains(each.subnet.network()));
  }

  /** The one that has the address. */
  Optional<Draft.SubnetDraft> of(Ipv4 address) {
    return Optional.ofNullable(byNetwork.floorEntry(address))
        .map(Map.Entry::getValue)
        .filter(each -> each.subnet.contains(address));
  }
}
