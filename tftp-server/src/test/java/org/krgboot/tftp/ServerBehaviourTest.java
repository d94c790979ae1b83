package org.krgboot.tftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.krgboot.model.BootEvent;
import org.krgboot.model.BootFileTree;
import org.krgboot.model.Ipv4;

/** A hand-written client, polite or hostile, against the real server on loopback. */
class ServerBehaviourTest {
  private static final Ipv4 LOOPBACK = Ipv4.parse("127.0.0.1");
  private static final byte[] FILE = new byte[100_000];

  static {
    new Random(3).nextBytes(FILE);
  }

  private final BlockingQueue<BootEvent> events = new LinkedBlockingQueue<>();
  private final List<MemoryFile> opened = new ArrayList<>();
  private final CountDownLatch diskIsReady = new CountDownLatch(1);
  private TftpServer server;

  private BootFileTree.Answer open(String name, Ipv4 node) {
    if (name.equals("slow")) {
      try {
        diskIsReady.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    if (name.equals("secret")) {
      return new BootFileTree.Answer.Refused(BootFileTree.Why.FORBIDDEN, "not yours");
    }
    MemoryFile file = new MemoryFile(name.equals("long") ? new byte[200_000] : FILE);
    synchronized (opened) {
      opened.add(file);
    }
    return new BootFileTree.Answer.Found(file);
  }

  private void start(TftpConfig config) throws IOException {
    server = TftpServer.start(config, this::open, events::add, InstantSource.system());
  }

  private void start() throws IOException {
    start(TftpConfig.on(LOOPBACK, 0));
  }

  @AfterEach
  void close() {
    diskIsReady.countDown();
    if (server != null) {
      server.close();
      assertThat(opened).allSatisfy(file -> assertThat(file.closed()).hasValue(1));
    }
  }

  private static int code(TftpPacket packet) {
    assertThat(packet).isInstanceOf(TftpPacket.Failure.class);
    return ((TftpPacket.Failure) packet).code();
  }

  @Test
  void a_file_arrives_whole_and_is_told_to_the_operator() throws Exception {
    start();
    try (Client client = new Client(server.port())) {
      assertThat(client.fetch("vmlinuz|octet|tsize|0|blksize|1000|", 1000)).isEqualTo(FILE);
    }
    BootEvent.FileSent sent = (BootEvent.FileSent) events.poll(5, TimeUnit.SECONDS);
    assertThat(sent.bytes()).isEqualTo(FILE.length);
    assertThat(sent.file()).isEqualTo("vmlinuz");
    assertThat(sent.address()).isEqualTo(LOOPBACK);
    assertThat(server.counters()).containsEntry("tftp.sent.bytes", (long) FILE.length);
  }

  @Test
  void block_numbers_roll_over_on_the_wire() throws Exception {
    start();
    byte[] got;
    try (Client client = new Client(server.port())) {
      byte[] first = client.fetch("f|octet|blksize|8|", 8); // 12,501 blocks
      assertThat(first).isEqualTo(FILE);
      got = first;
    }
    assertThat(got).hasSize(FILE.length);
  }

  @Test
  void the_transfer_answers_from_a_port_of_its_own_and_strangers_do_not_end_it() throws Exception {
    start();
    try (Client client = new Client(server.port());
        Client stranger = new Client(server.port())) {
      client.ask("f|octet|");
      assertThat(client.receive()).isInstanceOf(TftpPacket.Data.class);
      assertThat(client.from.getPort()).isNotEqualTo(server.port());
      stranger.from = client.from;
      stranger.ack(1); // the kernel answers with ICMP: the socket is connected to the client
      client.ack(1);
      assertThat(((TftpPacket.Data) client.receive()).block()).isEqualTo(2);
    }
    assertThat(server.counters()).containsEntry("tftp.malformed", 0L);
  }

  @Test
  void a_repeated_request_does_not_start_a_second_transfer() throws Exception {
    start();
    try (Client client = new Client(server.port())) {
      client.ask("slow|octet|");
      client.ask("slow|octet|");
      client.ask("slow|octet|");
      awaitCounter("tftp.repeated.requests", 2);
      diskIsReady.countDown();
      client.receive();
      InetSocketAddress first = client.from;
      client.receive(); // sent again after the first wait
      assertThat(client.from).isEqualTo(first);
    }
    assertThat(opened).hasSize(1);
  }

  @Test
  void another_request_from_the_same_port_ends_the_old_transfer() throws Exception {
    start();
    try (Client client = new Client(server.port())) {
      client.ask("f|octet|tsize|0|");
      assertThat(client.receive()).isInstanceOf(TftpPacket.OptionAck.class);
      assertThat(client.fetch("f|octet|", 512)).isEqualTo(FILE);
    }
    awaitCounter("tftp.active", 0);
  }

  @Test
  void a_probe_for_the_size_that_ends_with_an_error_is_no_event() throws Exception {
    start();
    try (Client client = new Client(server.port())) {
      client.ask("f|octet|tsize|0|");
      assertThat(client.receive())
          .isEqualTo(new TftpPacket.OptionAck(List.of(new TftpPacket.Option("tsize", "100000"))));
      client.send(client.from.getPort(), 5, "\0\0TFTP Aborted|");
    }
    awaitCounter("tftp.stopped.by.client", 1);
    awaitCounter("tftp.active", 0);
    assertThat(events).isEmpty();
  }

  @Test
  void what_cannot_be_had_is_refused_with_the_code_for_it() throws Exception {
    start();
    try (Client client = new Client(server.port())) {
      client.ask("secret|octet|");
      assertThat(client.receive()).isEqualTo(new TftpPacket.Failure(2, "not yours"));
      client.ask("f|mail|");
      assertThat(code(client.receive())).isEqualTo(4);
      client.ask("f|octet|blksize|abc|");
      assertThat(code(client.receive())).isEqualTo(8);
      client.send(server.port(), 2, "f|octet|");
      assertThat(code(client.receive())).isEqualTo(2);
      client.send(server.port(), 9, "rubbish");
      assertThat(code(client.receive())).isEqualTo(4);
    }
    assertThat(server.counters()).containsEntry("tftp.malformed", 2L);
  }

  @Test
  void what_is_too_long_to_be_a_text_is_not_held_in_memory_for_netascii() throws Exception {
    start();
    try (Client client = new Client(server.port())) {
      client.ask("long|netascii|");
      assertThat(client.receive())
          .isEqualTo(
              new TftpPacket.Failure(
                  0, "too long for netascii; ask for it in octet (binary) mode"));
      client.ask("long|octet|");
      assertThat(client.receive()).isInstanceOf(TftpPacket.Data.class);
    }
  }

  @Test
  void an_event_shows_no_control_characters_of_a_stranger() throws Exception {
    start();
    try (Client client = new Client(server.port())) {
      client.send(server.port(), 2, "a\nb\033[2J|octet|");
      client.receive();
    }
    BootEvent.FileRefused refused = (BootEvent.FileRefused) events.poll(5, TimeUnit.SECONDS);
    assertThat(refused.file()).isEqualTo("a?b?[2J");
  }

  @Test
  void a_flood_of_refusals_is_counted_and_told_a_hundred_times() throws Exception {
    start();
    try (Client client = new Client(server.port())) {
      for (int i = 0; i < 300; i++) {
        client.send(server.port(), 2, "f|octet|");
        client.receive();
      }
    }
    assertThat(server.counters())
        .containsEntry("tftp.refused", 300L)
        .containsEntry("tftp.events.suppressed", 200L);
    assertThat(events).hasSize(100);
  }

  @Test
  void who_asks_when_all_places_are_taken_hears_nothing_and_is_served_when_one_is_free()
      throws Exception {
    start(new TftpConfig(LOOPBACK, 0, Optional.empty(), 1468, 64, 1, 0));
    try (Client first = new Client(server.port());
        Client second = new Client(server.port());
        Client third = new Client(server.port())) {
      first.ask("f|octet|");
      first.receive();
      second.ask("f|octet|");
      awaitCounter("tftp.waited", 1);
      second.ask("f|octet|");
      awaitCounter("tftp.repeated.requests", 1);
      third.ask("f|octet|");
      awaitCounter("tftp.busy", 1); // one place, and one to wait at
      first.send(first.from.getPort(), 5, "\0\0enough|");
      assertThat(second.receive()).as("its request was kept").isInstanceOf(TftpPacket.Data.class);
      second.send(second.from.getPort(), 5, "\0\0enough|");
      awaitCounter("tftp.active", 0);
      assertThat(third.fetch("f|octet|", 512)).isEqualTo(FILE);
    }
  }

  @Test
  void clients_that_never_answer_do_not_keep_others_out() throws Exception {
    start(new TftpConfig(LOOPBACK, 0, Optional.empty(), 1468, 64, 1, 0));
    try (Client madeUp = new Client(server.port());
        Client node = new Client(server.port())) {
      madeUp.ask("f|octet|");
      madeUp.receive();
      while (server.counters().get("tftp.given.up") == 0) {
        node.ask("f|octet|"); // as a node that asks again
        Thread.sleep(200);
      }
      assertThat(node.receive()).isInstanceOf(TftpPacket.Data.class);
    }
  }

  @Test
  void sixty_four_clients_at_once_get_their_files() throws Exception {
    start();
    try (ExecutorService clients = Executors.newFixedThreadPool(64)) {
      List<Future<byte[]>> all = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        all.add(
            clients.submit(() -> {
              try (Client client = new Client(server.port(), 20_000)) {
                return client.fetch("f|octet|blksize|1468|", 1468);
              }
            }));
      }
      for (Future<byte[]> one : all) {
        assertThat(Arrays.equals(one.get(60, TimeUnit.SECONDS), FILE)).isTrue();
      }
    }
    awaitCounter("tftp.sent.files", 64);
    awaitCounter("tftp.active", 0);
  }

  @Test
  void random_bytes_to_both_ports_disturb_nobody() throws Exception {
    start();
    Random random = new Random(69);
    try (Client client = new Client(server.port());
        Client hostile = new Client(server.port())) {
      client.ask("f|octet|");
      client.receive();
      for (int i = 0; i < 3000; i++) {
        byte[] bytes = new byte[random.nextInt(100)];
        random.nextBytes(bytes);
        if (bytes.length > 1 && random.nextBoolean()) {
          bytes[0] = 0;
          bytes[1] = (byte) (2 + random.nextInt(6));
        }
        int port = random.nextBoolean() ? server.port() : client.from.getPort();
        hostile.send(port, bytes);
      }
      client.ack(1);
      TftpPacket next = client.receive();
      while (next instanceof TftpPacket.Data(int block, ByteBuffer _) && block == 1) {
        client.ack(1); // the flood may have filled the socket's buffer, and the first was lost
        next = client.receive();
      }
      assertThat(((TftpPacket.Data) next).block()).isEqualTo(2);
    }
  }

  @Test
  void requests_to_any_address_are_answered_from_the_one_that_was_asked() throws Exception {
    start(TftpConfig.on(Ipv4.ANY, 0));
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
      socket.setSoTimeout(5000);
      byte[] request = "\0\1f\0octet\0".getBytes(StandardCharsets.US_ASCII);
      InetAddress asked = InetAddress.getByName("127.0.0.2");
      socket.send(new DatagramPacket(request, request.length, asked, server.port()));
      DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
      socket.receive(answer);
      assertThat(answer.getAddress()).isEqualTo(asked);
    }
  }

  @Test
  void a_port_that_is_taken_is_named() throws Exception {
    start();
    TftpConfig same = TftpConfig.on(LOOPBACK, server.port());
    assertThatThrownBy(
            () -> TftpServer.start(same, this::open, events::add, InstantSource.system()))
        .isInstanceOf(BindException.class)
        .hasMessageContaining("127.0.0.1:" + server.port());
  }

  @Test
  void after_close_nothing_answers() throws Exception {
    start();
    int port = server.port();
    try (Client client = new Client(server.port(), 300)) {
      client.ask("f|octet|");
      client.receive();
      server.close();
      client.send(port, 1, "f|octet|");
      assertThatThrownBy(client::receive).isInstanceOf(SocketTimeoutException.class);
    }
  }

  private void awaitCounter(String name, long value) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    Map<String, Long> counters = server.counters();
    while (counters.get(name) != value && System.nanoTime() < end) {
      Thread.sleep(5);
      counters = server.counters();
    }
    assertThat(counters).containsEntry(name, value);
  }
}
