package org.krgboot.cli;

import java.util.concurrent.Callable;
import org.krgboot.daemon.AdminClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code krgboot reload}: the daemon reads its configuration again. */
@Command(
    name = "reload",
    mixinStandardHelpOptions = true,
    description = {
      "Tells the daemon to read its configuration again while nodes run: krgboot.toml, krgboot.d and the",
      "exports file. All of it holds at once, or, if anything is wrong with it, the old one stays. No node",
      "loses its lease, its address or its root. SIGHUP does the same, and tells the log."
    },
    footer = {
      "",
      "Example:",
      "  krgboot reload",
      "",
      "Ports, interfaces, server.only, server.state-dir and the limits of the servers need a restart: such a",
      "change is refused by name. Each configuration that was accepted has a number: krgboot config log.",
      "",
      "Exit: 0 it holds now, 1 the old one stays (each reason is told)."
    })
final class ReloadCommand implements Callable<Integer> {
  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Override
  public Integer call() {
    return Ordered.by(daemon, AdminClient::reload);
  }
}
