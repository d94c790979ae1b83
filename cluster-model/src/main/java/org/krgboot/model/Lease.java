package org.krgboot.model;

import java.time.Instant;

/**
 * An address that was given to a node. A node with a fixed address holds a lease like any other.
 *
 * @param since when the node first got this address without a break
 * @param expires when it is free again unless renewed
 */
public record Lease(MacAddress mac, Ipv4 address, NodeName name, Instant since, Instant expires) {
  public boolean isActive(Instant now) {
    return now.isBefore(expires);
  }
}
