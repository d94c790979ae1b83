package org.krgboot.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.kernels.KernelGarbage.Need;
import org.krgboot.model.KernelVersion;
import org.krgboot.model.StoredKernel;

class KernelStoreTest {
  @TempDir Path here;
  private Path stored;
  private int results;

  @BeforeEach
  void place() {
    stored = here.resolve("kernels");
  }

  private Path result() throws IOException {
    results++;
    return FakeKernel.result(here.resolve("out" + results), FakeKernel.RELEASE, "body " + results);
  }

  /** So many, each other than the one before. */
  private KernelStore with(int number) throws IOException {
    KernelStore store = KernelStore.open(stored);
    for (int i = 0; i < number; i++) {
      assertThat(store.add(result()).version().number()).isEqualTo(i + 1);
    }
    return store;
  }

  private void refused(Path result, String because) throws IOException {
    try (KernelStore store = KernelStore.open(stored)) {
      assertThatThrownBy(() -> store.add(result))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(because);
      assertThat(store.numbers()).isEmpty();
      assertThat(stored.resolve("building")).isEmptyDirectory();
    }
  }

  @Test
  void what_a_build_left_is_kept_whole_under_a_number() throws IOException {
    Path result = result();
    Path module = result.resolve("root/lib/modules/" + FakeKernel.RELEASE + "/kernel/a.ko");
    Files.createDirectories(module.getParent());
    Files.writeString(module, "module");
    Files.createSymbolicLink(result.resolve("root/lib/link"), Path.of("modules"));
    Files.writeString(result.resolve("build.log"), "no output");
    try (KernelStore store = KernelStore.open(stored)) {
      StoredKernel kernel = store.add(result);
      Path kept = kernel.version().path();
      assertThat(kept).isEqualTo(stored.toRealPath().resolve("sealed/1"));
      assertThat(kernel.release()).isEqualTo(FakeKernel.RELEASE);
      assertThat(kernel.initrd()).isEmpty();
      assertThat(store.kernel(1)).isEqualTo(kernel);
      assertThat(store.manifest(1)).isEqualTo(KernelManifest.read(result));
      assertThat(kept.resolve("root/lib/modules/" + FakeKernel.RELEASE + "/kernel/a.ko"))
          .hasContent("module");
      assertThat(kept.resolve("root/lib/link")).isSymbolicLink();
      assertThat(kept.resolve("build.log")).doesNotExist();
    }
  }

  @Test
  void wrong_hashes_and_files_that_no_loader_starts_are_refused() throws IOException {
    Path changed = result();
    Files.writeString(changed.resolve("config"), "CONFIG_ROOT_NFS=n\n");
    refused(changed, "config has");
    Path elf = result();
    Files.write(elf.resolve("vmlinuz"), new byte[5000]);
    FakeKernel.describe(elf, FakeKernel.RELEASE);
    refused(elf, "no \"HdrS\"");
    Path other = result();
    FakeKernel.describe(other, "6.6.6");
    refused(other, "calls itself " + FakeKernel.RELEASE);
    Path none = Files.createDirectory(here.resolve("none"));
    refused(none, "not the result of a kernel build");
  }

  @Test
  void modules_and_an_initrd_of_another_release_are_refused() throws IOException {
    Path modules = result();
    Files.createDirectories(modules.resolve("root/lib/modules/5.10.0"));
    refused(modules, "are of 5.10.0, and the kernel is " + FakeKernel.RELEASE);
    Path initrd = result();
    Files.write(
        initrd.resolve("initrd.img"), FakeKernel.initrd("lib/modules/5.10.0/kernel/nfs.ko"));
    FakeKernel.describe(initrd, FakeKernel.RELEASE);
    refused(initrd, "modules in the initrd are of 5.10.0");
    Path damaged = result();
    Files.writeString(damaged.resolve("initrd.img"), "no archive");
    FakeKernel.describe(damaged, FakeKernel.RELEASE);
    refused(damaged, "cannot be looked into");
  }

  @Test
  void an_initrd_of_the_same_release_is_kept_and_named() throws IOException {
    Path result = result();
    Files.write(
        result.resolve("initrd.img"),
        FakeKernel.initrd("usr/lib/modules/" + FakeKernel.RELEASE + "/kernel/nfs.ko"));
    FakeKernel.describe(result, FakeKernel.RELEASE);
    try (KernelStore store = KernelStore.open(stored)) {
      assertThat(store.add(result).initrd()).contains("initrd.img");
    }
  }

  @Test
  void files_that_nobody_has_vouched_for_and_links_are_refused() throws IOException {
    Path smuggled = result();
    Files.write(smuggled.resolve("initrd.img"), FakeKernel.initrd("init"));
    refused(smuggled, "not in the manifest");
    Path linked = result();
    Files.move(linked.resolve("vmlinuz"), here.resolve("elsewhere"));
    Files.createSymbolicLink(linked.resolve("vmlinuz"), here.resolve("elsewhere"));
    refused(linked, "vmlinuz is missing, or no regular file");
    Path rooted = result();
    Files.createSymbolicLink(rooted.resolve("root"), Path.of("/etc"));
    refused(rooted, "root is no directory");
    Path away = result();
    String text = Files.readString(away.resolve("manifest.json"));
    Files.writeString(
        away.resolve("manifest.json"), text.replace("\"config\"", "\"../../etc/passwd\""));
    refused(away, "within the directory");
  }

