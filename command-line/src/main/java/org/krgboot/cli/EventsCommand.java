package org.krgboot.cli;

import java.io.IOException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import org.krgboot.daemon.AdminClient;
import org.krgboot.daemon.EventHistory;
import org.krgboot.daemon.EventJson;
import org.krgboot.daemon.EventRow;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code krgboot events}: what happened, one line an event. */
@Command(
    name = "events",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what the servers saw the nodes do, oldest first: each address given or refused, each boot",
      "file sent or refused, each mount. The last 100,000 events are kept."
    },
    footer = {
      "",
      "Examples:",
      "  krgboot events -n 50",
      "  krgboot events --follow                           until Ctrl-C",
      "  krgboot events --node 'krgnode[101-115]' --json   one JSON object a line"
    })
final class EventsCommand implements Callable<Integer> {
  private static final int POLL_MILLIS = 500;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Option(
      names = "--node",
      paramLabel = "RANGE",
      description = "only of these: names, krgnode[01-15], MAC addresses, addresses")
  String node = "";

  @Option(
      names = "-n",
      paramLabel = "LINES",
      description = "how many of the newest (default: ${DEFAULT-VALUE}, at most 10000)")
  int lines = 100;

  @Option(names = "--follow", description = "go on with each that happens")
  boolean follow;

  @Option(names = "--json", description = "print one JSON object a line")
  boolean json;

  @Override
  public Integer call() throws InterruptedException {
    if (lines < 0 || lines > EventHistory.MOST) {
      System.err.println("krgboot: -n " + lines + " is not 0 to " + EventHistory.MOST);
      return 2;
    }
    try (AdminClient client = daemon.client()) {
      List<EventRow> newest = client.events(node, 0, Math.max(1, lines));
      print(lines == 0 ? List.of() : newest);
      long last = newest.isEmpty() ? 0 : newest.getLast().id();
      while (follow && !System.out.checkError()) {
        Thread.sleep(POLL_MILLIS);
        List<EventRow> more = client.events(node, last, EventHistory.MOST);
        print(more);
        last = more.isEmpty() ? last : more.getLast().id();
      }
      return 0;
    } catch (IOException | SettingsException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  private void print(List<EventRow> events) throws IOException {
    for (EventRow event : events) {
      System.out.println(json ? EventJson.MAPPER.writeValueAsString(event) : line(event));
    }
  }

  static String line(EventRow event) {
    return String.format("%s  %-15s  %s", TIME.format(event.at()), event.node(), event.text());
  }
}
