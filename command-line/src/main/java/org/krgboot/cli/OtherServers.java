package org.krgboot.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.krgboot.image.RootBuild;
import org.krgboot.lab.DaemonLauncher;
import org.krgboot.lab.LabNetwork;
import org.krgboot.lab.LabPlan;
import org.krgboot.lab.StageSource;
import org.krgboot.model.MacAddress;

/**
 * Boot servers that are not ours, in the lab's network: so that the same nodes can be booted by
 * both. What they know of a node is not asked; its serial line tells.
 */
final class OtherServers implements DaemonLauncher, StageSource {
  private final LabPlan plan;
  private final String command;
  private final Path ready;

  /**
   * Servers started by a shell command in the foreground, ended by TERM.
   *
   * @param command finds what it needs in KRGBOOT_LAB_INTERFACE, _ADDRESS, _FIRST, _LAST (node
   *     addresses), _ROOT, _APPEND (kernel parameters); makes the file _READY when it serves
   */
  OtherServers(LabPlan plan, String command) {
    this.plan = plan;
    this.command = command;
    this.ready = plan.workDirectory().resolve("servers-ready");
  }

  @Override
  public List<String> command(LabNetwork network) {
    return List.of(
        "env",
        "KRGBOOT_LAB_INTERFACE=" + LabNetwork.BRIDGE,
        "KRGBOOT_LAB_ADDRESS=" + plan.server(),
        "KRGBOOT_LAB_FIRST=" + plan.range().first(),
        "KRGBOOT_LAB_LAST=" + plan.range().last(),
        "KRGBOOT_LAB_ROOT=" + plan.nodeRoot(),
        "KRGBOOT_LAB_APPEND=" + String.join(" ", RootBuild.KERNEL_PARAMETERS),
        "KRGBOOT_LAB_READY=" + ready,
        "sh",
        "-c",
        "exec " + command);
  }

  @Override
  public boolean isReady() {
    return Files.exists(ready);
  }

  @Override
  public Optional<Sight> of(MacAddress mac) {
    return Optional.empty();
  }
}
