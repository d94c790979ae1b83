package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first hour of a new user, command by command: from nothing to nodes that run, things that
 * break, and changes while nodes run. With simulated nodes; {@link FirstHourTest} has real ones.
 */
class SessionTest {
  @TempDir Path directory;
  private NodeNetwork network;
  private Path root;
  private Path config;
  private Path state;

  @BeforeEach
  void make() throws Exception {
    network = NodeNetwork.make();
    root = FakeRoot.make(directory.resolve("root")).root();
    config = directory.resolve("etc/krgboot.toml");
    state = directory.resolve("state");
  }

  @AfterEach
  void unmake() throws Exception {
    if (network != null) {
      network.close();
    }
  }

  private Shell.Result krgboot(String... words) throws Exception {
    return network.server().run(TestDaemon.krgboot(words).toArray(String[]::new));
  }

  private String[] flags(String... more) {
    String[] flags = {
      "--config", config.toString(),
      "--state-dir", state.toString(),
      "--tftp-root", directory.resolve("tftp").toString()
    };
    String[] all = new String[more.length + flags.length];
    System.arraycopy(more, 0, all, 0, more.length);
    System.arraycopy(flags, 0, all, more.length, flags.length);
    return all;
  }

  /** The wizard without a question, and then its one line that is changed by hand. */
  private void init() throws Exception {
    Path answers =
        Files.writeString(
            directory.resolve("answers.toml"), "nodes = 4\nroot = \"" + root + "\"\n");
    String[] init = {
      "init", "--yes", "--answers", answers.toString(), "--config", config.toString()
    };
    Shell.Result written = krgboot(init);
    assertThat(written.status()).as(written.output()).isZero();
    assertThat(written.output())
        .contains("krgnode101  10.11.12.101", "krgnode104  10.11.12.104", "krgboot check");
    assertThat(krgboot(init).output()).contains("is there already; use --force");
    Files.writeString(
        config, Files.readString(config).replace("[dhcp]\n", "[dhcp]\nadmission = \"approve\"\n"));
  }

  @Test
  void from_nothing_to_nodes_that_run_break_and_are_mended() throws Exception {
    init();
    Files.move(FakeRoot.bootFiles(directory.resolve("loaders")), directory.resolve("tftp"));
    Shell.Result check = krgboot(flags("check", "--quiet"));
    assertThat(check.status()).as(check.output()).isZero();
    Files.createDirectories(state);
    try (TestDaemon daemon =
        TestDaemon.start(
            network.server(),
            state,
            "--config",
            config.toString(),
            "--tftp-root",
            directory.resolve("tftp").toString())) {
      assertThat(krgboot(flags("check")).output())
          .contains("mounted " + root + " by NFS and read etc/passwd");
      SimulatedNode first = network.node();
      SimulatedNode second = network.node();
      discover(daemon, first, second);
      up(first);
      up(second);
      Path end = directory.resolve("end");
      Path seen = directory.resolve("seen");
      Process running = first.keepsReading(root.toString(), end, seen);
      breakThings(daemon, second);
      bootOnce(daemon, second);
      fence(daemon, second);
      changeAndRollBack(daemon);
      Files.createFile(end);
      assertThat(running.waitFor(60, TimeUnit.SECONDS)).as("it can be stopped").isTrue();
      assertThat(SimulatedNode.lines(Files.readString(seen)))
          .as("the node that ran all the time")
          .contains("errors 0", "went on");
    }
  }

  /** Nobody has said anything of these nodes: they get their names as they are switched on. */
  private void discover(TestDaemon daemon, SimulatedNode first, SimulatedNode second)
      throws Exception {
    CompletableFuture<Shell.Result> discovery =
        inBackground(() ->
            daemon.askFor(
                Duration.ofMinutes(6),
                "discover",
                "--as",
                "krgnode[01-02]",
                "--addresses",
                "10.11.12.11-10.11.12.12",
                "--wait",
                "300",
                "--config",
                config.toString()));
    for (SimulatedNode node : List.of(first, second)) {
      for (int i = 0; i < 30 && !node.firmwareAsks(); i++) {
        assertThat(discovery.isDone() && discovery.get().status() != 0)
            .as(discovery.getNow(new Shell.Result(0, "")).output())
            .isFalse();
      }
    }
    assertThat(discovery.get().status()).as(discovery.get().output()).isZero();
    assertThat(discovery.get().output())
        .contains("krgnode01        " + first.mac(), "krgnode02        " + second.mac());
    String nodes = daemon.ask("nodes").output();
    assertThat(nodes).contains("krgnode01  10.11.12.11", "krgnode02  10.11.12.12");
  }

