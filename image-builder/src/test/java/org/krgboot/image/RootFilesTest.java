package org.krgboot.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.krgboot.image.RootFiles.Entry;
import org.krgboot.image.RootRecipe.Size;

class RootFilesTest {
  private static final RootRecipe STANDARD = RootRecipeTest.recipe(Path.of("/r"), List.of());

  private static String content(List<Entry> entries, String path) {
    return entries.stream()
        .filter(e -> e instanceof Entry.File && e.path().equals(path))
        .map(e -> ((Entry.File) e).content())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void hosts_has_every_node_once_lowest_address_first() {
    assertThat(RootFiles.hosts(STANDARD.hosts()))
        .isEqualTo(
            "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"
                + "10.11.12.101\tkrgnode101\n10.11.12.102\tkrgnode102\n");
  }

  @Test
  void fstab_mounts_only_what_belongs_to_the_node_and_no_swap_that_may_be_missing() {
    List<String> lines =
        content(RootFiles.of(STANDARD).late(), "etc/fstab")
            .lines()
            .filter(line -> !line.startsWith("#"))
            .toList();
    assertThat(lines).containsExactly("tmpfs  /tmp  tmpfs  mode=1777,nosuid,nodev  0 0");
  }

  @Test
  void a_standard_initrd_has_all_network_drivers_and_a_small_one_virtios() {
    assertThat(RootFiles.initramfsConf(Size.STANDARD)).contains("MODULES=netboot\nBOOT=nfs\n");
    RootRecipe small =
        new RootRecipe(
            Path.of("/r"),
            "bookworm",
            Optional.empty(),
            List.of(),
            Size.SMALL,
            Map.of(),
            RootRecipeTest.NOBODY);
    assertThat(content(RootFiles.of(small).early(), "etc/initramfs-tools/modules"))
        .contains("virtio_net\n", "nfsv3\n");
  }

  @Test
  void nothing_that_is_one_nodes_own_stands_in_the_shared_root() {
    List<Entry> late = RootFiles.of(STANDARD).late();
    assertThat(late)
        .contains(
            new Entry.Absent("etc/hostname"),
            new Entry.Link("etc/machine-id", "../run/machine-id"),
            new Entry.Link("etc/resolv.conf", "../run/krgboot/resolv.conf"),
            new Entry.Link("etc/systemd/system/apt-daily.timer", "/dev/null"));
    assertThat(content(late, "etc/systemd/journald.conf.d/krgboot.conf"))
        .contains("Storage=volatile");
  }

  @Test
  void paths_stay_inside_the_root() {
    RootFiles files = RootFiles.of(STANDARD);
    assertThat(files.early()).allMatch(e -> !e.path().startsWith("/") && !e.path().contains(".."));
    assertThat(files.late()).allMatch(e -> !e.path().startsWith("/") && !e.path().contains(".."));
  }
}
