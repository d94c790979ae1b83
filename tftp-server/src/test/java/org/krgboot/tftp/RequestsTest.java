package org.krgboot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.krgboot.model.BootFileTree;
import org.krgboot.model.Ipv4;

/** Requests that are too many, that come again, or that are for everybody. */
@Timeout(60)
class RequestsTest {
  private static final Ipv4 LOOPBACK = Ipv4.parse("127.0.0.1");
  private static final byte[] FILE = new byte[100_000];

  static {
    new Random(5).nextBytes(FILE);
  }

  private TftpServer server;

  private void start(Ipv4 listen, int maxTransfers) throws IOException {
    server =
        TftpServer.start(
            new TftpConfig(listen, 0, Optional.empty(), 1468, 64, maxTransfers, 0),
            (_, _) -> new BootFileTree.Answer.Found(new MemoryFile(FILE)),
            _ -> {},
            InstantSource.system());
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void one_address_that_takes_all_it_gets_leaves_places_for_others() throws Exception {
    start(LOOPBACK, 4);
    List<Client> stranger = new ArrayList<>();
    try (Client node = new Client(server.port())) {
      for (int i = 0; i < 5; i++) {
        Client one = new Client(server.port(), "127.0.0.2");
        stranger.add(one);
        one.ask("f|octet|");
        if (i < 2) {
          one.receive();
          one.ack(1); // and he stays, for as long as he says something now and then
        }
      }
      awaitCounter("tftp.busy", 1); // two are sent, two wait, and that is all for him
      assertThat(server.counters()).containsEntry("tftp.active", 2L);
      assertThat(node.fetch("f|octet|", 512)).isEqualTo(FILE);
    } finally {
      stranger.forEach(Client::close);
    }
  }

  @Test
  void a_client_that_begins_anew_from_the_same_port_is_served_and_a_doubled_request_ends_nothing()
      throws Exception {
    start(LOOPBACK, 4096);
    try (Client client = new Client(server.port())) {
      client.ask("f|octet|");
      client.receive();
      client.ack(1);
      client.receive();
      InetSocketAddress first = client.from;
      client.ask("f|octet|"); // the network's double
      awaitCounter("tftp.repeated.requests", 1);
      client.ack(2);
      TftpPacket.Data next = (TftpPacket.Data) client.receive();
      while (next.block() == 2) { // sent again meanwhile
        next = (TftpPacket.Data) client.receive();
      }
      assertThat(next.block()).isEqualTo(3);
      assertThat(client.from).isEqualTo(first);
      while (client.from.equals(first)) { // reset: it says nothing but this, again and again
        client.ask("f|octet|");
        next = (TftpPacket.Data) client.receive();
      }
      assertThat(next.block()).isEqualTo(1);
      assertThat(server.counters())
          .containsEntry("tftp.given.up", 0L)
          .containsEntry("tftp.active", 1L);
    }
  }

  @Test
  void requests_to_the_broadcast_address_of_a_network_are_ignored() throws Exception {
    start(Ipv4.ANY, 4096);
    byte[] request = "\0\1f\0octet\0".getBytes(StandardCharsets.US_ASCII);
    InetAddress everybody = InetAddress.getByName("127.255.255.255");
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
      socket.send(new DatagramPacket(request, request.length, everybody, server.port()));
    }
    awaitCounter("tftp.malformed", 1);
    assertThat(server.counters())
        .containsEntry("tftp.requests", 0L)
        .containsEntry("tftp.send.errors", 0L);
    try (Client client = new Client(server.port())) {
      assertThat(client.fetch("f|octet|", 512)).isEqualTo(FILE);
    }
  }

  private void awaitCounter(String name, long value) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (server.counters().get(name) != value && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    assertThat(server.counters()).containsEntry(name, value);
  }
}
