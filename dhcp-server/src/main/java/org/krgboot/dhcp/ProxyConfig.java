package org.krgboot.dhcp;

import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;

/**
 * What nodes are told where another DHCP server gives the addresses.
 *
 * @param server this machine on the boot network
 */
public record ProxyConfig(Ipv4 server, BootChoice boot, String namePrefix) {
  NodeName nameOf(Ipv4 address) {
    return new NodeName(namePrefix + address.octet(3));
  }
}
