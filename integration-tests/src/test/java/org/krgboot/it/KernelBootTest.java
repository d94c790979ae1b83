package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.image.RootBuild;
import org.krgboot.image.RootRecipe;
import org.krgboot.kernels.KernelManifest;
import org.krgboot.lab.QemuNode;
import org.krgboot.lab.SerialConsole;

/** A kernel that was built by the tool, published, and booted without an initrd to the login. */
@Tag("nightly")
class KernelBootTest {
  /** Built once a clone; the next run finds that it is as wanted. */
  private static final Path RESULT = Path.of("target", "kernel-result");

  /** An emulated timer on a busy machine is late, and kernels then take it for broken hardware. */
  private static final String EMULATED = "no_timer_check";

  private static final Path SOURCE = Path.of("/usr/src/linux-source-6.1.tar.xz");
  private static final Duration BUILD = Duration.ofMinutes(60);
  private static final Duration COMMAND = Duration.ofMinutes(3);

  @TempDir Path directory;
  private NodeLab lab;
  private String release;

  @BeforeEach
  void publish() throws Exception {
    NodeLab.assumePossible();
    build();
    KernelManifest manifest = KernelManifest.read(RESULT);
    release = manifest.release();
    assertThat(RESULT.resolve(KernelManifest.INITRD)).doesNotExist();
    String toml = "[[boot.node]]\nnodes = \"krg*\"\nappend = \"" + EMULATED + "\"\n";
    lab = NodeLab.make("node-root", RootRecipe.Size.SMALL, directory, 1, toml);
    Shell.Result said = lab.daemon.ask("kernel", "publish", RESULT.toString());
    assertThat(said.status()).as(said.output()).isZero();
    assertThat(said.output()).contains("kernel 1 (" + manifest.name() + ", " + release + ")");
  }

  private static void build() throws Exception {
    assumeTrue(Files.exists(SOURCE), "SKIPPED: the package linux-source-6.1 is missing");
    for (String tool : new String[] {"gcc", "make", "flex", "bison", "bc", "xz", "depmod"}) {
      assumeTrue(Shell.has(tool), "SKIPPED: `" + tool + "` is missing");
    }
    List<String> command =
        TestDaemon.krgboot(
            "kernel",
            "build",
            Path.of("src", "test", "resources", "nfsroot-kernel.toml").toString(),
            "--output",
            RESULT.toString());
    Shell.Result said = Shell.onThisHost().run(BUILD, command.toArray(String[]::new));
    assertThat(said.status()).as(said.output()).isZero();
  }

  @AfterEach
  void stop() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void the_kernel_alone_takes_its_address_and_mounts_its_root_to_the_login() throws Exception {
    try (QemuNode node = lab.powerOn(QemuNode.Nic.E1000)) {
      isUp(node, "krgnode101", " nfsroot=10.11.12.1:", " krgboot.kernel=1 ");
      assertThat(lab.daemon.ask("node", "krgnode101").output())
          .contains("kernel 1 (")
          .contains(", loaded ");
      assertThat(lab.daemon.ask("kernel", "list").output())
          .contains("published as default, 1 node");
    }
  }

  @Test
  void option_17_alone_is_enough() throws Exception {
    Path tftp = Files.createDirectories(directory.resolve("tftp"));
    Files.writeString(
        tftp.resolve("boot.ipxe"),
        "#!ipxe\nkernel boot/kernel-1/vmlinuz ip=dhcp root=/dev/nfs rw "
            + String.join(" ", RootBuild.KERNEL_PARAMETERS)
            + " "
            + EMULATED
            + "\nboot\n");
    try (QemuNode node = lab.powerOn(QemuNode.Nic.VIRTIO)) {
      String line = isUp(node, "krgnode101", " root=/dev/nfs ");
      assertThat(line).doesNotContain("nfsroot=").doesNotContain("initrd");
    }
  }

  @Test
  void a_trial_tells_a_kernel_that_boots_from_one_that_faults_or_lacks_the_driver()
      throws Exception {
    Shell.Result well = smoke(RESULT);
    assertThat(well.output()).contains("it has mounted its root", "the kernel boots");
    assertThat(well.status()).isZero();
    Shell.Result init = smoke(RESULT, "--root", lab.root.toString(), "--nic", "virtio");
    assertThat(init.output()).contains("init runs", "the kernel boots");
    Shell.Result noDriver = smoke(RESULT, "--nic", "rtl8139", "--timeout", "60");
    assertThat(noDriver.output()).contains("asks for no address", "CONFIG_ETHERNET");
    assertThat(noDriver.status()).isEqualTo(1);
    Shell.Result faults = smoke(broken());
    assertThat(faults.output()).contains("a triple fault", "how it was compiled");
    assertThat(faults.status()).isEqualTo(1);
  }

  private Shell.Result smoke(Path result, String... more) throws Exception {
    String[] words = new String[more.length + 5];
    words[0] = "kernel";
    words[1] = "smoke";
    words[2] = result.toString();
    words[3] = "--work-dir";
    words[4] = directory.resolve("smoke").toString();
    System.arraycopy(more, 0, words, 5, more.length);
    return Shell.onThisHost().run(NodeLab.BOOT, TestDaemon.krgboot(words).toArray(String[]::new));
  }

  /** With a header as it should be, and behind it what no processor runs: ud2 everywhere. */
  private Path broken() throws Exception {
    Path made = Files.createDirectory(directory.resolve("broken"));
    byte[] image = Files.readAllBytes(RESULT.resolve(KernelManifest.KERNEL));
    for (int at = ((image[0x1f1] & 0xff) + 1) * 512; at + 1 < image.length; at += 2) {
      image[at] = 0x0f;
      image[at + 1] = 0x0b;
    }
    Files.write(made.resolve(KernelManifest.KERNEL), image);
    KernelManifest was = KernelManifest.read(RESULT);
    new KernelManifest(
            was.name(),
            release,
            was.inputs(),
            List.of(KernelManifest.Output.of(made, KernelManifest.KERNEL)),
            was.configSha256(),
            was.compiler(),
            was.builtAt(),
            was.commandLine())
        .write(made);
    return made;
  }

  /** Gives its kernel's command line. */
  private String isUp(QemuNode node, String name, String... words) throws Exception {
    SerialConsole console = node.console();
    assertThat(console.login("root", NodeLab.PASSWORD, NodeLab.BOOT)).isEqualTo(name);
    assertThat(says(console, "uname -r")).isEqualTo(release);
    assertThat(says(console, "grep ' / ' /proc/mounts"))
        .contains(" nfs rw,", "vers=3", "proto=tcp", "addr=10.11.12.1");
    assertThat(says(console, "systemctl is-system-running --wait; systemctl --failed --no-legend"))
        .as("units that failed")
        .isEqualTo("running");
    String line = says(console, "cat /proc/cmdline");
    assertThat(line + " ").contains("ip=dhcp root=/dev/nfs").contains(words);
    return line;
  }

  private static String says(SerialConsole console, String command) throws Exception {
    return console.run(command, COMMAND).output().strip();
  }
}
