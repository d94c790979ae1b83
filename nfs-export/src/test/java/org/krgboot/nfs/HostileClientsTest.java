package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients that flood, stall and lie, from one address, while another client asks for attributes all
 * the time: each of its calls is answered, and everything is given back when they are gone. How
 * long it waited is logged, since a test must not depend on how fast a machine is.
 */
class HostileClientsTest extends NfsScript {
  private static final Logger log = LoggerFactory.getLogger(HostileClientsTest.class);
  private static final int QUIET_CALLS = 500;
  private static final long PATIENCE_MILLIS = 60_000;
  private static final String NODE = "127.0.0.2";
  private static final int LAST = 1 << 31;

  private final List<Socket> sockets = new ArrayList<>();

  /** How much of everything; the nightly form has more. */
  int times() {
    return 1;
  }

  private interface Attack {
    void run() throws Exception;
  }

  private void restart(Duration stall) throws IOException {
    Limits d = Limits.DEFAULTS;
    Limits limits =
        new Limits(
            2 * 6000,
            d.addressShare(),
            d.ioSize(),
            d.descriptors(),
            d.replies(),
            64L << 20,
            d.waitingCalls(),
            d.idle(),
            stall);
    restartServer(limits, events::add);
    client = new Client(server.nfsPort(), InetAddress.getByName(NODE));
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", server.nfsPort());
    sockets.add(socket);
    return socket;
  }

