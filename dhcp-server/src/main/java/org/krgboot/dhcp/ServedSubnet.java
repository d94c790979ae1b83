package org.krgboot.dhcp;

import java.util.List;
import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/**
 * A subnet with its pools, of which it may have none: then only fixed hosts are served.
 *
 * @param server our address in it, where that is not the one of the whole network
 */
public record ServedSubnet(
    Subnet subnet, List<Pool> pools, ScopeOptions options, Optional<Ipv4> server) {
  /** One whose nodes know us by the network's address. */
  public ServedSubnet(Subnet subnet, List<Pool> pools, ScopeOptions options) {
    this(subnet, pools, options, Optional.empty());
  }

  /** Refuses pools, and an address of ours, that are not of the subnet. */
  public ServedSubnet {
    pools = List.copyOf(pools);
    if (server.filter(subnet::isHost).isEmpty() && server.isPresent()) {
      throw new IllegalArgumentException(
          "the server " + server.get() + " is not a machine of " + subnet);
    }
    for (Pool pool : pools) {
      if (!subnet.isHost(pool.range().first()) || !subnet.isHost(pool.range().last())) {
        throw new IllegalArgumentException(
            "the range "
                + pool.range()
                + " leaves the machines of "
                + subnet
                + "; choose one inside");
      }
    }
  }
}
