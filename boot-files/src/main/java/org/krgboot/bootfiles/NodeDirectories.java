package org.krgboot.bootfiles;

import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/** Whether a node's own files lie in a directory of its name below the root, and win there. */
public enum NodeDirectories {
  NONE,
  BY_ADDRESS,
  BY_MAC;

  /** The directory with its slash; empty if the node has none. */
  Optional<String> of(Ipv4 address, Optional<MacAddress> mac) {
    return switch (this) {
      case NONE -> Optional.empty();
      case BY_ADDRESS -> Optional.of(address + "/");
      case BY_MAC -> mac.map(known -> known.dashed() + "/");
    };
  }
}
