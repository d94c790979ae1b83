package org.krgboot.dhcp;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.krgboot.model.Ipv4;

/** A server in a process of its own, which tests start inside a network namespace. */
final class ServerInNamespace {
  private ServerInNamespace() {}

  /**
   * Serves 10.91.0.0/24 until standard input ends; says "ready", then each event.
   *
   * @param args database file, interface
   */
  public static void main(String[] args) throws IOException {
    DhcpConfig config =
        Cluster.ofTheHowTo().on("10.91.0.0/24", "10.91.0.1", "10.91.0.101-10.91.0.199").config();
    var listen = DhcpListen.on(Ipv4.parse("10.91.0.1"), 67, Optional.of(args[1]));
    try (LeaseStore store = LeaseStore.open(Path.of(args[0]));
        DhcpServer server =
            DhcpServer.start(config, listen, store, System.out::println, InstantSource.system())) {
      System.out.println("ready");
      while (System.in.read() >= 0) {
        System.out.println(server.counters());
      }
    }
  }
}
