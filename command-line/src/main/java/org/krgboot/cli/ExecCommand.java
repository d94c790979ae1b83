package org.krgboot.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.krgboot.daemon.AdminClient;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code krgboot exec RANGE COMMAND}: the same command on many nodes. */
@Command(
    name = "exec",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a command on nodes by ssh, on many at once, and prints what they say, each line after the",
      "node's name. A node that asks for a password, or does not answer, counts as failed."
    },
    footer = {
      "",
      "Exit: 0 it went well on all nodes, 1 it did not.",
      "",
      "Examples:",
      "  krgboot exec 'krgnode[101-115]' uptime",
      "  krgboot exec @all 'df -h /tmp | tail -n 1'",
      "  krgboot exec 'krg*' --ssh 'ssh -i /root/.ssh/nodes' -- systemctl is-system-running"
    })
final class ExecCommand implements Callable<Integer> {
  @Mixin DaemonAddress daemon = new DaemonAddress();
  @Mixin RemoteOptions remote = new RemoteOptions();

  @Mixin ChosenNodes nodes = new ChosenNodes();

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "what to run")
  List<String> command = List.of();

  @Override
  public Integer call() throws InterruptedException {
    try (AdminClient client = daemon.client()) {
      return remote.ssh(client.nodes(nodes.range), String.join(" ", command));
    } catch (IOException | SettingsException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }
}
