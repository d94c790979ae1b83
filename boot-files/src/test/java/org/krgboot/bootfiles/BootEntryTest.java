package org.krgboot.bootfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BootEntryTest {
  private static final Optional<String> NONE = Optional.empty();

  private static BootEntry entry(String serverPath, int port, int mountPort, String append) {
    return new BootEntry(
        Path.of("/k"),
        Path.of("/r"),
        serverPath,
        port,
        mountPort,
        NONE,
        NONE,
        append,
        Optional.of(115200));
  }

  @Test
  void ports_are_told_to_those_who_understand_them() {
    BootEntry entry = entry("10.0.0.1:/r", 12049, 12050, "");
    KernelChoice modern = new KernelChoice("vmlinuz-6.1.0-9-amd64", NONE);
    KernelChoice withInitrd = new KernelChoice("vmlinuz-6.1.0-9-amd64", Optional.of("initrd"));
    KernelChoice old = new KernelChoice("vmlinuz-2.6.30-krg3.0.0", NONE);
    assertThat(entry.commandLine(modern)).endsWith(",port=12049,mountport=12050 rw");
    assertThat(entry.commandLine(withInitrd)).endsWith(",port=12049 rw");
    assertThat(entry.commandLine(old)).endsWith(",port=12049 rw");
  }

  @Test
  void the_serial_line_stands_first_and_the_initrd_before_the_command_line() {
    String text =
        PxelinuxConfig.render(
            entry("10.0.0.1:/r", 0, 0, ""),
            Optional.of(new KernelChoice("vmlinuz-6.1", Optional.of("initrd.img-6.1"))),
            BootMenu.NONE.choice(new BootMenu.Pick("diskless", 0)),
            BootTarget.Platform.BIOS,
            PxelinuxConfig.Loader.WITHOUT_MENU);
    assertThat(text)
        .startsWith("SERIAL 0 115200\nDEFAULT diskless\n")
        .contains("  LINUX boot/vmlinuz-6.1\n  INITRD boot/initrd.img-6.1\n  APPEND ip=dhcp ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/r", "10.0.0.1:r", "10.0.0.1:/a b", "10.0.0.1:/a,b", "10.0.0.1:/100%"})
  void a_path_that_the_kernel_would_misread_is_refused(String path) {
    assertThatThrownBy(() -> entry(path, 0, 0, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(path);
  }

  @Test
  void what_the_kernel_would_cut_off_is_refused() {
    assertThatThrownBy(() -> entry("10.0.0.1:/" + "a".repeat(250), 0, 0, ""))
        .hasMessageContaining("NFS path is too long");
    assertThatThrownBy(() -> entry("10.0.0.1:/r", 0, 0, "a".repeat(2000)))
        .hasMessageContaining("octets too long");
    assertThatThrownBy(() -> entry("10.0.0.1:/r", 0, 0, "quiet\nLABEL x"))
        .hasMessageContaining("one line");
    assertThatThrownBy(() -> entry("10.0.0.1:/r", 70000, 0, "")).hasMessageContaining("65535");
  }

  @ParameterizedTest
  @CsvSource({
    "6.1.0-9-amd64, 6.1.0-10-amd64",
    "2.6.30-krg3.0.0, 6.1",
    "6.1~rc1, 6.1",
    "6.1, 6.1.1",
    "6.1a, 6.1b",
    "6.1a, 6.1+b",
    "6.009, 6.10"
  })
  void versions_are_ordered_as_debian_does(String older, String newer) {
    assertThat(VersionOrder.DEBIAN.compare(older, newer)).isNegative();
    assertThat(VersionOrder.DEBIAN.compare(newer, older)).isPositive();
    assertThat(VersionOrder.DEBIAN.compare(older, older)).isZero();
  }

  @Test
  void the_newest_kernel_is_taken_with_its_own_initrd(@TempDir Path root) throws IOException {
    Path boot = Files.createDirectory(root.resolve("boot"));
    assertThat(KernelChoice.find(root)).isEmpty();
    for (String name :
        List.of(
            "vmlinuz-6.1.0-9-amd64",
            "vmlinuz-6.1.0-10-amd64",
            "vmlinux-6.1.0-10-amd64",
            "vmlinuz-6.2.old",
            "initrd.img-6.1.0-9-amd64",
            "initrd.img-6.1.0-10-amd64",
            "System.map-6.1.0-11-amd64")) {
      Files.createFile(boot.resolve(name));
    }
    Files.createDirectory(boot.resolve("vmlinuz-9"));
    assertThat(KernelChoice.find(root))
        .contains(
            new KernelChoice("vmlinuz-6.1.0-10-amd64", Optional.of("initrd.img-6.1.0-10-amd64")));
    assertThat(KernelChoice.find(root, Optional.of("vmlinuz-6.1.0-9-amd64"), NONE))
        .contains(
            new KernelChoice("vmlinuz-6.1.0-9-amd64", Optional.of("initrd.img-6.1.0-9-amd64")));
    assertThat(KernelChoice.find(root, Optional.of("gone"), NONE)).isEmpty();
    assertThat(KernelChoice.find(root, NONE, Optional.of("gone"))).isEmpty();
  }
}
