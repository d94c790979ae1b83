package org.krgboot.bootfiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.krgboot.model.BootFileTree.Why;

/** A node root that is published from a store: one boot stays with one version. */
class VersionedRootTest extends BootFilesFixture {
  private static final String KERNEL = "vmlinuz-6.1.0-1-amd64";
  private static final String INITRD = "initrd.img-6.1.0-1-amd64";

  private Path store() throws IOException {
    return here.toRealPath().resolve("images");
  }

  private void version(String path) throws IOException {
    write(store().resolve(path).resolve("boot/" + KERNEL), "kernel of " + path);
    write(store().resolve(path).resolve("boot/" + INITRD), "initrd of " + path);
  }

  private void publish(String path) throws IOException {
    if (!Files.isSymbolicLink(root)) {
      Files.delete(root.resolve("boot"));
    }
    Files.deleteIfExists(root);
    Files.createSymbolicLink(root, store().resolve(path));
  }

  @Test
  void the_configuration_names_the_version_for_kernel_initrd_and_root() throws IOException {
    version("sealed/1/root");
    version("live/2");
    publish("sealed/1/root");
    String before = read(BY_MAC);
    assertThat(before)
        .contains("LINUX boot/sealed-1/" + KERNEL + "\n")
        .contains("INITRD boot/sealed-1/" + INITRD + "\n")
        .contains("nfsroot=10.11.12.1:" + store() + "/sealed/1/root,v3,tcp");
    publish("live/2");
    assertThat(read(BY_MAC))
        .contains("LINUX boot/live-2/" + KERNEL)
        .contains("nfsroot=10.11.12.1:" + store() + "/live/2,v3,tcp");
    assertThat(read("boot.ipxe")).contains("kernel boot/live-2/" + KERNEL);
    assertThat(read("grub/grub.cfg")).contains("linux /boot/live-2/" + KERNEL);
    // A node that has read the first configuration fetches the rest of its boot now.
    assertThat(read("boot/sealed-1/" + KERNEL)).isEqualTo("kernel of sealed/1/root");
    assertThat(read("boot/sealed-1/" + INITRD)).isEqualTo("initrd of sealed/1/root");
    assertThat(read("boot/live-2/" + KERNEL)).isEqualTo("kernel of live/2");
    assertThat(read("boot/" + KERNEL)).as("of what is published").isEqualTo("kernel of live/2");
  }

  @Test
  void a_version_is_a_jail_and_only_its_boot_directory_is_served() throws IOException {
    version("sealed/1/root");
    publish("sealed/1/root");
    write(store().resolve("sealed/1/root/etc/shadow"), "secret");
    Files.createSymbolicLink(store().resolve("sealed/1/root/boot/out"), Path.of("../etc/shadow"));
    assertRefused("boot/sealed-1/../etc/shadow", Why.FORBIDDEN);
    assertRefused("boot/sealed-1/out", Why.FORBIDDEN);
    assertRefused("boot/sealed-9/" + KERNEL, Why.NOT_FOUND);
    assertRefused("boot/sealed-1/", Why.NOT_FOUND);
  }
}
