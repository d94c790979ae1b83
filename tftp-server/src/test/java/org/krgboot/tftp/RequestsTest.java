package org.krgboot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

/** Requests that are too many. */
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

  private void awaitCounter(String name, long value) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (server.counters().get(name) != value && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    assertThat(server.counters()).containsEntry(name, value);
  }
}
