package org.krgboot.dhcp;

import java.util.List;
import org.krgboot.model.Subnet;

/** A subnet with its pools, of which it may have none: then only fixed hosts are served. */
public record ServedSubnet(Subnet subnet, List<Pool> pools, ScopeOptions options) {
  /** Refuses pools that are not of the subnet. */
  public ServedSubnet {
    pools = List.copyOf(pools);
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