  private void up(SimulatedNode node) throws Exception {
    node.startsKernel(FakeRoot.KERNEL, FakeRoot.INITRD);
    node.mounts(3, root.toString(), "etc/fstab", "sbin/init", "sbin/agetty");
  }

  private interface Work<T> {
    T run() throws Exception;
  }

  private static <T> CompletableFuture<T> inBackground(Work<T> work) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return work.run();
      } catch (Exception e) {
        throw new CompletionException(e);
      }
    });
  }

  private void breakThings(TestDaemon daemon, SimulatedNode node) throws Exception {
    Path kernel = root.resolve("boot").resolve(FakeRoot.KERNEL);
    Path away = Files.move(kernel, root.resolve("away"));
    node.loads();
    node.fetchesByHttp("boot/" + FakeRoot.KERNEL);
    assertWhy(daemon, "a boot file that the node asks for is not there");
    Files.move(away, kernel);
    node.startsKernel(FakeRoot.KERNEL, FakeRoot.INITRD);
    node.mounts(1, root.toString());
    assertWhy(daemon, "older version of NFS");
    node.startsKernel(FakeRoot.KERNEL, FakeRoot.INITRD);
    node.mounts(3, "/NFSROOT/elsewhere");
    assertWhy(daemon, "the node root is not where the node asks for it");
    up(node);
    assertThat(daemon.ask("why", "krgnode02").status()).isZero();
  }

  private static void assertWhy(TestDaemon daemon, String cause) throws Exception {
    Shell.Result why = daemon.ask("why", "krgnode02");
    assertThat(why.output()).contains(cause);
    assertThat(why.status()).isEqualTo(3);
  }

  private void bootOnce(TestDaemon daemon, SimulatedNode node) throws Exception {
    assertThat(daemon.ask("boot", "krgnode02", "local", "--once").status()).isZero();
    assertThat(daemon.ask("nodes").output()).contains("local once");
    node.loads();
    assertThat(daemon.ask("nodes").output()).doesNotContain("local once");
  }

  private void fence(TestDaemon daemon, SimulatedNode node) throws Exception {
    up(node);
    assertThat(daemon.ask("fence", "krgnode02").status()).isZero();
    node.fetches("pxelinux.0");
    assertThat(node.mounts(3, root.toString())).doesNotContain("mount 0");
    assertWhy(daemon, "somebody has fenced this node");
    assertThat(daemon.ask("unfence", "krgnode02").status()).isZero();
    up(node);
    assertThat(daemon.ask("nodes", "krgnode02").output()).contains("  up ");
  }

  private void changeAndRollBack(TestDaemon daemon) throws Exception {
    assertThat(daemon.ask("set", "krgnode02", "append=quiet").status()).isZero();
    String good = Files.readString(config);
    Files.writeString(config, good.replace("[dhcp]\n", "[dhcp]\nlease-tme = \"1h\"\n"));
    Shell.Result refused = daemon.ask("reload");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.output()).contains("lease-tme", "Did you mean");
    Files.writeString(config, good.replace("[dhcp]\n", "[dhcp]\nlease-time = \"1h\"\n"));
    Shell.Result reloaded = daemon.ask("reload");
    assertThat(reloaded.status()).as(reloaded.output()).isZero();
    String log = daemon.ask("config", "log").output();
    assertThat(log.lines().count()).as(log).isGreaterThan(2);
    Shell.Result back = daemon.ask("config", "rollback", "1");
    assertThat(back.status()).as(back.output()).isZero();
    assertThat(daemon.ask("config", "show").output())
        .as("the configuration is the first one again")
        .isEqualTo(daemon.ask("config", "show", "1").output());
  }
}
