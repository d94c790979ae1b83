package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Router answers at one end of a wire and a node at the other, each in its own network namespace
 * and process. Needs root (namespaces, raw sockets) and {@code ip}.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RouterAnswersTest {
  private static final String SERVER_SIDE = "krgra" + ProcessHandle.current().pid();
  private static final String NODE_SIDE = "krgrn" + ProcessHandle.current().pid();

  private static final String SOLICITATION = "85000000000000000101525400910002";
  private static final String EMPTY = "86000000000000000000000000000000";
  private static final String ROUTERS = "86000000400007080000000000000000";
  private static final String ANSWER = "from fe80:0:0:0:5054:ff:fe91:1 hops 255: " + EMPTY;

  private record Peer(Process process, BufferedReader says, PrintWriter told) {
    static Peer of(Process process) {
      return new Peer(
          process, process.inputReader(), new PrintWriter(process.outputWriter(), true));
    }

    String ask(String line) throws IOException {
      told.println(line);
      return says.readLine();
    }

    /** Closes its input, so that it ends of itself. */
    String end() throws IOException {
      told.close();
      return says.readLine();
    }
  }

  private final List<Process> running = new ArrayList<>();
  private boolean laid;

  @BeforeEach
  void lay_the_wire() throws IOException, InterruptedException {
    assumeTrue("root".equals(System.getProperty("user.name")), "skipped: needs root");
    assumeTrue(Files.isExecutable(Path.of("/sbin/ip")), "skipped: needs the program 'ip'");
    assumeTrue(Files.exists(Path.of("/proc/sys/net/ipv6")), "skipped: needs a kernel with IPv6");
    laid = true;
    must("ip netns add " + SERVER_SIDE);
    must("ip netns add " + NODE_SIDE);
    for (String side : List.of(SERVER_SIDE, NODE_SIDE)) {
      // The addresses are usable at once, without a test for duplicates.
      sysctl(side, "default/accept_dad", "0");
      // The kernels ask nobody, so that the only solicitations are those of the test.
      sysctl(side, "default/router_solicitations", "0");
    }
    must(
        "ip link add boot0 netns %s address 52:54:00:91:00:01 type veth peer name eth0 netns %s address 52:54:00:91:00:02"
            .formatted(SERVER_SIDE, NODE_SIDE));
    must("ip -n " + SERVER_SIDE + " link set boot0 up");
    must("ip -n " + NODE_SIDE + " link set eth0 up");
    waitForLinkLocal(SERVER_SIDE, "boot0");
    waitForLinkLocal(NODE_SIDE, "eth0");
  }

  /** The kernel gives the address when it has noticed the carrier, which may be a little later. */
  private static void waitForLinkLocal(String side, String nic)
      throws IOException, InterruptedException {
    List<String> show = List.of("ip", "-n", side, "-6", "addr", "show", "dev", nic);
    for (int tries = 0; tries < 200; tries++) {
      Process process = new ProcessBuilder(show).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes());
      process.waitFor();
      if (said.contains("inet6 fe80") && !said.contains("tentative")) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError(nic + " in " + side + " got no link-local address");
  }

  @AfterEach
  void clear() throws IOException, InterruptedException {
    for (Process process : running) {
      process.destroy();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
    if (laid) {
      must("ip netns del " + NODE_SIDE);
      must("ip netns del " + SERVER_SIDE);
    }
  }

  @Test
  void a_solicitation_gets_exactly_one_answer_that_offers_nothing() throws IOException {
    Peer server = start(SERVER_SIDE, AnswersInNamespace.class, "boot0");
    Peer node = start(NODE_SIDE, NodeInNamespace.class, "eth0");
    node.told.println("send ff02::2 " + SOLICITATION);
    assertThat(node.ask("listen")).isEqualTo(ANSWER);
    assertThat(node.ask("listen")).isEqualTo("nothing");
    assertThat(server.ask("")).contains("ra.answered=1");
    assertThat(server.end()).isEqualTo("closed");
  }

  @Test
  void after_another_routers_advertisement_there_is_silence() throws IOException {
    Peer server = start(SERVER_SIDE, AnswersInNamespace.class, "boot0");
    Peer node = start(NODE_SIDE, NodeInNamespace.class, "eth0");
    node.told.println("send ff02::1 " + ROUTERS);
    assertThat(node.ask("listen")).as("its own, looped back").endsWith(ROUTERS);
    node.told.println("send ff02::2 " + SOLICITATION);
    assertThat(node.ask("listen")).isEqualTo("nothing");
    assertThat(server.ask(""))
        .contains("ra.silent.advertisement=1", "ra.silent.other-router=1")
        .doesNotContain("ra.answered");
  }

  @Test
  void rubbish_is_counted_and_the_next_node_is_answered() throws IOException {
    Peer server = start(SERVER_SIDE, AnswersInNamespace.class, "boot0");
    Peer node = start(NODE_SIDE, NodeInNamespace.class, "eth0");
    node.told.println("send ff02::2 8500000000000000ff00");
    node.told.println("send ff02::2 85000000");
    node.told.println("send ff02::2 " + SOLICITATION);
    assertThat(node.ask("listen")).isEqualTo(ANSWER);
    assertThat(server.ask("")).contains("ra.answered=1", "ra.malformed=2");
  }

  @Test
  void without_ipv6_on_the_interface_it_is_off_and_says_what_that_costs()
      throws IOException, InterruptedException {
    sysctl(SERVER_SIDE, "boot0/disable_ipv6", "1");
    Process process = java(SERVER_SIDE, AnswersInNamespace.class, "boot0");
    BufferedReader lines = process.inputReader();
    String said = lines.readLine() + lines.readLine();
    assertThat(said).contains("off").contains("boot0", "13 s", "disable_ipv6");
  }

  private Peer start(String side, Class<?> program, String nic) throws IOException {
    Peer peer = Peer.of(java(side, program, nic));
    assertThat(peer.says.readLine()).isEqualTo("ready");
    return peer;
  }

  private Process java(String side, Class<?> program, String nic) throws IOException {
    Process process =
        new ProcessBuilder(
                "ip",
                "netns",
                "exec",
                side,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                nic)
            .redirectErrorStream(true)
            .start();
    running.add(process);
    return process;
  }

  private static void sysctl(String side, String key, String value)
      throws IOException, InterruptedException {
    String file = "/proc/sys/net/ipv6/conf/" + key;
    List<String> write = List.of("sh", "-c", "echo " + value + " > " + file);
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", side));
    command.addAll(write);
    assertThat(new ProcessBuilder(command).start().waitFor()).as(file).isZero();
  }

  private static void must(String command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(command + ": " + said).isZero();
  }
}
