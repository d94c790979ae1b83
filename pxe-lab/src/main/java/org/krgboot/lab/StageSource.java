package org.krgboot.lab;

import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

/** What the boot server knows of a node. Asked a few times a second; never throws. */
@FunctionalInterface
public interface StageSource {
  /** What is known of one node. */
  record Sight(Optional<Ipv4> address, Optional<NodeName> name, Stage stage) {}

  /** Empty as long as the server has not heard of the node. */
  Optional<Sight> of(MacAddress mac);
}
