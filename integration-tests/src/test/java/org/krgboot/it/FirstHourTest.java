package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.image.RootRecipe;
import org.krgboot.lab.QemuNode;

/** What {@link SessionTest} does with simulated nodes, with two real ones. */
@Tag("nightly")
class FirstHourTest {
  private static final Duration COMMAND = Duration.ofMinutes(3);

  @TempDir Path directory;

  private static final Path SCREENSHOT = Path.of("target/status-page.png").toAbsolutePath();

  private static final String TOML =
      """
      [dhcp]
      admission = "approve"
      """;

  @Test
  void nodes_that_nobody_configured_get_their_names_run_break_and_are_mended() throws Exception {
    try (NodeLab lab = NodeLab.make("node-root", RootRecipe.Size.SMALL, directory, 2, TOML)) {
      CompletableFuture<Shell.Result> discovery = discovery(lab.daemon);
      QemuNode first = lab.powerOn(QemuNode.Nic.VIRTIO);
      QemuNode second = lab.powerOn(QemuNode.Nic.VIRTIO);
      String one = first.console().login("root", NodeLab.PASSWORD, NodeLab.BOOT);
      String other = second.console().login("root", NodeLab.PASSWORD, NodeLab.BOOT);
      assertThat(discovery.get().output()).contains("all names are given");
      assertThat(Set.of(one, other)).containsExactlyInAnyOrder("krgnode01", "krgnode02");
      String nodes = lab.daemon.ask("nodes").output();
      assertThat(nodes.lines().filter(line -> line.contains("  up  ")).count())
          .as(nodes)
          .isEqualTo(2);
      assertThat(lab.daemon.ask("node", one).output())
          .contains("starts /sbin/init", ": it is up", "MEDIAN");
      thePageShowsBoth(lab, one, other);
      breakAndMend(lab, first, second, other);
    }
  }

  /** In a real browser; its picture stays in {@code target} for people. */
  private void thePageShowsBoth(NodeLab lab, String one, String other) throws Exception {
    if (!Shell.has("chromium")) {
      System.out.println("SKIPPED: the page in a browser: chromium is missing (package chromium)");
      return;
    }
    for (String what : List.of("--dump-dom", "--screenshot=" + SCREENSHOT)) {
      Shell.Result page =
          lab.inside()
              .run(
                  "chromium",
                  "--headless=new",
                  "--no-sandbox", // tests run as root
                  "--disable-gpu",
                  "--disable-dev-shm-usage",
                  "--no-first-run",
                  "--user-data-dir=" + directory.resolve("chromium"),
                  "--window-size=1000,700",
                  "--virtual-time-budget=5000",
                  what,
                  "http://127.0.0.1:8627/");
      assertThat(page.status()).as(page.output()).isZero();
      if (what.equals("--dump-dom")) {
        assertThat(page.output()).contains(one, other, "2 of 2 nodes up");
      }
    }
  }

  private CompletableFuture<Shell.Result> discovery(TestDaemon daemon) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return daemon.askFor(
            NodeLab.BOOT,
            "discover",
            "--as",
            "krgnode[01-02]",
            "--config",
            directory.resolve("krgboot.toml").toString());
      } catch (Exception e) {
        throw new CompletionException(e);
      }
    });
  }

  /** The first node runs all the time, and notices nothing. */
  private static void breakAndMend(NodeLab lab, QemuNode first, QemuNode second, String name)
      throws Exception {
    first
        .console()
        .send("(while :; do cat /etc/hosts > /dev/null || echo x >> /run/lost; sleep 1; done) &");
    assertThat(lab.daemon.ask("fence", name).status()).isZero();
    assertThat(lab.daemon.ask("nodes", name).output()).contains("fenced");
    second.console().send("ls -lR /usr/share > /dev/null; echo b > /proc/sysrq-trigger");
    awaitWhy(lab.daemon, name, "somebody has fenced this node");
    assertThat(lab.daemon.ask("unfence", name).status()).isZero();
    Path kernel = newest(lab.root.resolve("boot"));
    Path away = Files.move(kernel, lab.root.resolve("away"));
    try {
      assertThat(lab.daemon.ask("reload").output()).isNotBlank();
      awaitWhy(lab.daemon, name, "there is no kernel for it");
    } finally {
      Files.move(away, kernel);
    }
    assertThat(first.console().run("jobs; wc -l /etc/hosts; ls /run/lost", COMMAND).output())
        .as("the loop runs, reads from the root, and has never failed")
        .contains("Running", " /etc/hosts", "cannot access '/run/lost'");
  }

  private static Path newest(Path boot) throws Exception {
    try (var files = Files.list(boot)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("vmlinuz-"))
          .findFirst()
          .orElseThrow();
    }
  }

  /** Until a cause with this word is named; nodes take their time to restart. */
  private static void awaitWhy(TestDaemon daemon, String node, String word) throws Exception {
    long end = System.nanoTime() + NodeLab.BOOT.toNanos();
    String said = "";
    while (System.nanoTime() < end) {
      Shell.Result why = daemon.ask("why", node);
      said = why.output();
      if (why.status() == 3 && said.contains(word)) {
        return;
      }
      Thread.sleep(2000);
    }
    throw new AssertionError("no cause with '" + word + "': " + said);
  }
}
