package org.krgboot.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code krgboot fence}: shuts nodes out of everything. */
@Command(
    name = "fence",
    mixinStandardHelpOptions = true,
    description = {
      "Shuts nodes out at once: DHCP does not answer them, TFTP and HTTP send them no file, NFS refuses every",
      "call and every mount of theirs, whatever they have open. When it returns, nothing that they asked to",
      "change is under way any more. They stay fenced over a restart, until krgboot unfence."
    },
    footer = {
      "",
      "Examples:",
      "  krgboot fence krgnode07",
      "  krgboot fence '@rack1,-krgnode03'",
      "  krgboot unfence krgnode07",
      "",
      "A file that TFTP or HTTP is sending already is sent to its end. What a node holds in its own memory it",
      "can read on; its network cards are not switched off: see krgboot power.",
      "",
      "Exit: 0 they are fenced, 1 they are not, or something goes on (the reason is told)."
    })
final class FenceCommand implements Callable<Integer> {
  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Mixin ChosenNodes nodes = new ChosenNodes();

  @Override
  public Integer call() {
    return Ordered.by(daemon, client -> client.fence(nodes.range));
  }
}
