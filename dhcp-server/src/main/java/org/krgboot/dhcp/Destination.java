package org.krgboot.dhcp;

import java.util.OptionalInt;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/** Where a reply goes, RFC 2131 section 4.1. */
sealed interface Destination {
  /**
   * To the relay that passed the request on.
   *
   * @param port the relay's own, RFC 8357; else it is the server's
   */
  record ToRelay(Ipv4 address, OptionalInt port) implements Destination {}

  /** To a node that uses its address already, at the client's port. */
  record ToNode(Ipv4 address) implements Destination {}

  /**
   * To a node on our own wire that does not use the address yet and so answers no ARP. To all, if
   * the kernel cannot be told where it is.
   */
  record ToNewcomer(Ipv4 address, MacAddress mac) implements Destination {}

  /** To all on the boot network, at the client's port. */
  record ToAll() implements Destination {}
}
