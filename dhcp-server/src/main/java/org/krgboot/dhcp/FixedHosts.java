package org.krgboot.dhcp;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.krgboot.model.FixedHost;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

/** The nodes that the configuration names, found by MAC address and by address. Immutable. */
final class FixedHosts {
  private final Map<MacAddress, FixedHost> byMac = new HashMap<>();
  private final Map<Ipv4, MacAddress> owners = new HashMap<>();

  FixedHosts(List<FixedHost> hosts) {
    for (FixedHost host : hosts) {
      byMac.put(host.mac(), host);
      host.address().ifPresent(address -> owners.put(address, host.mac()));
    }
  }

  boolean knows(MacAddress mac) {
    return byMac.containsKey(mac);
  }

  Optional<Ipv4> addressOf(MacAddress mac) {
    return Optional.ofNullable(byMac.get(mac)).flatMap(FixedHost::address);
  }

  Optional<NodeName> nameOf(MacAddress mac) {
    return Optional.ofNullable(byMac.get(mac)).flatMap(FixedHost::name);
  }

  boolean isFixed(Ipv4 address) {
    return owners.containsKey(address);
  }
}
