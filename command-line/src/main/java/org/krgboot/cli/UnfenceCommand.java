package org.krgboot.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code krgboot unfence}: lets fenced nodes in again. */
@Command(
    name = "unfence",
    mixinStandardHelpOptions = true,
    description = {
      "Lets nodes in again that krgboot fence has shut out: they go on where they were, if they still can."
    },
    footer = {
      "",
      "Examples:",
      "  krgboot unfence krgnode07",
      "  krgboot unfence @all",
      "",
      "Exit: 0 they are let in, 1 they are not (the reason is told)."
    })
final class UnfenceCommand implements Callable<Integer> {
  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Mixin ChosenNodes nodes = new ChosenNodes();

  @Override
  public Integer call() {
    return Ordered.by(daemon, client -> client.unfence(nodes.range));
  }
}
