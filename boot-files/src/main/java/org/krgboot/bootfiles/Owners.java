package org.krgboot.bootfiles;

import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/** Whose address it is. TFTP and HTTP know a node by its address only. */
@FunctionalInterface
public interface Owners {
  /** Empty if the address was not given by us since the daemon's journal began. */
  Optional<MacAddress> of(Ipv4 address);
}
