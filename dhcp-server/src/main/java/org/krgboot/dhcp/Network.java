package org.krgboot.dhcp;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;

/**
 * One wire: the subnets on it share their nodes (ISC's shared-network). It is ours if our address
 * on it is in one of its subnets; else it is reached through relays only.
 *
 * @param options what its nodes are told, with the global scope's and its own; the server in it is
 *     our address for them, unless their subnet says another
 */
public record Network(List<ServedSubnet> subnets, NodeOptions options) {
  /** Refuses a network of nothing. */
  public Network {
    subnets = List.copyOf(subnets);
    if (subnets.isEmpty()) {
      throw new IllegalArgumentException("a network needs a subnet");
    }
  }

  /** Our address for those of its nodes whose subnet has none of its own. */
  public Ipv4 server() {
    return options.server();
  }

  /** All our addresses that its nodes are told, {@link #server} first. */
  public List<Ipv4> servers() {
    return Stream.concat(
            Stream.of(server()), subnets.stream().flatMap(served -> served.server().stream()))
        .distinct()
        .toList();
  }

  Ipv4 serverIn(ServedSubnet served) {
    return served.server().orElse(server());
  }

  /** What nodes are told in the subnet. */
  NodeOptions optionsIn(ServedSubnet served) {
    return options.at(serverIn(served)).with(served.options());
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
    for (ServedSubnet served : subnets) {
      if (served.subnet().contains(address)) {
        return Optional.of(served);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return String.join(", ", subnets.stream().map(served -> served.subnet().toString()).toList());
  }
}
