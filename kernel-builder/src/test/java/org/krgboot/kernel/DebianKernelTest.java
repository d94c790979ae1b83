package org.krgboot.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.kernel.FakeTree.Told;
import org.krgboot.kernel.KernelBuild.Outcome;
import org.krgboot.kernel.KernelBuild.Part;
import org.krgboot.kernels.KernelImage;
import org.krgboot.kernels.KernelManifest;
import org.krgboot.steps.Machine;

/** A real kernel, from Debian's package of its source: minutes. */
@Tag("nightly")
class DebianKernelTest {
  private static final Path SOURCE = Path.of("/usr/src/linux-source-6.1.tar.xz");

  private static final String RECIPE =
      """
      [[source]]
      tar = "%s"

      [config]
      base = "tinyconfig"
      presets = ["nfsroot"]
      nics = ["e1000"]
      yes = [
        "64BIT", "PRINTK", "TTY", "SERIAL_8250", "SERIAL_8250_CONSOLE", "BINFMT_ELF", "PROC_FS", "SYSFS",
        "TMPFS", "SHMEM", "DEVTMPFS", "DEVTMPFS_MOUNT", "PCI", "NET", "PACKET", "UNIX", "INET", "IP_PNP",
        "IP_PNP_DHCP", "NETDEVICES", "ETHERNET", "NET_VENDOR_INTEL", "E1000", "FILE_LOCKING",
        "NETWORK_FILESYSTEMS", "NFS_FS", "NFS_V3", "ROOT_NFS", "MULTIUSER", "FUTEX", "EPOLL",
        "POSIX_TIMERS", "MODULES",
      ]
      no = ["IPV6", "NFS_V2", "NFS_V4", "LOCALVERSION_AUTO"]
      set = ['LOCALVERSION="-nightly"']
      """;

  @TempDir Path directory;

  private Path build(String name) throws Exception {
    Path recipe = Files.writeString(directory.resolve("tiny.toml"), RECIPE.formatted(SOURCE));
    Path output = directory.resolve(name);
    KernelBuild.Result result =
        KernelBuild.of(KernelRecipeReader.read(recipe), output, Machine.real(), Optional.empty())
            .run(Part.ALL, Runtime.getRuntime().availableProcessors(), new Told());
    assertThat(result.outcome()).isEqualTo(Outcome.BUILT);
    return output;
  }

  @Test
  void a_small_kernel_for_a_root_over_nfs_is_built_twice_to_the_same_bits() throws Exception {
    assumeTrue(Files.exists(SOURCE), "SKIPPED: the package linux-source-6.1 is missing");
    for (String tool : new String[] {"gcc", "make", "flex", "bison", "bc", "xz", "depmod"}) {
      assumeTrue(Machine.real().find(tool).isPresent(), "SKIPPED: `" + tool + "` is missing");
    }
    Path one = build("one");
    KernelManifest.read(one).verify(one);
    assertThat(KernelImage.read(one.resolve("vmlinuz")).release())
        .startsWith("6.1.")
        .endsWith("-nightly");
    assertThat(Files.readString(one.resolve("config"))).contains("CONFIG_ROOT_NFS=y\n");
    Path other = build("other");
    FakeTree.sh(directory, "diff -r --no-dereference one other");
  }
}
