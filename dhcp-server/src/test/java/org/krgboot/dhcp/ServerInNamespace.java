package org.krgboot.dhcp;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.model.Ipv4;

/** A server in a process of its own, which tests start inside a network namespace. */
final class ServerInNamespace {
  private ServerInNamespace() {}

  /**
   * Serves until standard input ends; says "ready", then each event, and its counters for each byte
   * that it reads.
   *
   * @param args database file, "by-flag" or "broadcast", then the networks: subnet, our address for
   *     it, range and interface, with commas between; without an interface, it is behind relays
   */
  public static void main(String[] args) throws IOException {
    List<DhcpListen.Link> links = new ArrayList<>();
    Cluster cluster = Cluster.ofTheHowTo();
    for (int i = 2; i < args.length; i++) {
      String[] words = args[i].split(",", -1);
      if (i == 2) {
        cluster.on(words[0], words[1], words[2]);
      } else {
        cluster.and(words[0], words[1], words[2]);
      }
      if (words.length > 3) {
        links.add(new DhcpListen.Link(Ipv4.parse(words[1]), Optional.of(words[3])));
      }
    }
    if (args[1].equals("broadcast")) {
      cluster.policy(
          new Policy(
              Unknown.ALLOWED,
              Policy.Authority.AUTHORITATIVE,
              Policy.Key.MAC,
              Policy.Delivery.BROADCAST));
    }
    var listen = new DhcpListen(links, 67);
    try (LeaseStore store = LeaseStore.open(Path.of(args[0]));
        DhcpServer server =
            DhcpServer.start(
                cluster.config(), listen, store, System.out::println, InstantSource.system())) {
      System.out.println("ready");
      while (System.in.read() >= 0) {
        System.out.println("counters " + server.counters());
      }
    } catch (IOException e) {
      System.out.println("refused: " + e.getMessage());
    }
  }
}