  @Test
  void what_is_published_is_switched_in_one_step_and_back() throws IOException {
    try (KernelStore store = with(3)) {
      assertThat(store.published("default")).isEmpty();
      assertThatThrownBy(() -> store.rollback("default"))
          .hasMessageContaining("no kernel was published as default before");
      store.publish(1, "default");
      store.publish(2, "default");
      store.publish(3, "krg");
      assertThat(store.published("default").orElseThrow().number()).isEqualTo(2);
      assertThat(store.namesOf(3)).containsExactly("krg");
      assertThat(store.rollback("default").version().number()).isEqualTo(1);
      assertThat(store.published("default").orElseThrow().number()).isEqualTo(1);
      assertThat(store.unpublish("default")).isTrue();
      assertThat(store.unpublish("default")).isFalse();
      assertThat(store.published("default")).isEmpty();
    }
  }

  @Test
  void the_same_result_again_has_the_number_that_it_has() throws IOException {
    try (KernelStore store = with(1)) {
      Path result = result();
      StoredKernel second = store.add(result);
      assertThat(store.add(result)).isEqualTo(second);
      store.publish(1, "default");
      store.publish(2, "default");
      store.publish(store.add(result).version().number(), "default");
      assertThat(store.numbers()).containsExactly(1, 2);
      assertThat(store.rollback("default").version().number()).isEqualTo(1);
      Path config = second.version().path().resolve("config");
      Files.delete(config);
      Files.writeString(config, "CONFIG_CHANGED=y\n");
      assertThat(store.add(result).version().number()).as("that one is damaged").isEqualTo(3);
      Files.writeString(result.resolve("config"), "CONFIG_CHANGED=y\n");
      assertThatThrownBy(() -> store.add(result)).hasMessageContaining("config has");
    }
  }

  @Test
  void a_name_that_is_none_is_refused_and_so_is_a_number_that_is_not_there() throws IOException {
    try (KernelStore store = with(1)) {
      for (String name : List.of("../up", "7", "", "Krg", "a/b", ".", "a".repeat(33))) {
        assertThatThrownBy(() -> store.publish(1, name)).hasMessageContaining("is no name");
        assertThatThrownBy(() -> store.rollback(name)).hasMessageContaining("is no name");
        assertThatThrownBy(() -> store.unpublish(name)).hasMessageContaining("is no name");
      }
      assertThatThrownBy(() -> store.publish(2, "krg")).hasMessageContaining("no kernel 2");
      assertThatThrownBy(() -> store.pin(0)).hasMessageContaining("no kernel 0");
      Files.createDirectory(stored.resolve("published/krg"));
      assertThatThrownBy(() -> store.publish(1, "krg")).hasMessageContaining("no link of ours");
    }
  }

  @Test
  void a_kernel_that_was_changed_in_the_store_is_not_published() throws IOException {
    try (KernelStore store = with(2)) {
      store.publish(1, "default");
      Path file = store.kernel(2).version().path().resolve("vmlinuz");
      Files.delete(file);
      Files.write(file, FakeKernel.image(FakeKernel.RELEASE, "bad"));
      assertThatThrownBy(() -> store.publish(2, "default")).hasMessageContaining("vmlinuz has");
      assertThat(store.published("default").orElseThrow().number()).isEqualTo(1);
    }
  }

  @Test
  void two_at_once_are_refused_and_looking_needs_no_lock() throws IOException {
    try (KernelStore _ = with(1)) {
      assertThatThrownBy(() -> KernelStore.open(stored))
          .hasMessageContaining("another krgboot is changing the kernels");
      assertThat(KernelStore.look(stored).numbers()).containsExactly(1);
    }
    assertThat(KernelStore.look(here.resolve("nowhere")).numbers()).isEmpty();
  }

  @Test
  void what_somebody_needs_or_may_be_loading_is_kept() throws IOException {
    Instant later = Instant.now().plus(KernelGarbage.LOADING).plusSeconds(60);
    try (KernelStore store = with(9)) {
      for (int number : new int[] {1, 2, 3}) {
        store.publish(number, "default");
      }
      store.pin(4);
      List<Need> needs = List.of(new Need(5, "used by krgnode101"), new Need(5, "and by others"));
      assertThat(KernelGarbage.kept(store, needs, 1, later))
          .containsEntry(9, "one of the newest 1")
          .containsEntry(5, "used by krgnode101; and by others")
          .containsEntry(4, "pinned")
          .containsEntry(3, "published as default")
          .containsEntry(2, "the one before at default")
          .hasSize(5);
      assertThat(KernelGarbage.kept(store, needs, 1, Instant.now()))
          .containsEntry(1, "published until a moment ago: a node may be loading it");
      var kept = KernelGarbage.kept(store, needs, 1, later).keySet();
      assertThat(KernelGarbage.remove(store, kept)).containsExactly(1, 6, 7, 8);
      assertThat(store.numbers()).containsExactly(2, 3, 4, 5, 9);
      assertThat(store.rollback("default").version().number()).isEqualTo(2);
      store.unpin(4);
      assertThat(KernelGarbage.remove(store, java.util.Set.of(2, 5))).containsExactly(3, 4, 9);
      assertThat(store.add(result()).version().number()).as("never a second time").isEqualTo(10);
    }
  }

  @Test
  void a_configuration_means_a_name_or_a_number() throws IOException {
    try (KernelStore store = with(2)) {
      store.publish(2, "krg");
    }
    assertThat(KernelVersion.meant(stored, "kernels/krg").orElseThrow().number()).isEqualTo(2);
    assertThat(KernelVersion.meant(stored, "kernels/1").orElseThrow().number()).isEqualTo(1);
    for (String none : List.of("kernels/3", "kernels/other", "kernels/", "kernels/../krg")) {
      assertThat(KernelVersion.meant(stored, none)).as(none).isEqualTo(Optional.empty());
    }
  }
}
