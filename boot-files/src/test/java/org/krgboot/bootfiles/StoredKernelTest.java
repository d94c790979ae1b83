package org.krgboot.bootfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.krgboot.model.BootFile;
import org.krgboot.model.BootFileTree.Answer;
import org.krgboot.model.BootFileTree.Why;
import org.krgboot.model.KernelVersion;
import org.krgboot.model.StoredKernel;

/** Kernels of the store: one boot stays with one number. */
class StoredKernelTest extends BootFilesFixture {
  private Path store() {
    return here.resolve("kernels");
  }

  private void add(int number, String release, String append, Optional<String> initrd)
      throws IOException {
    KernelVersion version = new KernelVersion(store(), number);
    StoredKernel kernel =
        new StoredKernel(version, "small", release, Instant.EPOCH, initrd, append);
    write(version.path().resolve("kernel"), kernel.text());
    write(version.path().resolve("vmlinuz"), "kernel " + number);
    write(version.path().resolve("config"), "CONFIG_X=y");
    if (initrd.isPresent()) {
      write(version.path().resolve("initrd.img"), "initrd " + number);
    }
  }

  private void publish(int number, String name) throws IOException {
    Path link = KernelVersion.link(store(), name);
    Files.createDirectories(link.getParent());
    Path fresh = link.resolveSibling(".new");
    Files.createSymbolicLink(fresh, new KernelVersion(store(), number).target());
    Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
  }

  private void inRoot() throws IOException {
    write(root.resolve("boot/vmlinuz-6.1"), "of the root");
    write(root.resolve("boot/initrd.img-6.1"), "of the root too");
  }

  @Test
  void without_an_initrd_the_kernel_mounts_its_root_itself() throws IOException {
    add(1, "6.1.0-krg3.0.0", "", Optional.empty());
    publish(1, "default");
    assertThat(read(BY_MAC))
        .contains("  LINUX boot/kernel-1/vmlinuz\n  APPEND ip=dhcp root=/dev/nfs nfsroot=")
        .contains(",v3,tcp")
        .contains(" krgboot.kernel=1 session_id=1 autonodeid=1\n")
        .doesNotContain("INITRD");
    assertThat(read("boot.ipxe"))
        .contains("kernel boot/kernel-1/vmlinuz ip=dhcp ")
        .doesNotContain("initrd");
    assertThat(read("grub/grub.cfg"))
        .contains("linux /boot/kernel-1/vmlinuz ip=dhcp ")
        .doesNotContain("initrd");
    assertThat(read("boot/kernel-1/vmlinuz")).isEqualTo("kernel 1");
    assertThat(read("efi64/boot/kernel-1/vmlinuz")).isEqualTo("kernel 1");
  }

  @Test
  void the_configuration_names_one_number_for_kernel_and_initrd() throws IOException {
    inRoot();
    add(1, "6.1.0", "", Optional.of("initrd.img"));
    add(2, "6.6.0", "quiet", Optional.of("initrd.img"));
    publish(1, "default");
    assertThat(read("boot.ipxe"))
        .contains("kernel boot/kernel-1/vmlinuz initrd=initrd.img ")
        .contains("\ninitrd boot/kernel-1/initrd.img\n");
    publish(2, "default");
    assertThat(read(BY_MAC))
        .contains("  LINUX boot/kernel-2/vmlinuz\n  INITRD boot/kernel-2/initrd.img\n")
        .contains(" quiet krgboot.kernel=2 session_id=1");
    // A node that has read the first configuration fetches the rest of its boot now.
    assertThat(read("boot/kernel-1/vmlinuz")).isEqualTo("kernel 1");
    assertThat(read("boot/kernel-1/initrd.img")).isEqualTo("initrd 1");
    assertThat(role("boot/kernel-1/vmlinuz")).isEqualTo(BootFile.Role.KERNEL);
    assertThat(role("boot/kernel-1/initrd.img")).isEqualTo(BootFile.Role.INITRD);
  }

