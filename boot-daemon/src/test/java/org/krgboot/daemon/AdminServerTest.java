package org.krgboot.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

class AdminServerTest {
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(60));

  @TempDir Path directory;

  @Test
  void the_client_reads_nodes_and_counters_over_the_socket() throws Exception {
    Cluster cluster = new Cluster();
    cluster.accept(
        new BootEvent.AddressAcknowledged(
            Instant.EPOCH,
            MacAddress.parse("52:54:00:00:00:01"),
            Ipv4.parse("10.0.0.101"),
            new NodeName("krgnode101"),
            "PXEClient"));
    Path socket = directory.resolve("api.sock");
    try (EventJournal journal = EventJournal.open(directory.resolve("events.db"), cluster);
        AdminServer _ = AdminServer.start(socket, routes(cluster, journal));
        AdminClient client = new AdminClient(socket)) {
      assertThat(client.nodes()).extracting(NodeRow::name).containsExactly("krgnode101");
      assertThat(client.counters()).containsEntry("dhcp.malformed", 3L);
      assertThat(Files.getPosixFilePermissions(socket))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
    assertThat(socket).doesNotExist();
  }

  @Test
  void a_node_is_told_what_to_boot_over_the_socket_and_mistakes_are_told_with_the_nearest()
      throws Exception {
    Cluster cluster = new Cluster();
    boot(Instant.EPOCH).forEach(cluster::accept);
    Path socket = directory.resolve("api.sock");
    BootOrders.Times once = BootOrders.Times.ONCE;
    try (EventJournal journal = EventJournal.open(directory.resolve("events.db"), cluster);
        AdminServer _ = AdminServer.start(socket, routes(cluster, journal));
        AdminClient client = new AdminClient(socket)) {
      assertThat(client.boot("krgnode[101-110]", "memtest", once)).containsExactly("krgnode101");
      assertThat(client.nodes()).extracting(NodeRow::target).containsExactly("memtest once");
      assertThatThrownBy(() -> client.boot("krgnode101", "memtst", once))
          .hasMessage("there is no boot target 'memtst'. Did you mean 'memtest'?");
      assertThatThrownBy(() -> client.boot("krgnode101", "zzzzzzzz", once))
          .hasMessageContaining("there are diskless, local, memtest");
      assertThatThrownBy(() -> client.boot("krgnode102", "local", once))
          .hasMessageContaining("did you mean krgnode101?");
      assertThat(client.boot("krgnode101", "default", BootOrders.Times.ALWAYS)).hasSize(1);
      assertThat(client.nodes()).extracting(NodeRow::target).containsExactly("");
    }
  }

  @Test
  void a_reload_is_answered_with_what_changed_or_why_nothing_did() throws Exception {
    Path socket = directory.resolve("api.sock");
    Cluster cluster = new Cluster();
    try (EventJournal journal = EventJournal.open(directory.resolve("events.db"), cluster);
        AdminServer _ = AdminServer.start(socket, routes(cluster, journal));
        AdminClient client = new AdminClient(socket)) {
      assertThat(client.reload().changes()).isEqualTo("nothing changed");
      Files.writeString(
          directory.resolve("etc/krgboot.toml"), "[boot]\ntarget = \"x\"\nmenu-timeout = -1\n");
      assertThatThrownBy(client::reload)
          .hasMessageStartingWith("krgboot.toml:2: boot.target: there is no boot target 'x'")
          .hasMessageContaining("\nkrgboot.toml:3: boot.menu-timeout: ");
      assertThat(client.fence("52:54:00:00:00:77").nodes()).containsExactly("52:54:00:00:00:77");
      assertThatThrownBy(() -> client.set("52:54:00:00:00:78", Map.of("taget", "local")))
          .hasMessage("unknown key 'taget'. Did you mean 'target'?");
    }
  }

  @Test
  void a_socket_left_by_a_killed_daemon_is_replaced() throws Exception {
    Path socket = Files.createFile(directory.resolve("api.sock"));
    Cluster cluster = new Cluster();
    try (EventJournal journal = EventJournal.open(directory.resolve("events.db"), cluster);
        AdminServer _ = AdminServer.start(socket, routes(cluster, journal));
        AdminClient client = new AdminClient(socket)) {
      assertThat(client.nodes()).isEmpty();
    }
  }

  @Test
  void without_a_daemon_the_client_says_what_to_do() throws Exception {
    try (AdminClient client = new AdminClient(directory.resolve("none.sock"))) {
      assertThatThrownBy(client::nodes)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("none.sock")
          .hasMessageContaining("krgboot serve");
    }
  }

  @Test
  void a_path_too_long_for_a_socket_is_refused() throws Exception {
    Path socket = directory.resolve("x".repeat(120)).resolve("api.sock");
    Cluster cluster = new Cluster();
    try (EventJournal journal = EventJournal.open(directory.resolve("events.db"), cluster)) {
      AdminRoutes routes = routes(cluster, journal);
      assertThatThrownBy(() -> AdminServer.start(socket, routes))
          .hasMessageContaining("too long")
          .hasMessageContaining("--state-dir");
    }
  }

  @Test
  void a_node_its_boots_and_what_keeps_it_are_told_over_the_socket() throws Exception {
    Path database = directory.resolve("events.db");
    try (EventJournal journal = EventJournal.open(database, new Cluster())) {
      boot(Instant.EPOCH).forEach(journal::accept);
    }
    Cluster cluster = new Cluster();
    Path socket = directory.resolve("api.sock");
    try (EventJournal journal = EventJournal.open(database, cluster);
        AdminServer _ = AdminServer.start(socket, routes(cluster, journal));
        AdminClient client = new AdminClient(socket)) {
      NodeReport report = client.node("krgnode101");
      assertThat(report.kernel()).isEqualTo(7);
      assertThat(report.boots()).hasSize(1);
      assertThat(report.boots().getFirst().steps())
          .extracting(NodeReport.Step::milliseconds)
          .containsExactly(0L, 1000L, 2000L);
      assertThat(report.stages()).containsExactly(new NodeReport.Stage("dhcp", 0, -1, 0));
      WhyReport why = client.why("10.0.0.101");
      assertThat(why.symptom()).isEqualTo("FILE_MISSING");
      assertThat(why.meaning()).isEqualTo("its firmware asked for an address");
      assertThat(why.silentSeconds()).isEqualTo(58);
      assertThat(why.evidence()).contains("lpxelinux.0: not there");
      assertThat(why.remedy()).contains("krgboot check");
      assertThat(report.boots().getFirst().steps().getLast().text())
          .isEqualTo("tftp: lpxelinux.0: not there");
    }
  }

  @Test
  void events_are_told_by_node_and_from_where_one_has_read() throws Exception {
    Path database = directory.resolve("events.db");
    Cluster cluster = new Cluster();
    try (EventJournal journal = EventJournal.open(database, cluster)) {
      boot(Instant.EPOCH).forEach(journal::accept);
      journal.accept(
          new BootEvent.AddressRefused(
              Instant.EPOCH, MacAddress.parse("52:54:00:00:00:02"), "not in the cluster"));
    }
    Path socket = directory.resolve("api.sock");
    try (EventJournal journal = EventJournal.open(database, cluster);
        AdminServer _ = AdminServer.start(socket, routes(cluster, journal));
        AdminClient client = new AdminClient(socket)) {
      List<EventRow> all = client.events("", 0, 100);
      assertThat(all).hasSize(4).extracting(EventRow::node).contains("52:54:00:00:00:02");
      assertThat(client.events("krgnode*", 0, 2)).isEqualTo(all.subList(1, 3));
      assertThat(client.events("", all.get(2).id(), 100)).isEqualTo(all.subList(3, 4));
      assertThat(all.getFirst().text()).isEqualTo("dhcp: offered 10.0.0.101 (PXEClient)");
    }
  }

  @Test
  void a_node_that_is_not_known_is_answered_with_the_one_that_was_meant() throws Exception {
    Cluster cluster = new Cluster();
    boot(Instant.EPOCH).forEach(cluster::accept);
    Path socket = directory.resolve("api.sock");
    try (EventJournal journal = EventJournal.open(directory.resolve("events.db"), cluster);
        AdminServer _ = AdminServer.start(socket, routes(cluster, journal));
        AdminClient client = new AdminClient(socket)) {
      assertThatThrownBy(() -> client.node("krgnod101"))
          .hasMessage("no node is called krgnod101; did you mean krgnode101?");
      assertThatThrownBy(() -> client.nodes("krgnode[")).hasMessageContaining("does not close it");
      assertThatThrownBy(() -> client.why("krgnode101"))
          .hasMessageContaining("is not in the journal");
    }
  }

  private AdminRoutes routes(Cluster cluster, EventJournal journal) throws IOException {
    Path etc = Files.createDirectories(directory.resolve("etc"));
    Files.writeString(
        etc.resolve("krgboot.toml"),
        "[[boot.entry]]\nname = \"memtest\"\nkernel = \"memtest.bin\"\narch = [\"bios\"]\n");
    return new Parts(directory, cluster, CLOCK).routes(journal);
  }

  private static List<BootEvent> boot(Instant start) {
    MacAddress mac = MacAddress.parse("52:54:00:00:00:01");
    Ipv4 address = Ipv4.parse("10.0.0.101");
    return List.of(
        new BootEvent.AddressOffered(start, mac, address, "PXEClient"),
        new BootEvent.AddressAcknowledged(
            start.plusSeconds(1), mac, address, new NodeName("krgnode101"), "PXEClient"),
        new BootEvent.FileRefused(
            start.plusSeconds(2),
            address,
            BootEvent.Carrier.TFTP,
            "lpxelinux.0",
            BootEvent.Refusal.NOT_FOUND,
            "not there"));
  }
}
