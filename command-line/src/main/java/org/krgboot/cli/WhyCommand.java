package org.krgboot.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.krgboot.daemon.AdminClient;
import org.krgboot.daemon.EventJson;
import org.krgboot.daemon.NodeRow;
import org.krgboot.daemon.WhyReport;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code krgboot why NODE}: where a boot stands, and what keeps it there. */
@Command(
    name = "why",
    mixinStandardHelpOptions = true,
    description = {
      "Says why a node is where it is: the stage of its boot, what was expected next, the most likely",
      "cause, what was seen of it, and what to do."
    },
    footer = {
      "",
      "Exit: 0 nothing is known to be wrong, 1 the daemon cannot be asked, 3 a cause was found.",
      "",
      "Examples:",
      "  krgboot why krgnode101",
      "  krgboot why 52:54:00:12:34:56 --json"
    })
final class WhyCommand implements Callable<Integer> {
  private static final int FOUND = 3;

  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Parameters(paramLabel = "NODE", description = "its name, MAC address or address")
  String node = "";

  @Option(names = "--json", description = "print the answer as JSON")
  boolean json;

  @Override
  public Integer call() {
    try (AdminClient client = daemon.client()) {
      WhyReport report = client.why(node);
      System.out.println(
          json
              ? EventJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report)
              : text(report));
      return report.symptom().isEmpty() ? 0 : FOUND;
    } catch (IOException | SettingsException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  static String text(WhyReport report) {
    NodeRow node = report.node();
    String who = node.name().isEmpty() ? node.mac() : node.name();
    String silent = NodesCommand.ago(Duration.ofSeconds(report.silentSeconds()));
    StringBuilder text =
        new StringBuilder(
            who
                + ": "
                + report.meaning()
                + " ("
                + node.stage()
                + "); last seen "
                + silent
                + " ago");
    line(text, "expected", report.expected());
    if (report.symptom().isEmpty()) {
      line(text, "cause", "nothing is known to be wrong");
    } else {
      line(text, "cause", report.cause());
      line(text, "seen", report.evidence());
      line(text, "do", report.remedy());
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String what, String words) {
    if (!words.isEmpty()) {
      text.append(String.format("%n  %-9s %s", what, words));
    }
  }
}
