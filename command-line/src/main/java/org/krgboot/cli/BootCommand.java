package org.krgboot.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.krgboot.daemon.AdminClient;
import org.krgboot.daemon.BootOrders;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code krgboot boot}: what nodes boot from now on, or once. */
@Command(
    name = "boot",
    mixinStandardHelpOptions = true,
    description = {
      "Tells nodes what to boot, at their next boot and after. Targets are diskless (the node root), local (the",
      "node's own disk), the [[boot.entry]] tables of the configuration, and default: what that says. An order",
      "outlives the daemon. With --once it is done when the node was sent the target's last file; diskless: when",
      "it first reads its root; local: the configuration that says so. PXELINUX files of your own win over it."
    },
    footer = {
      "",
      "Examples:",
      "  krgboot boot krgnode101 memtest --once",
      "  krgboot boot krgnode[101-115] local",
      "  krgboot boot krgnode101,52:54:00:12:34:56 default",
      "",
      "Exit: 0 ordered, 1 not (one line says why)."
    })
final class BootCommand implements Callable<Integer> {
  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Mixin ChosenNodes nodes = new ChosenNodes();

  @Parameters(index = "1", paramLabel = "TARGET", description = "what they boot")
  String target = "";

  @Option(names = "--once", description = "one time only")
  boolean once;

  @Override
  public Integer call() {
    BootOrders.Times times = once ? BootOrders.Times.ONCE : BootOrders.Times.ALWAYS;
    try (AdminClient client = daemon.client()) {
      for (String node : client.boot(nodes.range, target, times)) {
        System.out.println(node + ": " + new BootOrders.Order(target, times));
      }
      return 0;
    } catch (IOException | SettingsException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }
}
