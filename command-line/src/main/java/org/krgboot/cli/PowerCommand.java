package org.krgboot.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.krgboot.daemon.AdminClient;
import org.krgboot.daemon.NodeRow;
import org.krgboot.model.MacAddress;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code krgboot power RANGE on|off|reboot|reset}. */
@Command(
    name = "power",
    mixinStandardHelpOptions = true,
    description = {
      "Switches nodes: on by wake-on-LAN (their firmware must allow it), off and reboot by ssh, reset by",
      "ssh without asking their programs to end. With --driver, a command of yours does each of them."
    },
    footer = {
      "",
      "A driver is called once a node, with the action, name, MAC address and address as words, on this",
      "machine, by a shell: --driver 'ipmitool -H $2-bmc -U admin -f /etc/bmc chassis power $1'.",
      "",
      "Exit: 0 it went well for all nodes, 1 it did not. Whether a node woke up, krgboot nodes shows.",
      "",
      "Examples:",
      "  krgboot power 'krgnode[101-115]' on",
      "  krgboot power krgnode107 reboot"
    })
final class PowerCommand implements Callable<Integer> {
  /** What can be done; named as on the command line. */
  enum Action {
    ON,
    OFF,
    REBOOT,
    RESET;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Mixin DaemonAddress daemon = new DaemonAddress();
  @Mixin RemoteOptions remote = new RemoteOptions();

  @Mixin ChosenNodes nodes = new ChosenNodes();

  @Parameters(index = "1", paramLabel = "ACTION", description = "${COMPLETION-CANDIDATES}")
  @Nullable Action action;

  @Option(names = "--driver", paramLabel = "COMMAND", description = "does it instead")
  @Nullable String driver;

  @Override
  public Integer call() throws InterruptedException {
    try (AdminClient client = daemon.client()) {
      return perform(client.nodes(nodes.range), Objects.requireNonNull(action));
    } catch (IOException | SettingsException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  private int perform(List<NodeRow> nodes, Action what) throws IOException, InterruptedException {
    if (driver != null) {
      String command = driver;
      return remote.run(nodes, node -> driven(command, what, node));
    }
    return switch (what) {
      case ON -> {
        WakeOnLan.wake(nodes.stream().map(node -> MacAddress.parse(node.mac())).toList());
        System.err.println("told " + nodes.size() + " nodes to wake up");
        yield 0;
      }
      case OFF -> remote.ssh(nodes, soon("poweroff"));
      case REBOOT -> remote.ssh(nodes, soon("reboot"));
      case RESET -> remote.ssh(nodes, soon("echo b > /proc/sysrq-trigger"));
    };
  }

  static List<String> driven(String command, Action what, NodeRow node) {
    return List.of(
        "sh", "-c", command, "krgboot", what.toString(), node.name(), node.mac(), node.address());
  }

  /** After ssh has ended: it would fail where its node goes away under it. */
  private static String soon(String command) {
    return "nohup sh -c 'sleep 1; " + command + "' > /dev/null 2>&1 &";
  }
}
