package org.krgboot.cli;

import java.io.IOException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
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
      "  krgboot events --follow                           until Ctrl-C, also over restarts",
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
      if (follow) {
        follow(client, last);
      }
      return 0;
    } catch (IOException | SettingsException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  /** Until nobody reads any more; over restarts of the daemon. */
  private void follow(AdminClient client, long from) throws InterruptedException, IOException {
    Onlooker onlooker = new Onlooker(System.err);
    long last = from;
    while (!System.out.checkError()) {
      Thread.sleep(POLL_MILLIS);
      boolean wasAway = onlooker.isAway();
      long after = last;
      Optional<List<EventRow>> more =
          onlooker.ask(() -> client.events(node, after, EventHistory.MOST));
      if (wasAway && more.isPresent() && isAnotherJournal(client, after)) {
        last = 0;
        continue;
      }
      print(more.orElse(List.of()));
      last = more.filter(rows -> !rows.isEmpty()).map(rows -> rows.getLast().id()).orElse(last);
    }
  }

  /** A daemon that was given an empty state directory counts its events from the beginning. */
  private static boolean isAnotherJournal(AdminClient client, long seen) throws IOException {
    List<EventRow> newest = client.events("", 0, 1);
    return newest.isEmpty() ? seen > 0 : newest.getLast().id() < seen;
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
