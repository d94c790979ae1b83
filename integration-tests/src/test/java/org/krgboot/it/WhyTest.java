package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each row of the table of symptoms that can be broken with real packets is; why names it. */
class WhyTest {
  /** Time to answer, not to be fast: a transfer is given up after 30 s. */
  private static final int PATIENCE_SECONDS = 120;

  @TempDir Path directory;
  private NodeNetwork network;
  private Path root;
  private Path tftp;
  private final Map<String, SimulatedNode> broken = new LinkedHashMap<>();

  @BeforeEach
  void make() throws Exception {
    network = NodeNetwork.make();
    root = FakeRoot.make(directory.resolve("root")).root();
    tftp = FakeRoot.bootFiles(directory.resolve("tftp"));
  }

  @AfterEach
  void unmake() throws Exception {
    if (network != null) {
      network.close();
    }
  }

  private TestDaemon serve(String toml) throws Exception {
    Path config = Files.writeString(directory.resolve("krgboot.toml"), toml);
    return TestDaemon.start(
        network.server(),
        Files.createTempDirectory(directory, "state"),
        "--config",
        config.toString(),
        "--interface",
        NodeNetwork.INTERFACE,
        "--root",
        root.toString(),
        "--tftp-root",
        tftp.toString());
  }

  /** A node of which why is to say this. */
  private SimulatedNode node(String symptom) throws Exception {
    SimulatedNode node = network.node();
    broken.put(symptom, node);
    return node;
  }

  private static String why(TestDaemon daemon, SimulatedNode node) throws Exception {
    return daemon.api("/api/nodes/" + node.mac() + "/why");
  }

  /** Asks until it is said of each node; what is said of it otherwise is told. */
  private void expectAll(TestDaemon daemon) throws Exception {
    Map<String, SimulatedNode> left = new LinkedHashMap<>(broken);
    Map<String, String> said = new LinkedHashMap<>();
    long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
    while (!left.isEmpty() && System.nanoTime() < end) {
      for (String symptom : broken.keySet()) {
        SimulatedNode node = left.get(symptom);
        if (node != null) {
          String answer = why(daemon, node);
          said.put(symptom, answer);
          if (answer.contains("\"symptom\":\"" + symptom + "\"")) {
            assertThat(answer).doesNotContain("\"evidence\":\"\"", "\"remedy\":\"\"");
            left.remove(symptom);
          }
        }
      }
      Thread.sleep(250); // some causes are silence, which takes its time
    }
    said.keySet().retainAll(left.keySet());
    assertThat(said).as("what why says of nodes with another cause").isEmpty();
    System.out.println(broken.size() + " rows broken, and named: " + broken.keySet());
  }

  @Test
  void where_all_nodes_are_served_each_cause_is_named() throws Exception {
    Path exports =
        Files.writeString(
            directory.resolve("exports"), directory.resolve("others") + " 10.9.9.9(ro,sync)\n");
    Files.createDirectories(directory.resolve("others"));
    Path bare = Files.createDirectories(root.resolve("srv/bare/etc"));
    Files.writeString(bare.resolve("fstab"), "nothing");
    Files.createSymbolicLink(tftp.resolve("secret"), Path.of("/etc/passwd"));
    try (TestDaemon daemon = serve("[nfs]\nexports-file = \"" + exports + "\"\n")) {
      CompletableFuture<Void> mtu = losesLargeBlocks();
      node("ASKS_FOR_NO_FILE").firmwareAsks();
      breakFiles();
      breakMounts();
      breakBoots();
      breakAddresses(daemon);
      mtu.get();
      expectAll(daemon);
      Shell.Result told = daemon.ask("why", broken.get("NO_INIT").mac());
      assertThat(told.status()).isEqualTo(3);
      assertThat(told.output()).contains("cause", "has no init", "seen", "do", "krgboot check");
    }
  }

  /** Its cable takes packets of 600 bytes, and it asks for blocks of 1468. */
  private CompletableFuture<Void> losesLargeBlocks() throws Exception {
    SimulatedNode node = node("NO_ANSWERS_TO_BLOCKS");
    node.firmwareAsks();
    node.shell().must("ip", "link", "set", SimulatedNode.INTERFACE, "mtu", "600");
    return CompletableFuture.runAsync(() -> {
      try {
        node.shell()
            .run(
                "curl",
                "-sS",
                "-m",
                "40",
                "--tftp-blksize",
                "1468",
                "-o",
                "/dev/null",
                "tftp://" + NodeNetwork.SERVER_ADDRESS + "/pxelinux.0");
      } catch (IOException | InterruptedException e) {
        throw new AssertionError(e);
      }
    });
  }

  private void breakFiles() throws Exception {
    SimulatedNode missing = node("FILE_MISSING");
    missing.loads();
    missing.fetchesByHttp("boot/vmlinuz-5.9");
    SimulatedNode forbidden = node("FILE_FORBIDDEN");
    forbidden.loads();
    forbidden.fetches("secret");
  }

