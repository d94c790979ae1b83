package org.krgboot.dhcp;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/** A server in a process of its own, which tests start inside a network namespace. */
final class ServerInNamespace {
  private final List<DhcpListen.Link> links = new ArrayList<>();
  private final Cluster cluster = Cluster.ofTheHowTo();

  /** Subnet, our address for it, range and interface; without an interface, behind relays. */
  private void serve(String network) {
    String[] words = network.split(",", -1);
    String[] subnets = words[0].split("\\+", -1);
    String[] servers = words[1].split("\\+", -1);
    String[] ranges = words[2].split("\\+", -1);
    List<ServedSubnet> served = new ArrayList<>();
    List<Ipv4> ours = new ArrayList<>();
    for (int i = 0; i < subnets.length; i++) {
      ours.add(Ipv4.parse(servers[i]));
      served.add(
          new ServedSubnet(
              Subnet.parse(subnets[i]),
              List.of(Pool.of(AddressRange.parse(ranges[i]))),
              ScopeOptions.NONE,
              i == 0 ? Optional.empty() : Optional.of(ours.get(i))));
    }
    cluster.and(new Network(served, cluster.options(servers[0])));
    if (words.length > 3) {
      links.add(
          new DhcpListen.Link(
              ours.getFirst(), Optional.of(words[3]), ours.subList(1, ours.size())));
    }
  }

  private static Policy policy(String how) {
    return switch (how) {
      case "broadcast" ->
          new Policy(
              Unknown.ALLOWED,
              Policy.Authority.AUTHORITATIVE,
              Policy.Key.MAC,
              Policy.Delivery.BROADCAST);
      case "ping" -> Policy.STANDARD.with(Policy.Probing.PING);
      default -> Policy.STANDARD;
    };
  }

  /**
   * Serves until standard input ends; says "ready", then each event, and its counters for each byte
   * that it reads.
   *
   * @param args database file, "by-flag", "broadcast" or "ping", then the networks: subnet, our
   *     address for it, range and interface, with commas between; without an interface, it is
   *     behind relays; of several subnets, with plus signs between
   */
  public static void main(String[] args) throws IOException {
    ServerInNamespace all = new ServerInNamespace();
    for (int i = 2; i < args.length; i++) {
      all.serve(args[i]);
    }
    Cluster cluster = all.cluster.range("").policy(policy(args[1]));
    var listen = new DhcpListen(all.links, 67);
    try (LeaseStore store = SqliteLeaseStore.open(Path.of(args[0]), LeaseStoreTest.HISTORY);
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
