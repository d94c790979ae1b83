package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.image.RootBuild;
import org.krgboot.image.RootRecipe;
import org.krgboot.lab.LabNetwork;
import org.krgboot.lab.QemuNode;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/** The package on a clean machine, from its installation to its end, with a node that runs. */
@Tag("nightly")
class InstalledPackageTest {
  private static final Path SOURCES = Path.of("..").toAbsolutePath().normalize();
  private static final Duration COMMAND = Duration.ofMinutes(3);

  @TempDir Path directory;

  /** Needs what {@code mvn -Ppackage} made; the launcher's nightly tests say so. */
  private static Path build(Path output, String version) throws Exception {
    assumeTrue(
        Files.exists(SOURCES.resolve("command-line/target/bom.json")),
        "SKIPPED: no SBOM was made; run `./krgboot test --nightly`");
    for (String tool : List.of("dpkg-deb", "zip", "unzip")) {
      assumeTrue(Shell.has(tool), "SKIPPED: `" + tool + "` is missing");
    }
    ProcessBuilder build =
        new ProcessBuilder(
            SOURCES.resolve("packaging/build").toString(),
            "--version",
            version,
            "--output",
            output.toString());
    build.environment().put("JAVA_HOME", System.getProperty("java.home"));
    build.environment().put("SOURCE_DATE_EPOCH", "1795305600");
    Process process = build.inheritIO().start();
    assertThat(process.waitFor()).isZero();
    try (Stream<Path> made = Files.list(output)) {
      return made.filter(
              f -> f.toString().endsWith(".deb") && f.toString().contains("_" + version + "_"))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void the_same_sources_give_the_same_package_octet_for_octet() throws Exception {
    Path first = build(directory.resolve("first"), "1.0");
    Path second = build(directory.resolve("second"), "1.0");
    assertThat(Files.mismatch(first, second)).isEqualTo(-1);
    assertThat(
            Files.mismatch(tarball(first.resolveSibling("")), tarball(second.resolveSibling(""))))
        .isEqualTo(-1);
  }

  private static Path tarball(Path directory) throws Exception {
    try (Stream<Path> made = Files.list(directory)) {
      return made.filter(f -> f.toString().endsWith(".tar.gz")).findFirst().orElseThrow();
    }
  }

  @Test
  void installed_started_upgraded_under_a_running_node_removed_and_purged() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "SKIPPED: namespaces need root");
    assumeTrue(Shell.has("mmdebstrap"), "SKIPPED: `mmdebstrap` is missing (package mmdebstrap)");
    Path first = build(directory.resolve("packages"), "1.0");
    Path second = build(directory.resolve("packages"), "1.1");
    Path nodeRoot = NodeLab.builtRoot("node-root", RootRecipe.Size.SMALL);
    Subnet subnet = Subnet.parse("10.11.12.0/24");
    try (LabNetwork network = LabNetwork.create(subnet, Ipv4.parse("10.11.12.1"), 1);
        SystemdRoot machine = SystemdRoot.boot(network, directory, nodeRoot)) {
      Map<String, String> before = machine.files();
      machine.put(first, "root/first.deb");
      machine.put(second, "root/second.deb");
      install(machine);
      try (QemuNode node =
          QemuNode.start(
              network,
              new QemuNode.Machine(
                  1,
                  QemuNode.Nic.VIRTIO,
                  QemuNode.Firmware.BIOS,
                  768,
                  NodeLab.accelerator(nodeRoot, directory),
                  directory.resolve("node1")))) {
        node.console().login("root", NodeLab.PASSWORD, NodeLab.BOOT);
        upgrade(machine, node);
        reload(machine);
        watchdog(machine, node);
      } finally {
        System.out.println("--- the service's journal\n" + machine.log() + "---");
      }
      end(machine, before);
    }
  }

  private static void install(SystemdRoot machine) throws Exception {
    assertThat(machine.must("dpkg", "-i", "/root/first.deb"))
        .contains("does not run yet", "systemctl start krgboot");
    assertThat(machine.must("systemctl", "is-enabled", "krgboot")).startsWith("enabled");
    assertThat(machine.run("systemctl", "is-active", "krgboot").output()).startsWith("inactive");
    machine.must(
        "sh",
        "-c",
        "printf '[server]\\ninterface = \"%s\"\\n[boot]\\nserial = 115200\\nappend = \"%s\"\\n' "
            + LabNetwork.BRIDGE
            + " '"
            + String.join(" ", RootBuild.KERNEL_PARAMETERS)
            + "' > /etc/krgboot/krgboot.toml; echo '# mine' >> /etc/default/krgboot");
    machine.must("systemctl", "start", "krgboot"); // returns when READY=1 was told
    assertThat(machine.must("krgboot", "--version")).contains("krgboot");
    assertThat(machine.must("systemctl", "show", "-P", "StatusText", "krgboot"))
        .contains("nodes up");
    String security = machine.must("systemd-analyze", "security", "--no-pager", "krgboot");
    assertThat(security).containsPattern("Overall exposure level for krgboot.service: [0-3][.]");
  }

