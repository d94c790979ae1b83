package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees when the daemon cannot start. */
class StartTest {
  @TempDir Path directory;

  private Shell.Result krgboot(String... arguments) throws Exception {
    return Shell.onThisHost().run(TestDaemon.krgboot(arguments).toArray(String[]::new));
  }

  @Test
  void a_port_that_is_taken_is_named_with_its_holder_by_serve_and_by_check() throws Exception {
    try (DatagramSocket holder = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
      String[] flags = {
        "--only",
        "tftp",
        "--listen",
        "127.0.0.1",
        "--tftp-port",
        "" + holder.getLocalPort(),
        "--state-dir",
        directory.resolve("state").toString()
      };
      String pid = "pid " + ProcessHandle.current().pid();
      Shell.Result serve = krgboot(prepend("serve", flags));
      assertThat(serve.status()).isEqualTo(1);
      assertThat(serve.output()).contains("" + holder.getLocalPort(), pid).doesNotContain("\tat ");
      Shell.Result check = krgboot(prepend("check", flags));
      assertThat(check.status()).isEqualTo(1);
      assertThat(check.output()).contains("" + holder.getLocalPort(), pid);
    }
  }

  @Test
  void a_mistake_in_the_configuration_is_told_with_file_and_line() throws Exception {
    Path config = Files.writeString(directory.resolve("k.toml"), "[tftp]\nprot = 69\n");
    Shell.Result serve = krgboot("serve", "--listen", "127.0.0.1", "--config", config.toString());
    assertThat(serve.status()).isEqualTo(2);
    assertThat(serve.output())
        .contains("k.toml:2: unknown key 'tftp.prot'. Did you mean 'tftp.port'?");
  }

  @Test
  void a_second_daemon_on_the_same_state_is_refused() throws Exception {
    Path state = directory.resolve("state");
    try (TestDaemon _ =
        TestDaemon.start(
            Shell.onThisHost(),
            state,
            "--only",
            "tftp",
            "--listen",
            "127.0.0.1",
            "--tftp-port",
            "0")) {
      Shell.Result second =
          krgboot(
              "serve",
              "--only",
              "tftp",
              "--listen",
              "127.0.0.1",
              "--tftp-port",
              "0",
              "--state-dir",
              state.toString());
      assertThat(second.status()).isEqualTo(1);
      assertThat(second.output()).contains(state.toString(), "in use by another krgboot");
    }
  }

  @Test
  void the_help_names_every_command() throws Exception {
    Shell.Result help = krgboot("--help");
    assertThat(help.status()).isZero();
    assertThat(help.output())
        .contains("serve", "lab", "root", "nodes", "check", "test", "counters");
  }

  @Test
  void a_command_that_asks_a_daemon_that_does_not_run_says_what_to_do() throws Exception {
    Shell.Result nodes = krgboot("nodes", "--state-dir", directory.resolve("none").toString());
    assertThat(nodes.status()).isEqualTo(1);
    assertThat(nodes.output())
        .contains("no daemon answers", "krgboot serve")
        .doesNotContain("\tat ");
  }

  private static String[] prepend(String first, String... rest) {
    String[] all = new String[rest.length + 1];
    all[0] = first;
    System.arraycopy(rest, 0, all, 1, rest.length);
    return all;
  }
}
