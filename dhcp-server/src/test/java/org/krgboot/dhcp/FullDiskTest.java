package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.krgboot.dhcp.Packets.NODE_1;

import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.assertj.core.data.Offset;
import org.dhcp4java.DHCPPacket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.MacAddress;

/** The leases on a small file system of memory, in a mount namespace that ends with the server. */
@Timeout(300)
class FullDiskTest {
  private static final String RELAY = "127.0.0.2";
  private static final Duration LEASE = Cluster.LEASE_TIME;

  @TempDir Path directory;
  private LoopbackProcess server;
  private DatagramSocket relay;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(mayMount(), "needs root and unshare(1), to mount a small file system");
    server =
        LoopbackProcess.start(
            List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o size=1m tmpfs " + directory + " && exec \"$@\"",
                "sh"),
            directory.resolve("state.db"),
            0);
    relay = new DatagramSocket(null);
    relay.setReuseAddress(true);
    relay.bind(new InetSocketAddress(InetAddress.getByName(RELAY), server.port()));
    relay.setSoTimeout(10_000);
  }

  private static boolean mayMount() throws Exception {
    return new ProcessBuilder("unshare", "--mount", "true").start().waitFor() == 0;
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
      relay.close();
    }
  }

  /** In the server's own mounts. */
  private Path filler() {
    return Path.of("/proc", Long.toString(server.pid()), "root" + directory, "filler");
  }

  private void fill() {
    try (OutputStream out =
        Files.newOutputStream(filler(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (true) {
        out.write(new byte[512]);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }

  private void send(Packets packet) throws IOException {
    byte[] bytes = packet.relay(RELAY).bytes();
    relay.send(
        new DatagramPacket(
            bytes, bytes.length, InetAddress.getByName(ServerOnLoopback.ADDRESS), server.port()));
  }

  private DHCPPacket answer() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    relay.receive(packet);
    return DHCPPacket.getPacket(packet);
  }

  private long seconds(DHCPPacket ack) {
    assertThat(ack.getDHCPMessageType()).isEqualTo((byte) 5);
    return ack.getOptionAsInteger((byte) 51);
  }

  /** New nodes come until one cannot be written: what room the log had is used up then. */
  private Packets firstThatCannotBeWritten() throws IOException {
    for (int i = 1; i < 3000; i++) {
      Packets next =
          Packets.initReboot(new MacAddress(i), "127.0." + (17 + i / 250) + "." + (1 + i % 250));
      send(next);
      while (server.counter("dhcp.sent.ack") < 1 + i
          && server.counter("dhcp.dropped.store-failed") == 0) {
        Thread.onSpinWait();
      }
      if (server.counter("dhcp.dropped.store-failed") > 0) {
        return next;
      }
      answer();
    }
    throw new AssertionError("the disk never was full");
  }

  @Test
  void with_a_full_disk_known_nodes_go_on_to_the_end_on_disk_and_new_ones_wait_for_room()
      throws IOException {
    send(Packets.initReboot(NODE_1, "127.0.16.1"));
    assertThat(seconds(answer())).isCloseTo(LEASE.toSeconds(), withinSeconds(60));
    fill();
    Packets refused = firstThatCannotBeWritten();
    fill(); // what SQLite gave up when it failed

    server.ask(Long.toString(Duration.ofHours(4).toSeconds()));
    send(Packets.initReboot(NODE_1, "127.0.16.1"));
    assertThat(seconds(answer())).isCloseTo(LEASE.minusHours(4).toSeconds(), withinSeconds(120));
    assertThat(server.counter("dhcp.store.renewed-read-only")).isEqualTo(1);

    server.ask(Long.toString(Duration.ofHours(13).toSeconds()));
    long failed = server.counter("dhcp.dropped.store-failed");
    send(Packets.initReboot(NODE_1, "127.0.16.1"));
    while (server.counter("dhcp.dropped.store-failed") == failed) {
      Thread.onSpinWait();
    }
    assertThat(server.counter("dhcp.store.renewed-read-only")).isEqualTo(1);

    Files.delete(filler());
    send(refused);
    assertThat(seconds(answer())).isCloseTo(LEASE.toSeconds(), withinSeconds(60));
    send(Packets.initReboot(NODE_1, "127.0.16.1"));
    assertThat(seconds(answer())).isCloseTo(LEASE.toSeconds(), withinSeconds(60));
  }

  private static Offset<Long> withinSeconds(long seconds) {
    return Offset.offset(seconds);
  }
}
