package org.krgboot.dhcp;

import org.krgboot.linux.LinuxException;
import org.krgboot.linux.NetCalls;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the kernel where nodes are that have no address yet, so that they can be sent to. */
final class Neighbours {
  private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);

  private final Counters counters;
  private boolean told;

  Neighbours(Counters counters) {
    this.counters = counters;
  }

  /** False if the kernel does not take it, and the node has to be reached by broadcast. */
  boolean introduce(DhcpListen.Link link, Ipv4 address, MacAddress mac) {
    if (link.interfaceName().isEmpty()) {
      counters.notIntroduced();
      return false;
    }
    try {
      NetCalls.setArp(link.interfaceName().get(), address.bits(), mac.octets());
      return true;
    } catch (LinuxException e) {
      counters.notIntroduced();
      if (!told) {
        told = true;
        LOG.warn(
            "nodes without an address are answered by broadcast, since the kernel refuses an ARP"
                + " entry: {}; give the process CAP_NET_ADMIN, or set dhcp.reply = \"broadcast\"",
            e.getMessage());
      }
      return false;
    }
  }
}
