package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that runs, while the daemon takes other configurations, fences it and lets it in again.
 */
class ReloadTest {
  @TempDir Path directory;

  @Test
  void a_node_that_runs_is_not_disturbed_but_by_a_fence() throws Exception {
    assumeTrue(Shell.has("udhcpc"), "SKIPPED: `udhcpc` is missing");
    Path config = directory.resolve("krgboot.toml");
    Files.createDirectories(directory.resolve("root/boot"));
    Files.writeString(directory.resolve("root/boot/vmlinuz-1"), "kernel");
    String usual =
        "[nfs]\nroot = \"%s/root\"\n[tftp]\nroot = \"%s\"\n[dhcp]\nping-check = false\n"
            .formatted(directory, directory);
    Files.writeString(config, usual);
    try (TestNetwork network = TestNetwork.make();
        TestDaemon daemon =
            TestDaemon.start(
                Shell.in(network.server),
                directory.resolve("state"),
                "--config",
                config.toString(),
                "--interface",
                TestNetwork.SERVER_INTERFACE)) {
      Shell node = Shell.in(network.client);
      assertThat(lease(node)).isZero();

      Files.writeString(config, usual + "admission = \"approve\"\nlease-time = \"1h\"\n");
      assertThat(ask(daemon, config, "reload")).contains("configuration 2: ").contains("policy");
      assertThat(ask(daemon, config, "nodes", "--waiting")).contains("none is like that");
      assertThat(lease(node)).as("it is not approved").isNotZero();
      String mac = ask(daemon, config, "nodes", "--waiting").lines().toList().get(1).split(" +")[2];
      assertThat(ask(daemon, config, "approve", mac, "--as", "front")).contains("front");
      assertThat(lease(node)).isZero();

      assertThat(ask(daemon, config, "fence", "front")).isEqualTo("front: fenced\n");
      assertThat(lease(node)).as("it is fenced").isNotZero();
      assertThat(ask(daemon, config, "why", "front")).contains("krgboot unfence");
      daemon.stop();
      daemon.start();
      assertThat(ask(daemon, config, "nodes")).contains("fenced");
      assertThat(ask(daemon, config, "unfence", "front")).contains("not fenced any more");
      assertThat(lease(node)).isZero();

      assertThat(ask(daemon, config, "set", "front", "target=lokal"))
          .contains("Did you mean 'local'?");
      assertThat(ask(daemon, config, "config", "rollback", "1")).contains("configuration 4: ");
      assertThat(Files.readString(config)).isEqualTo(usual);
      assertThat(lease(node)).isZero();
      assertThat(ask(daemon, config, "events"))
          .contains("operator: approved as front")
          .contains("operator: fenced")
          .contains("configuration 4 holds: rollback to 1");
    }
  }

  private static String ask(TestDaemon daemon, Path config, String... words) throws Exception {
    String[] all = new String[words.length + 2];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = "--config";
    all[words.length + 1] = config.toString();
    return daemon.ask(all).output();
  }

  /** The client's exit status: 0 if it was given an address. */
  private static int lease(Shell node) throws Exception {
    return node.run(
            "udhcpc",
            "-i",
            TestNetwork.CLIENT_INTERFACE,
            "-q",
            "-n",
            "-f",
            "-t",
            "3",
            "-T",
            "1",
            "-s",
            "/bin/true")
        .status();
  }
}