  /** Runs the attack beside a client that behaves, and sees that all is given back. */
  private void survive(String what, Attack attack) throws Exception {
    long[] quiet = new long[QUIET_CALLS];
    for (int i = 0; i < quiet.length; i++) {
      quiet[i] = attributesNanos();
    }
    long kib = EnduranceTest.nativeKib();
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService node = Executors.newSingleThreadExecutor()) {
      Future<long[]> calls = node.submit(() -> callUntil(over));
      try {
        attack.run();
      } finally {
        over.set(true);
      }
      long[] busy = calls.get();
      long grown = EnduranceTest.nativeKib() - kib;
      log.info(
          "{}: p99 of GETATTR {} us quiet, {} us of {} calls meanwhile; {} KiB more native memory",
          what,
          p99(quiet) / 1000,
          p99(busy) / 1000,
          busy.length,
          grown);
      assertThat(busy).isNotEmpty();
      assertThat(grown).as("KiB").isLessThan(100 << 10);
    }
    for (Socket each : sockets) {
      each.close();
    }
    await(() -> counter("nfs.connections-open") == 1);
    await(() -> counter("nfs.buffer-bytes") == 0);
    assertThat(counter("nfs.loop-faults")).isZero();
    assertThat(counter("nfs.faults")).isZero();
  }

  private long[] callUntil(AtomicBoolean over) throws IOException {
    List<Long> times = new ArrayList<>();
    while (!over.get()) {
      times.add(attributesNanos());
    }
    return times.stream().mapToLong(Long::longValue).toArray();
  }

  private long attributesNanos() throws IOException {
    long start = System.nanoTime();
    assertThat(status(GETATTR, a -> a.opaque(rootHandle))).isEqualTo(OK);
    return System.nanoTime() - start;
  }

  private static long p99(long[] times) {
    long[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length * 99 / 100];
  }

  private long counter(String name) {
    return server.counters().getOrDefault(name, 0L);
  }

  private static void await(BooleanSupplier fact) throws InterruptedException {
    for (long i = 0; i < PATIENCE_MILLIS && !fact.getAsBoolean(); i++) {
      Thread.sleep(1);
    }
    assertThat(fact.getAsBoolean()).isTrue();
  }

  private static void mark(Socket socket, int length, int sent) throws IOException {
    byte[] bytes = new byte[4 + sent];
    ByteBuffer.wrap(bytes).putInt(LAST | length);
    socket.getOutputStream().write(bytes);
  }

  @Test
  void records_of_a_gigabyte_are_not_waited_for() throws Exception {
    restart(Limits.DEFAULTS.stall());
    survive(
        "half a record of 2^30 bytes on 200 connections",
        () -> {
          for (int i = 0; i < 200 * times(); i++) {
            mark(connect(), 1 << 30, 100);
          }
          await(() -> counter("nfs.malformed") == 200L * times());
        });
  }

  @Test
  void half_records_leave_others_half_of_the_memory() throws Exception {
    restart(Limits.DEFAULTS.stall());
    byte[] file = file("file", "");
    survive(
        "half a WRITE of 1 MiB on 200 connections",
        () -> {
          for (int i = 0; i < 200; i++) {
            greet(connect());
          }
          assertThat(counter("nfs.buffer-bytes")).isLessThanOrEqualTo(33L << 20);
          try (Client other = new Client(server.nfsPort(), InetAddress.getByName("127.0.0.3"))) {
            Client.Results reply =
                other.nfs(
                    WRITE, a -> a.opaque(file).u64(0).u32(1 << 20, 0).opaque(new byte[1 << 20]));
            assertThat(reply.u32()).isEqualTo(OK);
          }
        });
  }

  /** What the server does not take stays in the socket, so that a write would never end. */
  private static void greet(Socket socket) throws IOException {
    socket.setSendBufferSize(1 << 20);
    mark(socket, 1 << 20, 64 << 10);
  }

  @Test
  void replies_that_nobody_reads_are_not_kept_for_long() throws Exception {
    restart(Duration.ofSeconds(2));
    byte[] file = file("file", "x".repeat(1 << 20));
    int calls = 1000 * times();
    survive(
        calls + " READs of 32 KiB on 10 connections whose replies nobody reads",
        () -> {
          try (ExecutorService senders = Executors.newCachedThreadPool()) {
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
              Socket greedy = connect();
              all.add(() -> readsUnread(greedy, file, calls));
            }
            for (Future<Void> one : senders.invokeAll(all)) {
              one.get();
            }
          }
          assertThat(counter("nfs.buffer-bytes")).isLessThan(8L << 20);
          await(() -> counter("nfs.connections-timed-out") == 10);
        });
  }

  /** Until the server closes. */
  private Void readsUnread(Socket socket, byte[] file, int calls) {
    byte[] call = client.message(9, Client.NFS, 3, READ, a -> a.opaque(file).u64(0).u32(32 << 10));
    byte[] record =
        ByteBuffer.allocate(4 + call.length).putInt(LAST | call.length).put(call).array();
    try {
      for (int i = 0; i < calls; i++) {
        socket.getOutputStream().write(record);
      }
    } catch (IOException closed) {
      // the server has had enough
    }
    return null;
  }

  @Test
  void a_client_that_reads_by_drops_is_not_waited_for_for_ever() throws Exception {
    restart(Duration.ofSeconds(2));
    byte[] file = file("file", "x".repeat(1 << 20));
    survive(
        "replies read a byte at a time",
        () -> {
          Socket slow = connect();
          Future<Void> sender =
              Executors.newSingleThreadExecutor().submit(() -> readsUnread(slow, file, 1000));
          while (counter("nfs.connections-timed-out") == 0 && slow.getInputStream().read() >= 0) {
            Thread.sleep(1);
          }
          sender.get();
        });
  }

  @Test
  void idle_connections_cost_next_to_nothing() throws Exception {
    restart(Limits.DEFAULTS.stall());
    int count = Math.min(500 * times(), 5000);
    survive(
        count + " idle connections",
        () -> {
          for (int i = 0; i < count; i++) {
            connect();
          }
          await(() -> counter("nfs.connections-open") == count + 1);
          assertThat(counter("nfs.buffer-bytes")).isLessThan(64 << 10); // the other's
        });
  }

  @Test
  void storms_of_new_connections_leave_nothing() throws Exception {
    restart(Limits.DEFAULTS.stall());
    survive(
        "connections that come and go",
        () -> {
          for (int i = 0; i < 1000 * times(); i++) {
            try (Socket socket = new Socket("127.0.0.1", server.nfsPort())) {
              if (i % 2 == 0) {
                mark(socket, 1 << 16, 1000);
              }
              socket.setSoLinger(i % 3 == 0, 0);
            }
          }
        });
  }

  @Test
  void random_bytes_are_counted_and_forgotten() throws Exception {
    restart(Limits.DEFAULTS.stall());
    Random random = new Random(1);
    survive(
        "random bytes",
        () -> {
          for (int i = 0; i < 300 * times(); i++) {
            try (Socket socket = new Socket("127.0.0.1", server.nfsPort())) {
              byte[] bytes = new byte[2 + random.nextInt(20_000)];
              random.nextBytes(bytes);
              ByteBuffer.wrap(bytes).put(0, (byte) (random.nextInt() & 0x80)).put(1, (byte) 0);
              socket.getOutputStream().write(bytes);
            } catch (IOException closed) {
              continue;
            }
          }
        });
  }

  @Test
  void datagrams_of_any_kind_keep_nobody_waiting() throws Exception {
    restart(Limits.DEFAULTS.stall());
    byte[] file = file("file", "x".repeat(1 << 20));
    byte[] call = client.message(9, Client.NFS, 3, READ, a -> a.opaque(file).u64(0).u32(32 << 10));
    Random random = new Random(2);
    survive(
        "random datagrams, and READs over UDP whose replies nobody reads",
        () -> {
          try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(InetAddress.getByName("127.0.0.1"), server.nfsPort());
            for (int i = 0; i < 5000 * times(); i++) {
              byte[] bytes = call.clone();
              if (i % 2 == 0) {
                bytes = new byte[random.nextInt(2000)];
                random.nextBytes(bytes);
              }
              socket.send(new DatagramPacket(bytes, bytes.length));
            }
          }
        });
  }
}
