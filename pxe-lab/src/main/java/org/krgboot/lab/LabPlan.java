package org.krgboot.lab;

import java.nio.file.Path;
import java.time.Duration;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/**
 * What the lab is to do.
 *
 * @param nodes how many nodes to boot at the same time
 * @param nodeRoot the root that they mount; a kernel of it tries KVM
 * @param workDirectory for logs, and for what is known about KVM
 * @param subnet the network of the lab
 * @param server the boot server's address in it
 * @param range the addresses for nodes
 * @param deadline how long all of them may take, from power on
 * @param memoryMb memory of a node in MiB
 */
public record LabPlan(
    int nodes,
    Path nodeRoot,
    Path workDirectory,
    Subnet subnet,
    Ipv4 server,
    AddressRange range,
    Duration deadline,
    int memoryMb) {
  /** Beyond this a machine is busier with switching than with booting. */
  private static final int MOST = 64;

  public LabPlan {
    refuseUnless(nodes >= 1 && nodes <= MOST, "a lab has 1 to " + MOST + " nodes, not " + nodes);
    refuseUnless(subnet.isHost(server), server + " is not an address in " + subnet);
    refuseUnless(
        subnet.isHost(range.first()) && subnet.isHost(range.last()),
        "the range " + range + " is not in " + subnet);
    refuseUnless(!range.contains(server), "the range " + range + " has the server's " + server);
    refuseUnless(
        range.size() >= nodes, "the range " + range + " is too small for " + nodes + " nodes");
    refuseUnless(memoryMb >= 256, "a node needs at least 256 MB, not " + memoryMb);
    refuseUnless(deadline.isPositive(), "the deadline must lie ahead");
  }

  private static void refuseUnless(boolean good, String otherwise) {
    if (!good) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
