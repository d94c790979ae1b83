package org.krgboot.dhcp;

import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

/**
 * What nodes are told where another DHCP server gives the addresses.
 *
 * @param server this machine on the boot network
 * @param names how we call the nodes; what they call themselves the other server says
 */
public record ProxyConfig(Ipv4 server, BootChoice boot, NameTemplate names) {
  /** What that network's nodes are told if they are in no class and no host. */
  public static ProxyConfig of(Network network) {
    NodeOptions options = network.options();
    return new ProxyConfig(options.server(), options.boot(), options.name());
  }

  NodeName nameOf(Ipv4 address, MacAddress mac) {
    return names.nameOf(address, mac, Optional.empty());
  }
}
