package org.krgboot.dhcp;

import java.util.HashSet;
import java.util.Set;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Other DHCP servers on our wires. What they offer is sent to the nodes and not to us, but a node
 * that takes an offer says to all whose: RFC 2131 section 3.1. On one loop.
 */
final class ForeignServers {
  private static final Logger LOG = LoggerFactory.getLogger(ForeignServers.class);

  /** A stranger can make up any number of servers. */
  private static final int MOST = 64;

  private final Set<Ipv4> known = new HashSet<>();
  private final Counters counters;

  ForeignServers(Counters counters) {
    this.counters = counters;
  }

  /** The node has taken the offer of that server, and not ours; told once for each server. */
  void chosen(Ipv4 server, MacAddress node) {
    if (known.size() < MOST && known.add(server)) {
      counters.foreignServer();
      LOG.warn(
          "another DHCP server is on this network, {}: {} took its offer; stop it, or say mode ="
              + " \"proxy\" under [dhcp] to leave the addresses to it",
          server,
          node);
    }
  }
}
