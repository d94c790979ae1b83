package org.krgboot.daemon;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code krgboot nodes}: one line a node. */
@Command(
    name = "nodes",
    mixinStandardHelpOptions = true,
    description =
        "Shows how far each node has got: name, address, MAC, stage, since when, what it was told to boot, trouble.",
    footer = {
      "",
      "Stages in the order of a boot: dhcp, loader, kernel, starting, mounted, running.",
      "",
      "Examples:",
      "  krgboot nodes",
      "  krgboot nodes --json"
    })
final class NodesCommand implements Callable<Integer> {
  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Option(names = "--json", description = "print the nodes as JSON")
  boolean json;

  @Override
  public Integer call() {
    try (AdminClient client = daemon.client()) {
      List<NodeRow> nodes = client.nodes();
      System.out.println(
          json
              ? EventJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(nodes)
              : table(nodes, InstantSource.system().instant()));
      return 0;
    } catch (IOException | SettingsException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  /** The nodes as lines with a heading; columns as wide as they must be. */
  static String table(List<NodeRow> nodes, Instant now) {
    if (nodes.isEmpty()) {
      return "no node has asked for an address yet";
    }
    TextTable table =
        new TextTable("NAME", "ADDRESS", "MAC", "STAGE", "SINCE", "TARGET", "TROUBLE");
    for (NodeRow node : nodes) {
      table.row(
          node.name().isEmpty() ? "-" : node.name(),
          node.address().isEmpty() ? "-" : node.address(),
          node.mac(),
          node.stage(),
          ago(Duration.between(node.since(), now)),
          node.target().isEmpty() ? "-" : node.target(),
          node.trouble());
    }
    return table.toString();
  }

  private static String ago(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min";
    }
    return seconds < 86_400
        ? String.format("%d h %02d min", seconds / 3600, seconds / 60 % 60)
        : seconds / 86_400 + " d";
  }
}
