package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The rpcbind of Debian already has port 111; and rpcinfo and showmount, clients of others, ask for
 * us. All of it runs in the test's own namespaces, with its own /etc and /run.
 */
class RpcbindTest {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  @TempDir Path directory;
  private TestNetwork network;
  private DebianPackages tools;
  private Path root;
  private Process rpcbind;
  private TestDaemon daemon;

  @BeforeEach
  void unpack() throws Exception {
    network = TestNetwork.make();
    network.addressClient("10.11.12.50");
    tools =
        DebianPackages.unpack(
            directory, "rpcbind", "nfs-common", "libtirpc3", "libtirpc-common", "libwrap0");
    root = Files.createDirectories(directory.resolve("root"));
    Files.createDirectory(root.resolve("etc"));
    // rpcbind runs as user _rpc, which its package makes when it is installed.
    Files.writeString(
        tools.root().resolve("etc/passwd"),
        Files.readString(Path.of("/etc/passwd"))
            + "_rpc:x:64999:65534::/run/rpcbind:/usr/sbin/nologin\n");
  }

  @AfterEach
  void stop() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
    if (rpcbind != null) {
      rpcbind.destroyForcibly().waitFor();
    }
    if (network != null) {
      network.close();
    }
  }

  /** The command with the packages' libraries, in a mount namespace where /etc has their files. */
  private String[] withTools(String command) throws Exception {
    String prepare =
        "mount -t overlay -o lowerdir=%s/etc:/etc none /etc && mount -t tmpfs none /run && mkdir /run/rpcbind"
            .formatted(tools.root());
    return new String[] {
      "unshare",
      "-m",
      "sh",
      "-c",
      prepare + " && export LD_LIBRARY_PATH=" + tools.libraries() + " && exec " + command
    };
  }

  private void startRpcbind() throws Exception {
    rpcbind =
        new ProcessBuilder(
                Stream.concat(
                        network.serverShell().prefix().stream(),
                        Stream.of(withTools(tools.program("rpcbind") + " -f")))
                    .toList())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("rpcbind.log").toFile())
            .start();
    awaitRegistered("100000");
  }

  /** Until rpcinfo lists a line with these words. */
  private String awaitRegistered(String line) throws Exception {
    long end = System.nanoTime() + PATIENCE;
    while (true) {
      Shell.Result listed = rpcinfo(network.serverShell(), "127.0.0.1");
      if (listed.output().contains(line)) {
        return listed.output();
      }
      assertThat(System.nanoTime()).as(listed.output()).isLessThan(end);
      Thread.sleep(200);
    }
  }

  private Shell.Result rpcinfo(Shell place, String address) throws Exception {
    return place.run(withTools(tools.program("rpcinfo") + " -p " + address));
  }

  private TestDaemon serve(String... more) throws Exception {
    return TestDaemon.start(
        network.serverShell(), directory.resolve("state"), flags(more).toArray(String[]::new));
  }

  private List<String> flags(String... more) {
    List<String> flags =
        new ArrayList<>(
            List.of("--only", "nfs", "--listen", TestNetwork.SERVER_ADDRESS, "--root", "" + root));
    flags.addAll(List.of(more));
    return flags;
  }

  private static void assertAllRegistered(String listed) {
    for (String protocol : List.of("tcp", "udp")) {
      assertThat(listed)
          .containsPattern("100003 +3 +" + protocol + " +2049")
          .containsPattern("100005 +3 +" + protocol + " +627")
          .containsPattern("100005 +1 +" + protocol + " +627");
    }
  }

  @Test
  void the_daemon_registers_there_is_found_by_others_and_leaves_nothing_behind() throws Exception {
    startRpcbind();
    daemon = serve();
    assertThat(daemon.log())
        .contains("port 111 is another portmapper's: registered there nfs at port 2049")
        .doesNotContain("\tat ");
    assertAllRegistered(rpcinfo(network.clientShell(), TestNetwork.SERVER_ADDRESS).output());
    String showmount = tools.program("showmount") + " -e " + TestNetwork.SERVER_ADDRESS;
    assertThat(network.clientShell().must(withTools(showmount))).contains(root + " ");

    rpcbind.destroyForcibly().waitFor();
    startRpcbind();
    assertAllRegistered(awaitRegistered(" 627"));
    assertThat(daemon.log()).contains("registered again with the portmapper on port 111");

    assertThat(daemon.stop()).isZero();
    assertThat(rpcinfo(network.serverShell(), "127.0.0.1").output())
        .contains("100000")
        .doesNotContain("100003")
        .doesNotContain("100005");
  }

  @Test
  void what_a_killed_daemon_left_there_on_other_ports_is_replaced() throws Exception {
    startRpcbind();
    daemon = serve("--nfs-port", "3049", "--mount-port", "3048");
    daemon.kill();
    assertThat(rpcinfo(network.serverShell(), "127.0.0.1").output()).contains("3049", "3048");
    daemon = serve();
    String listed = rpcinfo(network.serverShell(), "127.0.0.1").output();
    assertAllRegistered(listed);
    assertThat(listed).doesNotContain("3049").doesNotContain("3048");
  }

  @Test
  void the_check_says_that_we_shall_register_there() throws Exception {
    startRpcbind();
    List<String> check = flags("--state-dir", directory.resolve("state").toString());
    check.addFirst("check");
    assertThat(
            network
                .serverShell()
                .run(TestDaemon.krgboot(check.toArray(String[]::new)).toArray(String[]::new))
                .output())
        .containsPattern("portmap port 111 is served by rpcbind \\(pid [0-9]+, user .*we register")
        .contains("nfs port 2049 is free");
  }

  @Test
  void without_it_our_own_portmapper_is_understood_by_the_same_clients() throws Exception {
    daemon = serve();
    String listed = rpcinfo(network.clientShell(), TestNetwork.SERVER_ADDRESS).output();
    assertAllRegistered(listed);
    assertThat(listed).containsPattern("100000 +2 +udp +111");
    String showmount = tools.program("showmount") + " -e " + TestNetwork.SERVER_ADDRESS;
    assertThat(network.clientShell().must(withTools(showmount))).contains(root + " ");
  }
}
