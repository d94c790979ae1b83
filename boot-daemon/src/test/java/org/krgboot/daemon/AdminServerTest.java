package org.krgboot.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.bootfiles.BootMenu;
import org.krgboot.bootfiles.BootTarget;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

class AdminServerTest {
  private static final AdminServer.Reload NOTHING = () -> "nothing changed";

  @TempDir Path directory;

  private BootDesk desk(Cluster cluster) throws IOException {
    BootPlan plan =
        new BootPlan(
            List.of(
                new BootTarget.Program(
                    "memtest",
                    "memtest",
                    "memtest.bin",
                    List.of(),
                    "",
                    Set.of(BootTarget.Platform.BIOS))),
            new BootMenu.Pick("diskless", 0),
            List.of());
    BootOrders orders = BootOrders.open(directory.resolve("boot-orders"));
    return new BootDesk(plan, orders, cluster, List.of(), Runnable::run);
  }

  private AdminServer start(
      Path socket, Supplier<Map<String, Long>> counters, AdminServer.Reload reload)
      throws IOException {
    Cluster cluster = new Cluster();
    return AdminServer.start(socket, cluster, desk(cluster), counters, reload);
  }

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
    try (AdminServer _ =
            AdminServer.start(
                socket, cluster, desk(cluster), () -> Map.of("dhcp.malformed", 3L), NOTHING);
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
    cluster.accept(
        new BootEvent.AddressAcknowledged(
            Instant.EPOCH,
            MacAddress.parse("52:54:00:00:00:01"),
            Ipv4.parse("10.0.0.101"),
            new NodeName("krgnode101"),
            "PXEClient"));
    Path socket = directory.resolve("api.sock");
    try (AdminServer _ = AdminServer.start(socket, cluster, desk(cluster), Map::of, NOTHING);
        AdminClient client = new AdminClient(socket)) {
      assertThat(client.boot("krgnode[101-110]", "memtest", BootOrders.Times.ONCE))
          .containsExactly("krgnode101");
      assertThat(client.nodes()).extracting(NodeRow::target).containsExactly("memtest once");
      assertThatThrownBy(() -> client.boot("krgnode101", "memtst", BootOrders.Times.ONCE))
          .hasMessage("there is no boot target 'memtst'. Did you mean 'memtest'?");
      assertThatThrownBy(() -> client.boot("krgnode101", "zzzzzzzz", BootOrders.Times.ONCE))
          .hasMessageContaining("there are diskless, local, memtest");
      assertThatThrownBy(() -> client.boot("krgnode999", "local", BootOrders.Times.ONCE))
          .hasMessageContaining("no node is known as krgnode999");
      assertThatThrownBy(() -> client.boot("krg[", "local", BootOrders.Times.ONCE))
          .hasMessageContaining("krg[");
      assertThat(client.boot("krgnode101", "default", BootOrders.Times.ALWAYS)).hasSize(1);
      assertThat(client.nodes()).extracting(NodeRow::target).containsExactly("");
    }
  }

  @Test
  void a_reload_is_answered_with_what_changed_or_why_nothing_did() throws Exception {
    Path socket = directory.resolve("api.sock");
    Queue<String> outcomes = new ArrayDeque<>(List.of("added /home", "", "removed /home"));
    AdminServer.Reload reload =
        () -> {
          String outcome = outcomes.remove();
          if (outcome.isEmpty()) {
            throw new IOException("exports:1: wrong\nexports:2: wrong too");
          }
          return outcome;
        };
    try (AdminServer _ = start(socket, Map::of, reload);
        AdminClient client = new AdminClient(socket)) {
      assertThat(client.reloadExports()).isEqualTo("added /home");
      assertThatThrownBy(client::reloadExports)
          .hasMessage("exports:1: wrong\nexports:2: wrong too");
      assertThat(client.reloadExports()).isEqualTo("removed /home");
    }
  }

  @Test
  void a_socket_left_by_a_killed_daemon_is_replaced() throws Exception {
    Path socket = Files.createFile(directory.resolve("api.sock"));
    try (AdminServer _ = start(socket, Map::of, NOTHING);
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
  void a_path_too_long_for_a_socket_is_refused() {
    Path socket = directory.resolve("x".repeat(120)).resolve("api.sock");
    assertThatThrownBy(() -> start(socket, Map::of, NOTHING))
        .hasMessageContaining("too long")
        .hasMessageContaining("--state-dir");
  }
}
