package org.krgboot.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.krgboot.daemon.AdminClient;
import org.krgboot.daemon.EventJson;
import org.krgboot.daemon.NodeReport;
import org.krgboot.daemon.NodeRow;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code krgboot node NAME}: one node and its last boots, step by step. */
@Command(
    name = "node",
    mixinStandardHelpOptions = true,
    description = {
      "Shows one node: how far it is, each step of its last boots with the time since power-on, and how",
      "long it took to each stage beside the median of the other nodes."
    },
    footer = {
      "",
      "Examples:",
      "  krgboot node krgnode101",
      "  krgboot node 52:54:00:12:34:56 --boots 3",
      "  krgboot node 10.11.12.101 --json"
    })
final class NodeCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Parameters(paramLabel = "NODE", description = "its name, MAC address or address")
  String node = "";

  @Option(
      names = "--boots",
      paramLabel = "N",
      description = "how many of the last boots (default: ${DEFAULT-VALUE})")
  int boots = 1;

  @Option(names = "--json", description = "print the node as JSON, with all of its boots")
  boolean json;

  @Override
  public Integer call() {
    if (boots < 0) {
      System.err.println("krgboot: --boots " + boots + " is less than 0");
      return 2;
    }
    try (AdminClient client = daemon.client()) {
      NodeReport report = client.node(node);
      System.out.println(
          json
              ? EventJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report)
              : text(report, boots, InstantSource.system(), kernel(report.node())));
      return 0;
    } catch (IOException | SettingsException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  /** A line on the numbered kernel that it loaded last; empty if it was none. */
  private String kernel(NodeRow node) throws SettingsException {
    String loaded = KernelStoreAddress.loadedBy(daemon.stateDirectory(), node.address());
    return loaded.isEmpty() ? "" : "\n" + loaded;
  }

  /**
   * What is printed.
   *
   * @param more further lines of the heading, each behind a line's end; perhaps none
   */
  static String text(NodeReport report, int boots, InstantSource clock, String more) {
    StringBuilder text = new StringBuilder(heading(report.node(), clock)).append(more);
    List<NodeReport.Boot> all = report.boots();
    for (NodeReport.Boot boot : all.subList(Math.max(0, all.size() - boots), all.size())) {
      text.append("\n\n").append(boot(boot));
    }
    if (!report.stages().isEmpty()) {
      text.append("\n\n").append(stages(report.stages()));
    }
    return text.toString();
  }

  private static String heading(NodeRow node, InstantSource clock) {
    String name = node.name().isEmpty() ? node.mac() : node.name() + "  " + node.mac();
    String address = node.address().isEmpty() ? "no address" : node.address();
    String since = NodesCommand.ago(Duration.between(node.since(), clock.instant()));
    String trouble = node.trouble().isEmpty() ? "" : "\ntrouble: " + node.trouble();
    return name + "  " + address + "  " + node.stage() + " since " + since + trouble;
  }

  private static String boot(NodeReport.Boot boot) {
    TextTable table = new TextTable("SECONDS", "STAGE", "WHAT");
    for (NodeReport.Step step : boot.steps()) {
      table.row(
          seconds(step.milliseconds()),
          step.stage(),
          step.text() + (step.times() > 1 ? " (" + step.times() + " times)" : ""));
    }
    String sent = String.format(Locale.ROOT, "%.1f MB of boot files", boot.bytes() / 1e6);
    String resent = boot.resent() == 0 ? "" : ", " + boot.resent() + " blocks twice";
    return "boot of " + TIME.format(boot.powerOn()) + ": " + sent + resent + "\n" + table;
  }

  private static String stages(List<NodeReport.Stage> stages) {
    TextTable table = new TextTable("UNTIL", "SECONDS", "MEDIAN OF THE OTHERS");
    for (NodeReport.Stage stage : stages) {
      table.row(
          stage.stage(),
          seconds(stage.milliseconds()),
          stage.others() == 0 ? "-" : seconds(stage.median()) + " (" + stage.others() + ")");
    }
    return table.toString();
  }

  private static String seconds(long milliseconds) {
    return String.format(Locale.ROOT, "%.1f", milliseconds / 1000.0);
  }
}
