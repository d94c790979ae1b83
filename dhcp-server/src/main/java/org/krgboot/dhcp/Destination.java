package org.krgboot.dhcp;

import org.krgboot.model.Ipv4;

/** Where a reply goes, RFC 2131 section 4.1. */
sealed interface Destination {
  /** To the relay that passed the request on, at the server's port. */
  record ToRelay(Ipv4 address) implements Destination {}

  /** To a node that uses its address already, at the client's port. */
  record ToNode(Ipv4 address) implements Destination {}

  /**
   * To all on the boot network, at the client's port. Also for nodes that would take unicast: they
   * have no ARP entry yet, and all take broadcast.
   */
  record ToAll() implements Destination {}
}
