package org.krgboot.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code krgboot reject}: serves nodes no more. */
@Command(
    name = "reject",
    mixinStandardHelpOptions = true,
    description = {
      "Rejects nodes: they get no address whatever dhcp.admission says, and do not wait for approval any more.",
      "A node that has a lease keeps it until it asks again; to shut a node out at once, see krgboot fence."
    },
    footer = {
      "",
      "Examples:",
      "  krgboot reject 52:54:00:12:34:56",
      "  krgboot approve 52:54:00:12:34:56       # takes it back",
      "",
      "Exit: 0 they are rejected, 1 nothing was changed (the reason is told)."
    })
final class RejectCommand implements Callable<Integer> {
  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Mixin ChosenNodes nodes = new ChosenNodes();

  @Override
  public Integer call() {
    return Ordered.by(daemon, client -> client.reject(nodes.range));
  }
}
