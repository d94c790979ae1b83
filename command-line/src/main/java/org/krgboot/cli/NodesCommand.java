package org.krgboot.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.krgboot.daemon.AdminClient;
import org.krgboot.daemon.EventJson;
import org.krgboot.daemon.NodeRow;
import org.krgboot.model.BootStage;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code krgboot nodes}: one line a node. */
@Command(
    name = "nodes",
    mixinStandardHelpOptions = true,
    description =
        "Shows how far each node has got: name, address, MAC, stage, since when, what it was told to boot, trouble.",
    footer = {
      "",
      "Stages in the order of a boot: dhcp, loader, kernel, starting, mounted, reading, init, up.",
      "",
      "Examples:",
      "  krgboot nodes",
      "  krgboot nodes 'krgnode[101-115],-krgnode107'",
      "  krgboot nodes --stage loader,kernel --watch",
      "  krgboot nodes @rack1 --trouble --json",
      "  krgboot nodes --waiting"
    })
final class NodesCommand implements Callable<Integer> {
  private static final int WATCH_MILLIS = 1_000;

  /** Clears a terminal and begins at its top, ECMA-48. */
  private static final String CLEAR = "\u001b[H\u001b[2J";

  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Parameters(
      paramLabel = "RANGE",
      arity = "0..1",
      description =
          "only these: names, krgnode[01-15], @group, krg*, MAC addresses, addresses, with commas between;"
              + " what follows a - is left out (default: all)")
  String range = "";

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      split = ",",
      description = "only those at one of these stages")
  List<String> stages = List.of();

  @Option(names = "--trouble", description = "only those that are in trouble")
  boolean trouble;

  @Option(
      names = "--waiting",
      description = "only those that wait for krgboot approve (dhcp.admission = \"approve\")")
  boolean waiting;

  @Option(
      names = "--watch",
      description = "show them anew each second, until Ctrl-C; also over restarts of the daemon")
  boolean watch;

  @Option(names = "--json", description = "print the nodes as JSON")
  boolean json;

  @Override
  public Integer call() throws InterruptedException {
    Optional<String> unknown =
        stages.stream().filter(stage -> !BootStage.labels().contains(stage)).findFirst();
    if (unknown.isPresent()) {
      System.err.println(
          "krgboot: there is no stage '"
              + unknown.get()
              + "'; there are "
              + String.join(", ", BootStage.labels()));
      return 2;
    }
    try (AdminClient client = daemon.client()) {
      System.out.println(text(client));
      Onlooker onlooker = new Onlooker(System.out);
      while (watch && !System.out.checkError()) {
        Thread.sleep(WATCH_MILLIS);
        onlooker.ask(() -> text(client)).ifPresent(text -> System.out.println(CLEAR + text));
      }
      return 0;
    } catch (IOException | SettingsException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  private String text(AdminClient client) throws IOException {
    List<NodeRow> all = client.nodes(range);
    List<NodeRow> nodes = all.stream().filter(this::isWanted).toList();
    if (nodes.isEmpty() && !all.isEmpty() && !json) {
      return "of " + all.size() + " nodes none is like that";
    }
    return json
        ? EventJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(nodes)
        : table(nodes, InstantSource.system().instant());
  }

  /** All that is told of a node, to be looked into. */
  static String words(NodeRow node) {
    return String.join(
        " ", node.name(), node.address(), node.mac(), node.stage(), node.target(), node.trouble());
  }

  private boolean isWanted(NodeRow node) {
    return (stages.isEmpty() || stages.contains(node.stage()))
        && (!trouble || !node.trouble().isEmpty())
        && (!waiting || node.standing().equals("waiting"));
  }

  /** The nodes as lines with a heading; columns as wide as they must be. */
  static String table(List<NodeRow> nodes, Instant now) {
    if (nodes.isEmpty()) {
      return "no node is configured, and none has asked for an address yet";
    }
    TextTable table =
        new TextTable("NAME", "ADDRESS", "MAC", "STAGE", "SINCE", "TARGET", "TROUBLE");
    for (NodeRow node : nodes) {
      table.row(
          node.name().isEmpty() ? "-" : node.name(),
          node.address().isEmpty() ? "-" : node.address(),
          node.mac(),
          node.stage(),
          node.stage().equals(NodeRow.NOT_SEEN) ? "-" : ago(Duration.between(node.since(), now)),
          node.target().isEmpty() ? "-" : node.target(),
          trouble(node));
    }
    return table.toString();
  }

  /** What an operator has done to it explains the rest. */
  static String trouble(NodeRow node) {
    String standing = node.standing();
    if (standing.isEmpty()) {
      return node.trouble();
    }
    return node.trouble().isEmpty() ? standing : standing + ": " + node.trouble();
  }

  static String ago(Duration age) {
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
