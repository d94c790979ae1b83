package org.krgboot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.bootfiles.BootEntry;
import org.krgboot.bootfiles.KernelChoice;

/** What of a node root would keep its kernel from the root. */
class RootCheckTest {
  @TempDir Path root;

  @BeforeEach
  void make() throws IOException {
    write("boot/vmlinuz-6.1", "kernel");
  }

  private void write(String file, String content) throws IOException {
    Files.createDirectories(root.resolve(file).getParent());
    Files.writeString(root.resolve(file), content);
  }

  private List<Finding> findings() {
    return RootCheck.of(root, KernelChoice.find(root)).findings();
  }

  private static String text(List<Finding> findings) {
    return String.join("\n", findings.stream().map(Finding::text).toList());
  }

  @Test
  void a_kernel_without_initrd_must_mount_a_root_itself() throws IOException {
    write("boot/config-6.1", "CONFIG_ROOT_NFS=y\nCONFIG_IP_PNP_DHCP=y\nCONFIG_NFS_V3=m\n");
    assertThat(text(findings())).contains("is built without CONFIG_NFS_V3");
    write("boot/config-6.1", "CONFIG_ROOT_NFS=y\nCONFIG_IP_PNP_DHCP=y\nCONFIG_NFS_V3=y\n");
    assertThat(text(findings())).contains("the kernel mounts a root by NFS itself");
  }

  @Test
  void serve_warns_of_a_missing_initrd_only_where_the_kernel_needs_one() throws IOException {
    BootEntry entry =
        new BootEntry(
            root.resolve("no-store"),
            root,
            "10.11.12.1:" + root,
            0,
            0,
            Optional.empty(),
            Optional.empty(),
            "",
            Optional.empty());
    assertThat(BootReadiness.kernel(entry).text()).contains("vmlinuz-6.1 has no initrd");
    write("boot/config-6.1", "CONFIG_ROOT_NFS=y\nCONFIG_IP_PNP_DHCP=y\nCONFIG_NFS_V3=y\n");
    assertThat(BootReadiness.kernel(entry).level()).isEqualTo(Finding.Level.OK);
  }

  @Test
  void modules_of_another_kernel_do_not_count() throws IOException {
    write("usr/lib/modules/6.0/modules.builtin", "");
    assertThat(text(findings())).contains("no modules for the kernel 6.1", "chroot " + root);
    write("usr/lib/modules/6.1/modules.builtin", "");
    assertThat(text(findings())).contains("ok       modules of that kernel");
  }

  @Test
  void an_initrd_that_cannot_be_read_is_a_warning_with_the_reason() throws IOException {
    write("boot/initrd.img-6.1", "no initrd at all");
    assertThat(text(findings())).contains("warning  the initrd", "no known compression");
  }

  @Test
  void a_link_that_leads_out_of_the_root_is_not_followed() throws IOException {
    Files.createDirectories(root.resolve("usr"));
    Files.createSymbolicLink(root.resolve("usr/lib"), Path.of("/usr/lib"));
    assertThat(text(findings())).contains("no modules for the kernel 6.1");
  }

  @Test
  void every_finding_that_is_not_fine_says_why_it_matters_and_what_to_do() {
    assertThat(findings())
        .filteredOn(finding -> finding.level() != Finding.Level.OK)
        .isNotEmpty()
        .allSatisfy(finding -> {
          assertThat(finding.why()).isNotBlank();
          assertThat(finding.remedy()).isNotBlank();
        });
  }
}
