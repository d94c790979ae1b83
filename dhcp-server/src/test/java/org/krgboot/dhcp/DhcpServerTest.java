package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.krgboot.dhcp.Packets.NODE_1;
import static org.krgboot.dhcp.Packets.NODE_2;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.dhcp4java.DHCPPacket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;

/** Over loopback: the test is a relay at 127.0.0.2, and a renewing node at 127.0.0.101. */
@Timeout(60)
class DhcpServerTest {
  private static final String SERVER = "127.0.0.1";
  private static final String RELAY = "127.0.0.2";

  @TempDir Path directory;
  private final Queue<BootEvent> events = new ConcurrentLinkedQueue<>();
  private final DhcpConfig config =
      Cluster.ofTheHowTo().on("127.0.0.0/24", SERVER, "127.0.0.101-127.0.0.199").config();
  private LeaseStore store;
  private DhcpServer server;

  @BeforeEach
  void start() throws IOException {
    store = SqliteLeaseStore.open(directory.resolve("state.db"), LeaseStoreTest.HISTORY);
    server = DhcpServer.start(config, listen(0), store, events::add, InstantSource.system());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    store.close();
  }

  private static DhcpListen listen(int port) {
    return DhcpListen.on(Ipv4.parse(SERVER), port, Optional.empty());
  }

  @Test
  void a_node_behind_a_relay_gets_its_lease_over_the_wire() throws IOException {
    DHCPPacket offer = exchange(Packets.discover(NODE_1).relay(RELAY));
    assertThat(offer.getYiaddr().getHostAddress()).isEqualTo("127.0.0.101");
    DHCPPacket ack = exchange(Packets.selecting(NODE_1, "127.0.0.101", SERVER).relay(RELAY));
    assertThat(ack.getDHCPMessageType()).isEqualTo((byte) 5);
    assertThat(ack.getOptionAsString((byte) 12)).isEqualTo("krgnode101");
    assertThat(server.leases()).extracting(Lease::mac).containsExactly(NODE_1);
    assertThat(server.counters()).containsEntry("dhcp.received", 2L);
  }

  @Test
  void a_renewal_is_answered_to_the_node_itself() throws IOException {
    try (DatagramSocket node = socket("127.0.0.101", server.port() + 1)) {
      send(node, Packets.renewing(NODE_1, "127.0.0.101"));
      assertThat(receive(node).getDHCPMessageType()).isEqualTo((byte) 5);
    }
  }

  @Test
  void leases_outlive_a_restart() throws IOException {
    exchange(Packets.initReboot(NODE_1, "127.0.0.120").relay(RELAY));
    stop();
    start();
    assertThat(server.leases())
        .extracting(Lease::address)
        .containsExactly(Ipv4.parse("127.0.0.120"));
    assertThat(exchange(Packets.discover(NODE_1).relay(RELAY)).getYiaddr().getHostAddress())
        .isEqualTo("127.0.0.120");
  }

  @Test
  void rubbish_is_counted_and_the_next_node_is_served() throws IOException {
    try (DatagramSocket relay = socket(RELAY, server.port())) {
      relay.send(packet(new byte[] {1, 2, 3}));
      byte[] cut = Packets.discover(NODE_2).raw(12, 200).unended();
      relay.send(packet(cut));
      relay.send(packet(Arrays.copyOf(Packets.discover(NODE_2).bytes(), 236)));
      send(relay, Packets.discover(NODE_1).relay(RELAY));
      receive(relay);
    }
    assertThat(server.counters())
        .containsEntry("dhcp.malformed", 2L)
        .containsEntry("dhcp.ignored.bootp", 1L);
  }

  @Test
  void a_node_that_takes_the_offer_of_another_server_gives_that_server_away() throws IOException {
    try (DatagramSocket relay = socket(RELAY, server.port())) {
      send(relay, Packets.selecting(NODE_2, "127.0.0.9", "127.0.0.254").relay(RELAY));
      send(relay, Packets.discover(NODE_1).relay(RELAY));
      receive(relay);
    }
    assertThat(server.counters())
        .containsEntry("dhcp.ignored.other-server", 1L)
        .containsEntry("dhcp.foreign-servers", 1L);
  }

