package org.krgboot.cli;

import java.io.IOException;
import java.util.List;
import org.krgboot.daemon.AdminClient;
import org.krgboot.settings.SettingsException;

/** Has the daemon do something, and says what came of it. */
final class Ordered {
  /** More names than this are counted instead. */
  private static final int MOST_NAMES = 8;

  private Ordered() {}

  /** What is asked of the daemon. */
  @FunctionalInterface
  interface Order {
    AdminClient.Done of(AdminClient client) throws IOException;
  }

  /** The exit code: 0 it is done, 1 it is not. */
  static int by(DaemonAddress daemon, Order order) {
    try (AdminClient client = daemon.client()) {
      System.out.println(text(order.of(client)));
      return 0;
    } catch (IOException | SettingsException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  static String text(AdminClient.Done done) {
    String what = done.nodes().isEmpty() ? "" : names(done.nodes()) + ": ";
    String number = done.number() == 0 ? "" : "configuration " + done.number() + ": ";
    return number + what + done.changes();
  }

  private static String names(List<String> nodes) {
    return nodes.size() > MOST_NAMES
        ? nodes.size() + " nodes, " + nodes.getFirst() + " to " + nodes.getLast()
        : String.join(", ", nodes);
  }
}
