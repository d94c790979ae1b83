package org.krgboot.cli;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.krgboot.daemon.AdminClient;
import org.krgboot.daemon.EventJson;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code krgboot counters}: what the servers have counted. */
@Command(
    name = "counters",
    mixinStandardHelpOptions = true,
    description =
        "Prints what the servers have counted since they started, malformed packets among it.",
    footer = {"", "Example: what strangers sent", "  krgboot counters | grep malformed"})
final class CountersCommand implements Callable<Integer> {
  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Option(names = "--json", description = "print them as JSON")
  boolean json;

  @Override
  public Integer call() {
    try (AdminClient client = daemon.client()) {
      Map<String, Long> counters = client.counters();
      if (json) {
        System.out.println(
            EventJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(counters));
      } else {
        TextTable table = new TextTable("COUNTER", "VALUE");
        counters.forEach((name, value) -> table.row(name, value.toString()));
        System.out.println(table);
      }
      return 0;
    } catch (IOException | SettingsException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }
}
