package org.krgboot.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.krgboot.image.RootFiles.Entry;
import org.krgboot.image.RootRecipe.Size;
import org.krgboot.steps.Step;

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
        content(edits(), "etc/fstab").lines().filter(line -> !line.startsWith("#")).toList();
    assertThat(lines).containsExactly("tmpfs  /tmp  tmpfs  mode=1777,nosuid,nodev  0 0");
  }

  @Test
  void a_standard_initrd_has_all_network_drivers_and_a_small_one_virtios() {
    assertThat(RootFiles.initramfsConf(Optional.of(Size.STANDARD)))
        .contains("MODULES=netboot\nBOOT=nfs\n");
    assertThat(content(RootFiles.initramfs(Optional.of(Size.SMALL)), "etc/initramfs-tools/modules"))
        .contains("virtio_net\n", "nfsv3\n");
  }

  @Test
  void nothing_that_is_one_nodes_own_stands_in_the_shared_root() {
    List<Entry> late = edits();
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
    List<Entry> all = new ArrayList<>(edits());
    all.addAll(RootFiles.initramfs(Optional.of(Size.STANDARD)));
    assertThat(all).allMatch(e -> !e.path().startsWith("/") && !e.path().contains(".."));
  }

  @Test
  void each_of_the_how_tos_edits_is_a_step_of_its_own_that_can_be_repeated() {
    assertThat(RootFiles.edits(Recipe.of(STANDARD)))
        .allMatch(step -> step.repeat() == Step.Repeat.AGAIN)
        .extracting(Step::name)
        .containsExactly(
            "style",
            "fstab",
            "mtab",
            "hosts",
            "hostname",
            "resolv.conf",
            "locale",
            "machine-id",
            "host-keys",
            "units");
  }

  private static List<Entry> edits() {
    List<Entry> entries = new ArrayList<>();
    for (Step<RootAction> step : RootFiles.edits(Recipe.of(STANDARD))) {
      step.actions().forEach(action -> entries.addAll(entries(action)));
    }
    return entries;
  }

  private static List<Entry> entries(RootAction action) {
    return action instanceof RootAction.Where(_, List<RootAction> actions)
        ? entries(actions.getFirst())
        : ((RootAction.Write) action).entries();
  }
}
