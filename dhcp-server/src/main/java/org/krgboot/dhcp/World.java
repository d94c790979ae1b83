package org.krgboot.dhcp;

import java.util.Collection;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

/** All that a decision may look at. */
record World(DhcpConfig config, FixedHosts hosts, LeaseTable leases) {
  static World of(DhcpConfig config, Collection<Binding> saved) {
    FixedHosts hosts = new FixedHosts(config.hosts());
    return new World(config, hosts, new LeaseTable(config.range(), hosts::isFixed, saved));
  }

  /** The node's own name, or the one made from its address. */
  NodeName nameOf(MacAddress mac, Ipv4 address) {
    return hosts.nameOf(mac).orElseGet(() -> config.options().nameOf(address));
  }

  boolean isRefused(MacAddress mac) {
    return switch (config.unknown()) {
      case ALLOWED -> false;
      case REFUSED -> !hosts.knows(mac);
    };
  }
}
