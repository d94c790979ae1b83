package org.krgboot.nfs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.krgboot.nfs.Clients;
import org.krgboot.nfs.Export;
import org.krgboot.nfs.Terms;

/** Random calls by several clients, each compared with what Linux does to a local directory. */
final class WireSoakTest extends WireTest {
  private static final int CLIENTS = 3;

  @Override
  Export[] exports() {
    return new Export[] {
      Export.of(exported, Terms.OF_A_NODE_ROOT.with(Terms.Durability.ASYNC), Clients.everybody())
    };
  }

  @Test
  void thousands_of_random_calls_do_what_linux_does_locally() throws Exception {
    soak(30_000);
  }

  @Test
  @Tag("nightly")
  void ten_million_random_calls_do_what_linux_does_locally() throws Exception {
    soak(10_000_000);
  }

  private void soak(long calls) throws Exception {
    long seed = Long.getLong("krgboot.seed", System.nanoTime());
    System.out.println("WireSoakTest: -Dkrgboot.seed=" + seed);
    AtomicLong made = new AtomicLong();
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<Void>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        String name = "client" + i;
        Path local = Files.createDirectories(path.resolve("twins").resolve(name));
        byte[] home = directory(name, 0755);
        TwinClient client = new TwinClient(served.nfsPort(), home, new Twin(local), seed + i);
        all.add(threads.submit(() -> run(client, calls / CLIENTS, made)));
      }
      for (Future<Void> one : all) {
        one.get();
      }
    }
    assertThat(made.get()).isGreaterThanOrEqualTo(calls / CLIENTS * CLIENTS);
  }

  private static Void run(TwinClient client, long calls, AtomicLong made) throws IOException {
    try (client) {
      while (client.calls() < calls) {
        client.step();
      }
      made.addAndGet(client.calls());
    }
    return null;
  }
}
