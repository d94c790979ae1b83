package org.krgboot.dhcp;

import java.time.Instant;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/** What a decision does to the lease table. */
sealed interface Change {
  /** Has to be on disk before the node hears of it. */
  sealed interface Durable extends Change {}

  /** The node holds the address; replaces what it held, and who held the address. */
  record Bind(Binding binding) implements Durable {}

  /** The node holds nothing any more. */
  record Unbind(MacAddress mac) implements Durable {}

  /** Nobody else is offered the address until then. */
  record Offer(MacAddress mac, Ipv4 address, Instant until) implements Change {}

  /** The node went to another server. */
  record Withdraw(MacAddress mac) implements Change {}

  /** Somebody unknown uses the address; nobody gets it until then. */
  record SetAside(Ipv4 address, Instant until) implements Change {}
}
