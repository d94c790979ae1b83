package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;
import org.krgboot.model.MacAddress;

@Timeout(600)
class StormTest {
  private static final int NODES = 2000;
  private static final long FIRST = 0x5254_0000_0000L;

  @TempDir Path directory;

  private Storm stormOf2000() throws IOException {
    try (LeaseStore store =
            SqliteLeaseStore.open(directory.resolve("state.db"), LeaseStoreTest.HISTORY);
        DhcpServer server =
            DhcpServer.start(
                ServerOnLoopback.config(),
                ServerOnLoopback.listen(0),
                store,
                event -> {},
                InstantSource.system());
        Storm storm = new Storm(server.port())) {
      storm.begin(FIRST, NODES, Duration.ofSeconds(1));
      storm.allServed();
      assertThat(new HashSet<>(storm.acknowledged().values())).hasSize(NODES);
      assertThat(server.leases()).hasSize(NODES);
      assertThat(server.counters())
          .containsKeys("dhcp.store.batches", "dhcp.dropped.receive-buffer");
      return storm;
    }
  }

  @Test
  void two_thousand_nodes_that_start_within_a_second_all_get_addresses_of_their_own()
      throws IOException {
    assertThat(stormOf2000().acknowledged()).hasSize(NODES);
  }

  /** Counts retries, which the clock makes: only on a machine that has time for it. */
  @Test
  @Tag("nightly")
  void two_thousand_nodes_are_served_within_their_first_retry() throws IOException {
    assertThat(stormOf2000().mostRetries()).isLessThanOrEqualTo(1);
  }

  @Test
  void datagrams_that_come_faster_than_they_are_read_are_counted() throws Exception {
    assumeTrue(Epoll.isAvailable(), "skipped: needs native epoll, which alone tells it");
    CountDownLatch goOn = new CountDownLatch(1);
    BootEvent.Sink blocked =
        event -> {
          try {
            goOn.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    try (LeaseStore store =
            SqliteLeaseStore.open(directory.resolve("state.db"), LeaseStoreTest.HISTORY);
        DhcpServer server =
            DhcpServer.start(
                ServerOnLoopback.config(),
                ServerOnLoopback.listen(0),
                store,
                blocked,
                InstantSource.system());
        DatagramSocket stranger = new DatagramSocket()) {
      byte[] bytes = Packets.discover(Packets.NODE_1).relay("127.0.0.2").bytes();
      DatagramPacket packet =
          new DatagramPacket(
              bytes, bytes.length, InetAddress.getByName(ServerOnLoopback.ADDRESS), server.port());
      try {
        while (server.counters().get("dhcp.dropped.receive-buffer") == 0) {
          for (int i = 0; i < 1000; i++) {
            stranger.send(packet);
          }
        }
      } finally {
        goOn.countDown();
      }
      assertThat(server.counters().get("dhcp.dropped.receive-buffer")).isPositive();
    }
  }

  @Test
  void five_kills_in_a_storm_lose_no_lease_that_a_node_was_told_of() throws Exception {
    killed(5);
  }

  @Test
  @Tag("nightly")
  void twenty_kills_in_a_storm_lose_no_lease_that_a_node_was_told_of() throws Exception {
    killed(20);
  }

  /** kill -9 at a moment of chance; then the file must have every lease that was acknowledged. */
  private void killed(int times) throws Exception {
    Path database = directory.resolve("state.db");
    Random chance = new Random(20261122);
    LoopbackProcess server = LoopbackProcess.start(List.of(), database, 0);
    try (Storm storm = new Storm(server.port())) {
      for (int kill = 1; kill <= times; kill++) {
        List<MacAddress> served = storm.served();
        storm.begin(FIRST + 1000L * kill, 200, Duration.ofMillis(100));
        for (int i = 0; i < Math.min(20, served.size()); i++) {
          storm.again(served.get(chance.nextInt(served.size())));
        }
        storm.until(served.size() + 1 + chance.nextInt(150));
        server.kill();
        storm.drain();
        assertOnDisk(database, storm.acknowledged());
        server = LoopbackProcess.start(List.of(), database, server.port());
      }
      storm.allServed();
      assertOnDisk(database, storm.acknowledged());
      assertThat(storm.acknowledged()).hasSize(200 * times);
    } finally {
      server.close();
    }
  }

  private static void assertOnDisk(Path database, Map<MacAddress, Ipv4> acknowledged)
      throws IOException {
    assertThat(new HashSet<>(acknowledged.values()))
        .as("addresses of two nodes")
        .hasSize(acknowledged.size());
    try (LeaseStore store = SqliteLeaseStore.existing(database)) {
      Map<MacAddress, Ipv4> kept =
          store.leases().stream().collect(Collectors.toMap(Lease::mac, Lease::address));
      assertThat(kept).containsAllEntriesOf(acknowledged);
    }
  }
}
