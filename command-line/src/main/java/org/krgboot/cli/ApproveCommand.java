package org.krgboot.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code krgboot approve}: serves nodes that wait. */
@Command(
    name = "approve",
    mixinStandardHelpOptions = true,
    description = {
      "Approves nodes that wait (dhcp.admission = \"approve\"), are not known (\"known\"), or were rejected.",
      "They are written to krgboot.d/nodes.toml and served from their next request on."
    },
    footer = {
      "",
      "Examples:",
      "  krgboot nodes --waiting",
      "  krgboot approve 52:54:00:12:34:56",
      "  krgboot approve 52:54:00:12:34:56 --as krgnode01",
      "  krgboot approve 52:54:00:12:34:56 52:54:00:12:34:57 --as 'krgnode[01-02]'",
      "",
      "Exit: 0 they are served, 1 nothing was changed (the reason is told)."
    })
final class ApproveCommand implements Callable<Integer> {
  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Parameters(
      arity = "1..*",
      paramLabel = "MAC",
      description = "MAC addresses, such as 52:54:00:12:34:56")
  List<String> macs = List.of();

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "what they are called, in this order: krgnode01 or krgnode[01-15]")
  String names = "";

  @Override
  public Integer call() {
    return Ordered.by(daemon, client -> client.approve(macs, names));
  }
}