  private static void upgrade(SystemdRoot machine, QemuNode node) throws Exception {
    assertThat(machine.must("krgboot", "nodes")).contains("krgnode101");
    node.console()
        .run("(while :; do date +%s >> /var/tmp/alive; sync; sleep 1; done) & echo begun", COMMAND);
    String pid = machine.must("systemctl", "show", "-P", "MainPID", "krgboot");
    machine.must("dpkg", "-i", "/root/second.deb");
    assertThat(machine.must("dpkg-query", "-W", "krgboot")).contains("1.1");
    assertThat(machine.must("systemctl", "is-active", "krgboot")).startsWith("active");
    assertThat(machine.must("systemctl", "show", "-P", "MainPID", "krgboot")).isNotEqualTo(pid);
    assertThat(machine.must("cat", "/etc/default/krgboot")).contains("# mine");
    writesOn(node);
    assertThat(machine.must("krgboot", "nodes")).contains("krgnode101");
  }

  /** It writes to its root again, through the server that runs now. */
  private static void writesOn(QemuNode node) throws Exception {
    String lines = node.console().run("wc -l < /var/tmp/alive", COMMAND).output().strip();
    String later = lines;
    long end = System.nanoTime() + NodeLab.BOOT.toNanos();
    while (later.equals(lines)) {
      assertThat(System.nanoTime()).as("the node writes no more: " + lines).isLessThan(end);
      Thread.sleep(1000);
      later = node.console().run("wc -l < /var/tmp/alive", COMMAND).output().strip();
    }
  }

  private static void reload(SystemdRoot machine) throws Exception {
    String pid = machine.must("systemctl", "show", "-P", "MainPID", "krgboot");
    machine.must("krgboot", "set", "krgnode101", "append=quiet"); // within what the unit may write
    assertThat(machine.must("cat", "/etc/krgboot/krgboot.d/nodes.toml")).contains("quiet");
    machine.must("sh", "-c", "echo 'nonsense = 1' >> /etc/krgboot/krgboot.toml");
    assertThat(machine.run("systemctl", "reload", "krgboot").status()).isNotZero();
    assertThat(machine.must("journalctl", "-u", "krgboot", "--no-pager")).contains("nonsense");
    machine.must("sed", "-i", "$d", "/etc/krgboot/krgboot.toml");
    machine.must("systemctl", "reload", "krgboot");
    machine.must("systemctl", "kill", "-s", "HUP", "krgboot");
    assertThat(machine.must("krgboot", "nodes")).contains("krgnode101");
    assertThat(machine.must("systemctl", "show", "-P", "MainPID", "krgboot")).isEqualTo(pid);
  }

  /** A daemon that stands still is ended and started again; the node goes on. */
  private static void watchdog(SystemdRoot machine, QemuNode node) throws Exception {
    String dropIn = "/etc/systemd/system/krgboot.service.d";
    machine.must(
        "sh",
        "-c",
        "mkdir " + dropIn + "; printf '[Service]\nWatchdogSec=20s\n' > " + dropIn + "/soon.conf");
    machine.must("systemctl", "daemon-reload");
    machine.must("systemctl", "restart", "krgboot");
    String pid = machine.must("systemctl", "show", "-P", "MainPID", "krgboot").strip();
    machine.must("systemctl", "kill", "--kill-whom=main", "-s", "STOP", "krgboot");
    long end = System.nanoTime() + COMMAND.toNanos();
    while (machine.must("systemctl", "show", "-P", "MainPID", "krgboot").strip().equals(pid)
        || !machine.run("systemctl", "is-active", "krgboot").output().startsWith("active")) {
      assertThat(System.nanoTime()).as("the watchdog has not ended it").isLessThan(end);
      Thread.sleep(1000);
    }
    assertThat(machine.must("systemctl", "show", "-P", "NRestarts", "krgboot").strip())
        .as("nothing but the watchdog restarts what stands still")
        .isEqualTo("1");
    writesOn(node);
    machine.must("rm", "-r", dropIn);
    machine.must("systemctl", "daemon-reload");
  }

  private static void end(SystemdRoot machine, Map<String, String> before) throws Exception {
    machine.must("dpkg", "--remove", "krgboot");
    assertThat(machine.run("systemctl", "is-active", "krgboot").output()).startsWith("inactive");
    assertThat(machine.must("ls", "/var/lib/krgboot")).contains("state.db", "nfs-handle.key");
    machine.must("dpkg", "--purge", "krgboot");
    List<String> differences = new ArrayList<>();
    Map<String, String> after = machine.files();
    before.forEach((file, is) -> {
      if (!is.equals(after.get(file))) {
        differences.add(file + " was " + is + " and is " + after.get(file));
      }
    });
    after.keySet().stream()
        .filter(file -> !before.containsKey(file))
        .forEach(file -> differences.add("new: " + file));
    assertThat(differences).isEmpty();
    assertThat(machine.run("systemctl", "is-enabled", "krgboot").status()).isNotZero();
  }
}