  @Test
  void without_a_disk_nobody_gets_an_ack_and_with_it_again_everybody_does() throws Exception {
    try (var other = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("state.db"));
        var statement = other.createStatement();
        DatagramSocket relay = socket(RELAY, server.port())) {
      statement.execute(
          "CREATE TRIGGER full BEFORE INSERT ON lease BEGIN SELECT RAISE(ABORT, 'full'); END");
      send(relay, Packets.initReboot(NODE_1, "127.0.0.120").relay(RELAY));
      while (server.counters().getOrDefault("dhcp.dropped.store-failed", 0L) == 0) {
        Thread.onSpinWait();
      }
      assertThat(server.leases()).isEmpty();
      statement.execute("DROP TRIGGER full");
      send(relay, Packets.initReboot(NODE_1, "127.0.0.120").relay(RELAY));
      assertThat(receive(relay).getYiaddr().getHostAddress()).isEqualTo("127.0.0.120");
    }
    assertThat(server.leases()).hasSize(1);
    // The answer may be here before its sender has counted it.
    while (!server.counters().containsKey("dhcp.sent.ack")) {
      Thread.onSpinWait();
    }
    assertThat(server.counters()).containsEntry("dhcp.sent.ack", 1L);
  }

  @Test
  void a_request_repeated_while_its_lease_is_being_written_gets_one_ack() throws Exception {
    try (var other = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("state.db"));
        var statement = other.createStatement();
        DatagramSocket relay = socket(RELAY, server.port())) {
      statement.execute("BEGIN IMMEDIATE"); // the commit waits for this
      send(relay, Packets.initReboot(NODE_1, "127.0.0.120").relay(RELAY));
      send(relay, Packets.initReboot(NODE_1, "127.0.0.120").relay(RELAY));
      while (server.counters().getOrDefault("dhcp.received", 0L) < 2) {
        Thread.onSpinWait();
      }
      statement.execute("COMMIT");
      assertThat(receive(relay).getDHCPMessageType()).isEqualTo((byte) 5);
      send(relay, Packets.discover(NODE_1).relay(RELAY));
      assertThat(receive(relay).getDHCPMessageType()).isEqualTo((byte) 2);
      send(relay, Packets.initReboot(NODE_1, "127.0.0.120").relay(RELAY));
      assertThat(receive(relay).getDHCPMessageType()).isEqualTo((byte) 5);
    }
    assertThat(server.counters()).containsEntry("dhcp.ignored.repeated", 1L);
  }

  @Test
  void a_second_server_on_the_port_is_noticed_by_name() {
    assertThatThrownBy(() ->
            DhcpServer.start(
                config, listen(server.port()), store, events::add, InstantSource.system()))
        .isInstanceOf(BindException.class)
        .hasMessageContaining(SERVER + ":" + server.port());
  }

  private DHCPPacket exchange(Packets packet) throws IOException {
    try (DatagramSocket relay = socket(RELAY, server.port())) {
      send(relay, packet);
      return receive(relay);
    }
  }

  private static DatagramSocket socket(String address, int port) throws IOException {
    DatagramSocket socket = new DatagramSocket(null);
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
    socket.setSoTimeout(10_000);
    return socket;
  }

  private void send(DatagramSocket from, Packets packet) throws IOException {
    from.send(packet(packet.bytes()));
  }

  private DatagramPacket packet(byte[] bytes) throws IOException {
    return new DatagramPacket(bytes, bytes.length, InetAddress.getByName(SERVER), server.port());
  }

  private DHCPPacket receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    socket.receive(packet);
    assertThat(packet.getPort()).isEqualTo(server.port());
    return DHCPPacket.getPacket(packet);
  }
}
