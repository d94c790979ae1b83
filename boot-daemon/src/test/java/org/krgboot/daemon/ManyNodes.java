package org.krgboot.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.krgboot.model.BootEvent;
import org.krgboot.model.BootFile;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;
import org.krgboot.model.NodeRange;
import org.krgboot.settings.ConfiguredNodes;
import org.krgboot.settings.StatusConfig;

/** A status server with nodes whose events a test makes up. */
final class ManyNodes implements AutoCloseable {
  static final String TOKEN = "0123456789abcdef0123";

  final EventJournal journal;
  final int port;
  private final KnownNodes known;
  private final StatusFeed feed;
  private final StatusServer server;

  ManyNodes(Path directory, StatusConfig config) throws IOException {
    Cluster cluster = new Cluster();
    journal = EventJournal.open(directory.resolve("events.db"), cluster);
    Path etc = Files.createDirectories(directory.resolve("etc"));
    Files.writeString(
        etc.resolve("krgboot.toml"),
        "[[boot.entry]]\nname = \"memtest\"\nkernel = \"memtest.bin\"\narch = [\"bios\"]\n");
    Map<String, Long> counters =
        Map.of(
            "dhcp.received",
            7L,
            "dhcp.sent.offer",
            3L,
            "dhcp.sent.ack",
            2L,
            "tftp.sent.bytes",
            99L,
            "tftp.active",
            1L,
            "nfs.calls.read",
            12L,
            "dhcp.store.microseconds",
            2_500_000L);
    Parts parts = new Parts(directory, cluster, InstantSource.system());
    known = parts.known;
    AdminRoutes api = parts.routes(journal);
    StatusRoutes.Subject subject =
        new StatusRoutes.Subject(
            () -> api.all(Instant.EPOCH), () -> counters, signs(), () -> true, Instant.EPOCH);
    feed = new StatusFeed(subject.nodes(), subject.counters(), InstantSource.system());
    server = StatusServer.start(config, new StatusRoutes(subject, feed, api)).orElseThrow();
    port = server.port();
  }

  private static LifeSigns signs() {
    LifeSigns signs = new LifeSigns(System::nanoTime);
    signs.add("dhcp", _ -> true);
    return signs;
  }

  /** On loopback, on any port. */
  static StatusConfig anyPort(Optional<Path> token) {
    return new StatusConfig(
        "127.0.0.1", 0, StatusConfig.WhenTaken.DO_NOT_START, token, Optional.empty(), List.of());
  }

  static MacAddress mac(int node) {
    return MacAddress.parse(String.format("52:54:00:00:%02x:%02x", node >> 8, node & 255));
  }

  static Ipv4 address(int node) {
    return Ipv4.parse("10.11." + (node >> 8) + "." + (node & 255));
  }

  /** The configuration names these from now on, and no others. */
  void configure(int... nodes) {
    known.replace(
        ConfiguredNodes.of(
            Arrays.stream(nodes)
                .mapToObj(node ->
                    new NodeRange.Identity(
                        Optional.of(new NodeName("krgnode" + node)), mac(node), Optional.empty()))
                .toList()));
  }

  void asks(int node, Instant at) {
    journal.accept(
        new BootEvent.AddressAcknowledged(
            at, mac(node), address(node), new NodeName("krgnode" + node), "PXEClient"));
  }

  void fetches(int node, BootFile.Role role, Instant at) {
    journal.accept(
        new BootEvent.FileSent(
            at,
            address(node),
            BootEvent.Carrier.HTTP,
            "boot.ipxe",
            role,
            4000,
            Duration.ofMillis(20),
            0));
  }

  void mounts(int node, Instant at) {
    journal.accept(new BootEvent.RootMounted(at, address(node), "/NFSROOT/kerrighed"));
  }

  void comesUp(int node, Instant at) {
    journal.accept(new BootEvent.LoginStarted(at, address(node), "/usr/sbin/sshd"));
  }

  /** So many nodes, at all stages, some of them in trouble. */
  void boot(int nodes) {
    Instant start = Instant.now().minusSeconds(600);
    for (int node = 1; node <= nodes; node++) {
      asks(node, start.plusMillis(node));
      int stage = node % 20;
      if (stage > 0) {
        fetches(node, BootFile.Role.LOADER, start.plusSeconds(2));
      }
      if (stage > 1) {
        fetches(node, BootFile.Role.KERNEL, start.plusSeconds(5));
      }
      if (stage > 3) {
        mounts(node, start.plusSeconds(20));
      }
      if (stage > 4) {
        comesUp(node, start.plusSeconds(22));
      }
      if (node % 97 == 0) {
        journal.accept(
            new BootEvent.FileRefused(
                start.plusSeconds(30),
                address(node),
                BootEvent.Carrier.TFTP,
                "initrd.img",
                BootEvent.Refusal.NOT_FOUND,
                "there is no such file; see `krgboot check`"));
      }
    }
  }

  @Override
  public void close() {
    feed.close();
    server.close();
    journal.close();
  }
}
