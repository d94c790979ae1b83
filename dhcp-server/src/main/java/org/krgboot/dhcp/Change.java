package org.krgboot.dhcp;

import java.time.Instant;
import org.krgboot.model.Ipv4;

/** What a decision does to the lease table of the network that has the address. */
sealed interface Change {
  /** The address that changes hands. */
  Ipv4 address();

  /** Has to be on disk before the node hears of it. */
  sealed interface Durable extends Change {}

  /** The node holds the address; replaces who held it. */
  record Bind(Binding binding) implements Durable {
    @Override
    public Ipv4 address() {
      return binding.address();
    }
  }

  /** Nobody holds the address any more. */
  record Unbind(Ipv4 address) implements Durable {}

  /** Nobody else is offered the address until then. */
  record Offer(ClientKey client, Ipv4 address, Instant until) implements Change {}

  /** The node went to another server. */
  record Withdraw(Ipv4 address) implements Change {}

  /** Somebody unknown uses the address; nobody gets it until then. */
  record SetAside(Ipv4 address, Instant until) implements Change {}

  /** The address is asked for an echo before it is offered. */
  record Probe(Ipv4 address) implements Change {}
}
