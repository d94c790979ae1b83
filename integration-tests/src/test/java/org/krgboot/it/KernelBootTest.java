package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
  /** What the test that builds one leaves. */
  private static final Path RESULT = Path.of("target", "kernel-result");

  private static final Duration COMMAND = Duration.ofMinutes(3);

  @TempDir Path directory;
  private NodeLab lab;
  private String release;

  @BeforeEach
  void publish() throws Exception {
    assumeTrue(
        Files.exists(RESULT.resolve(KernelManifest.FILE)),
        "SKIPPED: there is no built kernel in " + RESULT.toAbsolutePath());
    KernelManifest manifest = KernelManifest.read(RESULT);
    release = manifest.release();
    assertThat(RESULT.resolve(KernelManifest.INITRD)).doesNotExist();
    lab = NodeLab.make("node-root", RootRecipe.Size.SMALL, directory, 2);
    Shell.Result said = lab.daemon.ask("kernel", "publish", RESULT.toString());
    assertThat(said.status()).as(said.output()).isZero();
    assertThat(said.output()).contains("kernel 1 (" + manifest.name() + ", " + release + ")");
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
            + "\nboot\n");
    try (QemuNode node = lab.powerOn(QemuNode.Nic.VIRTIO)) {
      String line = isUp(node, "krgnode101", " root=/dev/nfs ");
      assertThat(line).doesNotContain("nfsroot=").doesNotContain("initrd");
    }
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
