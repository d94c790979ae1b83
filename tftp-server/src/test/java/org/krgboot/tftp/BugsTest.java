package org.krgboot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.krgboot.model.BootEvent;
import org.krgboot.model.BootFile;
import org.krgboot.model.BootFileTree;
import org.krgboot.model.Ipv4;

/** A bug costs the request that meets it, whatever kind it is, and nobody else. */
class BugsTest {
  private static final Ipv4 LOOPBACK = Ipv4.parse("127.0.0.1");
  private static final byte[] FILE = new byte[10_000];
  private static final TftpPacket TOLD =
      new TftpPacket.Failure(0, "internal error of the server; see its log");

  /** What is thrown. */
  enum Bug {
    EXCEPTION,
    LINKAGE,
    MEMORY;

    <T> T happen() {
      switch (this) {
        case EXCEPTION -> throw new IllegalStateException("a bug, as an example");
        case LINKAGE -> throw new LinkageError("a bug, as an example");
        case MEMORY -> throw new OutOfMemoryError("a bug, as an example");
      }
      throw new AssertionError(this);
    }
  }

  private final AtomicInteger closed = new AtomicInteger();
  private Bug bug = Bug.EXCEPTION;
  private TftpServer server;

  private BootFileTree.Answer open(String name, Ipv4 node) {
    return switch (name) {
      case "no-opening" -> bug.happen();
      case "no-size", "no-reading" -> new BootFileTree.Answer.Found(new Broken(name, bug, closed));
      case "refused" -> new BootFileTree.Answer.Refused(BootFileTree.Why.NOT_FOUND, "none");
      default -> new BootFileTree.Answer.Found(new MemoryFile(FILE));
    };
  }

  private record Broken(String name, Bug bug, AtomicInteger closed) implements BootFile {
    @Override
    public Role role() {
      return Role.OTHER;
    }

    @Override
    public long size() {
      return name.equals("no-size") ? bug.happen() : 5000;
    }

    @Override
    public int read(ByteBuffer into, long position) {
      return bug.happen();
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  private Client start(Bug kind, BootEvent.Sink sink) throws IOException {
    bug = kind;
    server = TftpServer.start(TftpConfig.on(LOOPBACK, 0), this::open, sink, InstantSource.system());
    return new Client(server.port());
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void await(String counter, long value) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (server.counters().get(counter) != value && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    assertThat(server.counters()).containsEntry(counter, value);
  }

  @ParameterizedTest
  @EnumSource
  void one_on_the_way_to_a_file_is_told_to_the_client(Bug kind) throws Exception {
    try (Client client = start(kind, _ -> {})) {
      client.ask("no-opening|octet|");
      assertThat(client.receive()).isEqualTo(TOLD);
      await("tftp.active", 0);
      client.ask("no-size|octet|");
      assertThat(client.receive()).isEqualTo(TOLD);
      await("tftp.active", 0);
      client.ask("no-reading|octet|");
      assertThat(client.receive()).isInstanceOf(TftpPacket.Failure.class);
      await("tftp.active", 0);
      assertThat(client.fetch("file|octet|", 512)).isEqualTo(FILE);
    }
    server.close();
    assertThat(closed).hasValue(2);
  }

  @ParameterizedTest
  @EnumSource
  void one_where_events_go_keeps_neither_the_answer_nor_the_next_request_back(Bug kind)
      throws Exception {
    try (Client client = start(kind, _ -> bug.happen())) {
      client.send(server.port(), 2, "to-write|octet|");
      await("tftp.bugs", 1);
      client.ask("refused|octet|");
      assertThat(client.receive()).isEqualTo(new TftpPacket.Failure(1, "none"));
      await("tftp.active", 0);
      assertThat(server.answers(Duration.ofSeconds(10))).isTrue();
      assertThat(client.fetch("file|octet|", 512)).isEqualTo(FILE);
    }
  }
}
