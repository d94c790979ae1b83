package org.krgboot.bootfiles;

import java.util.Locale;
import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/** Whether a node's own files lie in a directory of its name below the root, and win there. */
public enum NodeDirectories {
  NONE,
  BY_ADDRESS,
  BY_MAC;

  /**
   * Whether a name leads into the directory of another node: what lies there may be a secret of
   * that node's.
   */
  boolean isAnothers(String name, Ipv4 address, Optional<MacAddress> mac) {
    String first = name.substring(0, name.indexOf('/') + 1).toLowerCase(Locale.ROOT);
    boolean isANodes =
        switch (this) {
          case NONE -> false;
          case BY_ADDRESS -> first.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}/");
          case BY_MAC -> first.matches("([0-9a-f]{2}-){5}[0-9a-f]{2}/");
        };
    return isANodes && !of(address, mac).equals(Optional.of(first));
  }

  /** The directory with its slash; empty if the node has none. */
  Optional<String> of(Ipv4 address, Optional<MacAddress> mac) {
    return switch (this) {
      case NONE -> Optional.empty();
      case BY_ADDRESS -> Optional.of(address + "/");
      case BY_MAC -> mac.map(known -> known.dashed() + "/");
    };
  }
}
