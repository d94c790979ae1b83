package org.krgboot.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code krgboot unset}: takes back what {@code krgboot set} said. */
@Command(
    name = "unset",
    mixinStandardHelpOptions = true,
    description = {
      "Takes back what krgboot set said of nodes; what other files of the configuration say holds again."
    },
    footer = {
      "",
      "Examples:",
      "  krgboot unset krgnode07 target",
      "  krgboot unset @rack1 profile append",
      "  krgboot unset 52:54:00:12:34:56 all     # forgets the node: it is not known any more",
      "",
      "Exit: 0 it holds, 1 nothing was changed (the reason is told)."
    })
final class UnsetCommand implements Callable<Integer> {
  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Mixin ChosenNodes nodes = new ChosenNodes();

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "KEY",
      description = "name, address, profile, target, menu-timeout, kernel, initrd, append, or all")
  List<String> keys = List.of();

  @Override
  public Integer call() {
    return Ordered.by(daemon, client -> client.unset(nodes.range, keys));
  }
}
