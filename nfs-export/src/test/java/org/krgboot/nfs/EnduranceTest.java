package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls without end: attributes, names, data, rights, as root and as another user. Resident memory
 * (native memory among it), descriptors and threads are no more after all of them than after the
 * first part. The system property {@code krgboot.soak.calls} says how many in all.
 */
class EnduranceTest extends NfsScript {
  private static final Logger log = LoggerFactory.getLogger(EnduranceTest.class);
  private static final int CONNECTIONS = 4;
  private static final int BATCH = 64;
  private static final int PARTS = 10;
  private static final int LOOKS = 10;
  private static final int PAUSE_MILLIS = 50;
  private static final long ALL = Long.getLong("krgboot.soak.calls", 100_000_000L);
  private static final long SHORT = 400_000;

  @Test
  void a_few_hundred_thousand_calls_leave_nothing() throws Exception {
    endure(SHORT, 256 << 10); // compiling takes memory of its own
  }

  @Test
  @Tag("nightly")
  void a_hundred_million_calls_leave_nothing() throws Exception {
    endure(ALL, 48 << 10);
  }

  private void endure(long calls, long mayGrowKib) throws Exception {
    byte[] file = file("file", "x".repeat(4096));
    long nativeFirst = 0;
    long descriptorsFirst = 0;
    try (ExecutorService nodes = Executors.newFixedThreadPool(CONNECTIONS)) {
      for (int part = 0; part < PARTS; part++) {
        List<Future<Void>> all = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
          int uid = i % 2 == 0 ? 0 : 1000 + i;
          all.add(nodes.submit(() -> ask(uid, file, calls / PARTS / CONNECTIONS)));
        }
        for (Future<Void> one : all) {
          one.get();
        }
        System.gc();
        long kib = nativeKib();
        long descriptors = descriptors();
        log.info(
            "after {} calls: {} MiB resident, {} of them not of the heap, {} descriptors",
            calls / PARTS * (part + 1),
            residentKib() >> 10,
            kib >> 10,
            descriptors);
        if (part == 1) { // compiled and warm
          nativeFirst = kib;
          descriptorsFirst = descriptors;
        }
      }
    }
    assertThat(nativeKib() - nativeFirst).isLessThan(mayGrowKib);
    assertThat(descriptors()).isLessThanOrEqualTo(descriptorsFirst + CONNECTIONS);
    assertThat(server.counters().get("nfs.faults")).isNull();
    assertThat(server.counters().get("nfs.buffer-bytes")).isZero();
  }

  /** Sends the same batch again and again, and reads what is answered. */
  private Void ask(int uid, byte[] file, long calls) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.nfsPort());
        Client maker = new Client(server.nfsPort())) {
      byte[] batch = batch(maker.as(uid, uid), file);
      InputStream in = socket.getInputStream();
      int length = 0;
      for (long sent = 0; sent < calls; sent += BATCH) {
        socket.getOutputStream().write(batch);
        if (length == 0) {
          length = skipReplies(in);
        } else {
          in.skipNBytes(length);
        }
      }
    }
    return null;
  }

  private static int skipReplies(InputStream in) throws IOException {
    int all = 0;
    for (int i = 0; i < BATCH; i++) {
      int length = ByteBuffer.wrap(in.readNBytes(4)).getInt() & 0x7fffffff;
      byte[] reply = in.readNBytes(length);
      assertThat(ByteBuffer.wrap(reply).getInt(24)).isEqualTo(OK);
      all += 4 + length;
    }
    return all;
  }

  private byte[] batch(Client maker, byte[] file) {
    ByteBuffer all = ByteBuffer.allocate(BATCH * 512);
    for (int i = 0; i < BATCH; i++) {
      byte[] call =
          switch (i % 4) {
            case 0 -> maker.message(i, Client.NFS, 3, GETATTR, a -> a.opaque(file));
            case 1 ->
                maker.message(i, Client.NFS, 3, LOOKUP, a -> a.opaque(rootHandle).text("file"));
            case 2 -> maker.message(i, Client.NFS, 3, READ, a -> a.opaque(file).u64(0).u32(512));
            default -> maker.message(i, Client.NFS, 3, ACCESS, a -> a.opaque(file).u32(0x3f));
          };
      all.putInt(1 << 31 | call.length).put(call);
    }
    byte[] batch = new byte[all.position()];
    all.get(0, batch);
    return batch;
  }

  /**
   * Without the heap, which has a bound of its own and grows as it likes below it. The least of
   * some: what the collector has given up is resident for a moment more.
   */
  static long nativeKib() throws IOException, InterruptedException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < LOOKS; i++) {
      long kib = residentKib() - (Runtime.getRuntime().totalMemory() >> 10);
      least = Math.min(least, kib);
      Thread.sleep(PAUSE_MILLIS);
    }
    return least;
  }

  private static long residentKib() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      String line = lines.filter(each -> each.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", ""));
    }
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }
}
