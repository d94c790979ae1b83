package org.krgboot.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code krgboot set}: says something of nodes in the configuration. */
@Command(
    name = "set",
    mixinStandardHelpOptions = true,
    description = {
      "Says something of nodes: the daemon writes it to krgboot.d/nodes.toml beside its configuration file and",
      "takes it at once, as by krgboot reload. If anything is wrong with it, nothing is written."
    },
    footer = {
      "",
      "Keys: name, address, profile, target, menu-timeout, kernel, initrd, append; append+= adds words.",
      "",
      "Examples:",
      "  krgboot set krgnode07 target=local",
      "  krgboot set 'krgnode[01-15]' profile=compute append='session_id=1 debug'",
      "  krgboot set @rack1,-krgnode07 append+=quiet",
      "  krgboot set 52:54:00:12:34:56 name=front address=10.11.12.5",
      "",
      "What a node boots counts from its next boot on; a node at work keeps its address until then.",
      "krgboot unset takes it back; krgboot config log shows what was said when.",
      "",
      "Exit: 0 it holds, 1 nothing was changed (the reason is told)."
    })
final class SetCommand implements Callable<Integer> {
  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Mixin ChosenNodes nodes = new ChosenNodes();

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "KEY=VALUE", description = "what")
  Map<String, String> values = new LinkedHashMap<>();

  @Override
  public Integer call() {
    return Ordered.by(daemon, client -> client.set(nodes.range, values));
  }
}
