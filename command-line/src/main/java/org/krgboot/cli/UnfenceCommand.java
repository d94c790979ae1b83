package org.krgboot.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

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

  @Parameters(
      index = "0",
      paramLabel = "RANGE",
      description =
          "which nodes: names, krgnode[01-15], @group, krg*, MAC addresses, addresses, with commas"
              + " between; what follows a - is left out")
  String range = "";

  @Override
  public Integer call() {
    return Ordered.by(daemon, client -> client.unfence(range));
  }
}
