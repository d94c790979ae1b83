package org.krgboot.dhcp;

import java.util.List;
import java.util.Optional;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;

/**
 * One wire: the subnets on it share their nodes (ISC's shared-network). It is ours if our address
 * on it is in one of its subnets; else it is reached through relays only.
 *
 * @param options what its nodes are told, with the global scope's and its own; the server in it is
 *     our address for them
 */
public record Network(List<ServedSubnet> subnets, NodeOptions options) {
  /** Refuses a network of nothing. */
  public Network {
    subnets = List.copyOf(subnets);
    if (subnets.isEmpty()) {
      throw new IllegalArgumentException("a network needs a subnet");
    }
  }

  public Ipv4 server() {
    return options.server();
  }

  /** True if the server is on that wire itself. */
  public boolean isOurs() {
    return subnetOf(server()).isPresent();
  }

  /** The ranges of all its pools. */
  public List<AddressRange> ranges() {
    return subnets.stream().flatMap(served -> served.pools().stream()).map(Pool::range).toList();
  }

  Optional<ServedSubnet> subnetOf(Ipv4 address) {
    return subnets.stream().filter(served -> served.subnet().contains(address)).findFirst();
  }

  @Override
  public String toString() {
    return String.join(", ", subnets.stream().map(served -> served.subnet().toString()).toList());
  }
}
