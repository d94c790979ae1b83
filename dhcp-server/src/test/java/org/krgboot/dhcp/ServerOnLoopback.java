package org.krgboot.dhcp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.krgboot.model.Ipv4;

/** A server in a process of its own, that tests kill, and whose clock they set. */
final class ServerOnLoopback {
  static final String ADDRESS = "127.0.0.1";

  private ServerOnLoopback() {}

  static DhcpConfig config() {
    return Cluster.ofTheHowTo().on("127.0.0.0/16", ADDRESS, "127.0.16.1-127.0.47.254").config();
  }

  static DhcpListen listen(int port) {
    return DhcpListen.on(Ipv4.parse(ADDRESS), port, Optional.empty());
  }

  /**
   * Says "ready" and its port, and a line for each line that it hears: for a number of seconds by
   * which its clock is to be ahead, the same; for any other, its counters.
   *
   * @param args database file, port
   */
  public static void main(String[] args) throws IOException {
    AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    InstantSource system = InstantSource.system();
    InstantSource clock = () -> system.instant().plus(ahead.get());
    try (LeaseStore store = SqliteLeaseStore.open(Path.of(args[0]), LeaseStoreTest.HISTORY);
        DhcpServer server =
            DhcpServer.start(
                config(), listen(Integer.parseInt(args[1])), store, event -> {}, clock);
        BufferedReader commands =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      System.out.println("ready " + server.port());
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        if (line.matches("-?[0-9]+")) {
          ahead.set(Duration.ofSeconds(Long.parseLong(line)));
          System.out.println(line);
        } else {
          System.out.println(server.counters());
        }
      }
    }
  }
}
