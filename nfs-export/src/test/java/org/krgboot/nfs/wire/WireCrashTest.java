package org.krgboot.nfs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.linux.ThreadCredentials;

/**
 * A server that is killed in the middle of its work and started again keeps what it promised, and
 * clients notice nothing but a pause.
 */
final class WireCrashTest {
  private static final int CLIENTS = 3;
  private static final int LONGEST_LIFE_MILLIS = 400;

  @TempDir Path path;
  private Path exported;

  /** What happens to the machine while the server is dead. */
  private interface Mishap {
    void happen() throws Throwable;
  }

  @BeforeEach
  void makeDirectories() throws Exception {
    assumeTrue(ThreadCredentials.mayChange(), "SKIPPED: needs root (file handles, other users)");
    exported = Files.createDirectory(path.resolve("root"));
  }

  @Test
  void a_server_killed_5_times_keeps_its_promises() throws Throwable {
    kill(5, () -> {});
  }

  @Test
  @Tag("nightly")
  void a_server_killed_50_times_keeps_its_promises() throws Throwable {
    kill(50, () -> {});
  }

  @Test
  void a_machine_whose_power_fails_3_times_keeps_its_promises() throws Throwable {
    cutPower(3);
  }

  @Test
  @Tag("nightly")
  void a_machine_whose_power_fails_50_times_keeps_its_promises() throws Throwable {
    cutPower(50);
  }

  private void cutPower(int times) throws Throwable {
    Path image = path.resolve("image");
    try (Disk disk = Disk.ext4(exported, image, 64 << 20)) {
      Process elsewhere = copyOfAllMounts();
      try {
        kill(times, () -> disk.cutPower(image));
      } finally {
        elsewhere.destroyForcibly().waitFor();
      }
    }
  }

  /** As services have that were started meanwhile: the first disk lives on as long as this. */
  private static Process copyOfAllMounts() throws Exception {
    Process process =
        new ProcessBuilder("unshare", "--mount", "sh", "-c", "echo ready; exec sleep 3600").start();
    assertThat(process.inputReader().readLine()).isEqualTo("ready");
    return process;
  }

  private void kill(int times, Mishap mishap) throws Throwable {
    long seed = Long.getLong("krgboot.seed", System.nanoTime());
    System.out.println("WireCrashTest: -Dkrgboot.seed=" + seed);
    Random random = new Random(seed);
    List<CrashClient> clients = new ArrayList<>();
    try (ServerProcess server = new ServerProcess(exported, path.resolve("state"));
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      byte[] top = Served.mount(server.mountPort(), exported.toString());
      List<Future<Void>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new CrashClient(server.nfsPort(), top, i, seed));
        all.add(threads.submit(clients.get(i)));
      }
      try {
        for (int i = 1; i <= times; i++) {
          pauseOrFail(all, random.nextInt(LONGEST_LIFE_MILLIS));
          server.kill();
          mishap.happen();
          server.start();
          awaitComparison(clients, all, i);
        }
      } finally {
        clients.forEach(client -> client.ended = true);
      }
      for (Future<Void> one : all) {
        one.get();
      }
      report(clients);
    }
  }

  /** A random moment of the load: here the pause is the matter, not a wait for something. */
  private static void pauseOrFail(List<Future<Void>> all, int millis) throws Exception {
    try {
      all.getFirst().get(millis + 1, TimeUnit.MILLISECONDS);
    } catch (TimeoutException stillWorking) {
      // as it should
    }
  }

  private static void awaitComparison(
      List<CrashClient> clients, List<Future<Void>> all, int comparisons) throws Exception {
    for (int i = 0; i < clients.size(); i++) {
      while (clients.get(i).verified < comparisons) {
        pauseOrFail(all.subList(i, i + 1), 5);
        assertThat(all.get(i).isDone()).isFalse();
      }
    }
  }

  private static void report(List<CrashClient> clients) throws Exception {
    for (CrashClient client : clients) {
      assertThat(client.calls).isPositive();
      System.out.println(
          "WireCrashTest: "
              + client.calls
              + " changes, "
              + client.resentWrites()
              + " writes sent again for a new verifier, "
              + client.resent
              + " calls sent again that must not be done twice");
      client.close();
    }
  }
}