  private BootFile.Role role(String name) {
    return switch (ask(name)) {
      case Answer.Found(BootFile file) -> {
        file.close();
        yield file.role();
      }
      case Answer.Refused refused -> throw new AssertionError(refused);
    };
  }

  @Test
  void who_names_a_kernel_gets_that_whatever_is_published_for_all() throws IOException {
    inRoot();
    add(1, "6.1.0", "", Optional.empty());
    add(2, "6.6.0", "", Optional.empty());
    publish(1, "default");
    publish(2, "krg");
    kernel = Optional.of("kernels/krg");
    assertThat(read(BY_MAC)).contains("boot/kernel-2/vmlinuz");
    kernel = Optional.of("kernels/1");
    assertThat(read(BY_MAC)).contains("boot/kernel-1/vmlinuz");
    kernel = Optional.of("vmlinuz-6.1");
    assertThat(read(BY_MAC)).contains("LINUX boot/vmlinuz-6.1\n").doesNotContain("krgboot.kernel");
    kernel = Optional.empty();
    initrd = Optional.of("initrd.img-6.1");
    assertThat(read(BY_MAC)).contains("LINUX boot/vmlinuz-6.1\n");
  }

  @Test
  void what_is_not_there_is_told_and_never_replaced_by_another() throws IOException {
    inRoot();
    kernel = Optional.of("kernels/krg");
    assertThat(read(BY_MAC)).contains("no kernel kernels/krg in " + store(), "krgboot kernel list");
    kernel = Optional.empty();
    assertThat(read(BY_MAC)).contains("boot/vmlinuz-6.1");
    publish(7, "default");
    assertThat(read(BY_MAC)).contains("no kernel kernels/default in " + store());
  }

  @Test
  void nothing_but_kernel_and_initrd_of_a_number_is_sent() throws IOException {
    add(1, "6.1.0", "", Optional.empty());
    write(store().resolve("secret"), "x");
    Files.createSymbolicLink(store().resolve("sealed/1/initrd.img"), Path.of("../../secret"));
    assertRefused("boot/kernel-1/initrd.img", Why.FORBIDDEN);
    for (String name : new String[] {"config", "kernel", "../../secret", "", "root/x"}) {
      assertThat(ask("boot/kernel-1/" + name)).as(name).isInstanceOf(Answer.Refused.class);
    }
    assertRefused("boot/kernel-2/vmlinuz", Why.NOT_FOUND);
    assertRefused("boot/kernel-01/vmlinuz", Why.NOT_FOUND);
  }

  @Test
  void a_kernel_has_its_own_initrd_or_none_and_a_name_of_the_store() {
    kernel = Optional.of("kernels/krg");
    initrd = Optional.of("initrd.img-6.1");
    assertThatThrownBy(this::entry).hasMessageContaining("leave out initrd");
    initrd = Optional.empty();
    for (String name : new String[] {"kernels/", "kernels/../x", "kernels/a/b", "kernels/0"}) {
      kernel = Optional.of(name);
      assertThatThrownBy(this::entry).as(name).hasMessageContaining("must be kernels/NAME");
    }
  }

  @Test
  void words_that_are_too_long_together_are_refused_when_they_meet() throws IOException {
    add(1, "6.1.0", "x".repeat(1900), Optional.empty());
    publish(1, "default");
    assertRefused(BY_MAC, Why.NOTHING_TO_BOOT);
    assertThat(read(BY_MAC)).contains("too long");
  }

  @Test
  void a_kernel_of_the_2_6_age_is_not_told_what_it_would_not_understand() throws IOException {
    BootEntry odd =
        new BootEntry(
            store(), root, "10.11.12.1:/r", 12049, 12050, kernel, initrd, "", Optional.empty());
    add(1, "2.6.30-krg3.0.0", "", Optional.empty());
    add(2, "6.1.0", "", Optional.empty());
    publish(1, "default");
    assertThat(odd.commandLine(KernelChoice.of(odd).orElseThrow())).doesNotContain("mountport");
    publish(2, "default");
    assertThat(odd.commandLine(KernelChoice.of(odd).orElseThrow())).contains("mountport=12050");
  }
}