  private void breakMounts() throws Exception {
    SimulatedNode old = node("NFS_VERSION");
    old.startsKernel(FakeRoot.KERNEL, FakeRoot.INITRD);
    assertThat(old.mounts(1, root.toString())).contains("mount 13");
    SimulatedNode others = node("NOT_EXPORTED");
    others.startsKernel(FakeRoot.KERNEL, FakeRoot.INITRD);
    assertThat(others.mounts(3, directory.resolve("others").toString())).contains("mount 13");
    SimulatedNode elsewhere = node("NO_SUCH_ROOT");
    elsewhere.startsKernel(FakeRoot.KERNEL, FakeRoot.INITRD);
    assertThat(elsewhere.mounts(3, "/NFSROOT/nowhere")).contains("mount 2");
    SimulatedNode bare = node("NO_INIT");
    bare.startsKernel(FakeRoot.KERNEL, FakeRoot.INITRD);
    assertThat(bare.mounts(3, root + "/srv/bare", "etc/fstab", "sbin/init"))
        .contains("read etc/fstab 0", "lookup of sbin 2");
  }

  private void breakBoots() throws Exception {
    SimulatedNode firmware = node("RESTARTS_BEFORE_A_KERNEL");
    SimulatedNode kernel = node("RESTARTS_WITH_A_KERNEL");
    SimulatedNode withRoot = node("RESTARTS_WITH_A_ROOT");
    for (int i = 0; i < 3; i++) {
      firmware.loads();
      kernel.startsKernel(FakeRoot.KERNEL, FakeRoot.INITRD);
      withRoot.startsKernel(FakeRoot.KERNEL, FakeRoot.INITRD);
      assertThat(withRoot.mounts(3, root.toString(), "etc/fstab")).contains("read etc/fstab 0");
    }
    firmware.firmwareAsks();
    kernel.firmwareAsks();
    withRoot.firmwareAsks();
  }

  private void breakAddresses(TestDaemon daemon) throws Exception {
    SimulatedNode given = node("ADDRESS_TAKEN");
    given.firmwareAsks();
    String address =
        given
            .shell()
            .must("ip", "-4", "-o", "addr", "show", SimulatedNode.INTERFACE)
            .replaceAll("(?s).*inet ([0-9.]+)/.*", "$1");
    given.shell().must("ip", "addr", "flush", "dev", SimulatedNode.INTERFACE);
    Shell squatter = network.machine("52:54:00:00:0f:01");
    squatter.must("sysctl", "-qw", "net.ipv4.icmp_echo_ignore_all=1"); // to a ping, nobody is there
    squatter.must("ip", "addr", "add", address + "/24", "dev", SimulatedNode.INTERFACE);
    given.firmwareAsks("-a"); // asks by ARP before it takes an address, and declines
    tookAnotherOffer(daemon, node("TOOK_ANOTHER_OFFER"));
  }

  /** Ours sleeps until the node has chosen the other's offer; then it hears of that. */
  private void tookAnotherOffer(TestDaemon daemon, SimulatedNode node) throws Exception {
    Shell other = network.machine("52:54:00:00:0f:02");
    other.must("ip", "addr", "add", "10.11.12.2/24", "dev", SimulatedNode.INTERFACE);
    try (TestDaemon _ =
        TestDaemon.start(
            other,
            Files.createTempDirectory(directory, "other"),
            "--config",
            "/dev/null",
            "--only",
            "dhcp",
            "--interface",
            SimulatedNode.INTERFACE,
            "--range",
            "10.11.12.211-10.11.12.219")) {
      Shell.onThisHost().must("kill", "-STOP", "" + daemon.pid());
      try {
        assertThat(node.firmwareAsks()).as("the other server gives an address").isTrue();
      } finally {
        Shell.onThisHost().must("kill", "-CONT", "" + daemon.pid());
      }
    }
  }

  @Test
  void nodes_that_are_not_served_are_told_apart() throws Exception {
    try (TestDaemon daemon =
        serve(
            """
            [dhcp]
            range = "10.11.12.150-10.11.12.150"
            """)) {
      assertThat(network.node().firmwareAsks()).isTrue();
      assertThat(node("NO_FREE_ADDRESS").firmwareAsks()).isFalse();
      expectAll(daemon);
    }
    broken.clear();
    try (TestDaemon daemon =
        serve(
            """
            [dhcp]
            unknown = "refuse"
            [[host]]
            mac = "52:54:00:00:00:01"
            """)) {
      assertThat(node("UNKNOWN_NODE").firmwareAsks()).isFalse();
      expectAll(daemon);
    }
  }

  @Test
  void a_boot_without_trouble_is_followed_up_to_its_login() throws Exception {
    try (TestDaemon daemon = serve("")) {
      SimulatedNode node = network.node();
      node.startsKernel(FakeRoot.KERNEL, FakeRoot.INITRD);
      node.mounts(3, root.toString(), "etc/fstab", "sbin/init", "sbin/agetty");
      assertThat(daemon.ask("nodes").output()).contains(node.mac() + "  up ");
      assertThat(daemon.ask("node", node.mac()).output())
          .contains("reading", "starts /sbin/init", "starts /sbin/agetty: it is up");
      assertThat(why(daemon, node)).contains("\"symptom\":\"\"");
    }
  }
}
