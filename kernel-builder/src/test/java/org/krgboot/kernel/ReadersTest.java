package org.krgboot.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.kernel.KernelRecipe.Change.Edit;
import org.krgboot.kernel.KernelRecipe.Way;

/** What is read from kernels' trees, patches and compilers. */
class ReadersTest {
  @TempDir Path directory;

  @Test
  void the_last_request_for_an_option_holds_and_the_base_keeps_no_second_line() {
    Config base = Config.parse(List.of("CONFIG_A=m", "# CONFIG_B is not set", "CONFIG_C=\"x y\""));
    Config merged =
        base.with(
            Config.fragment(List.of("CONFIG_A=y", "CONFIG_B=y", "# CONFIG_B is not set"), "f"));
    assertThat(merged.text()).isEqualTo("CONFIG_C=\"x y\"\nCONFIG_A=y\n# CONFIG_B is not set\n");
    assertThatThrownBy(() -> Config.fragment(List.of("", "CONFIG_A=yes"), "site.config"))
        .hasMessageContaining("site.config:2: 'CONFIG_A=yes' is no option");
  }

  @Test
  void demands_are_met_by_any_of_their_options() {
    Config config = Config.parse(List.of("CONFIG_RD_XZ=y", "CONFIG_TIPC=m"));
    assertThat(
            Preset.NFSROOT_INITRD.demands(KernelVersion.parse("6.1")).stream()
                .filter(demand -> demand.anyOf().contains("RD_XZ"))
                .allMatch(demand -> demand.isMetBy(config)))
        .isTrue();
    assertThat(Preset.NFSROOT_INITRD.demands(KernelVersion.parse("2.6.20")))
        .noneMatch(demand -> demand.anyOf().contains("RD_GZIP"));
    assertThat(
            Preset.KERRIGHED.demands(KernelVersion.parse("2.6.30")).stream()
                .filter(demand -> !demand.isMetBy(config))
                .map(Demand::wanted))
        .contains("CONFIG_PREEMPT_NONE=y", "CONFIG_CONFIGFS_FS=y")
        .doesNotContain("# CONFIG_KEYS is not set", "CONFIG_TIPC=y");
    assertThat(NetworkCard.parse("virtio_net").demands(List.of(Preset.NFSROOT)))
        .extracting(Demand::wanted)
        .containsExactly("CONFIG_VIRTIO_NET=y", "CONFIG_VIRTIO_PCI=y");
  }

  @Test
  void versions_are_read_from_names_and_makefiles() {
    assertThat(KernelVersion.inName("linux-2.6.30.tar.bz2").orElseThrow()).hasToString("2.6.30");
    assertThat(KernelVersion.inName("linux-source-6.1.tar.xz").orElseThrow()).hasToString("6.1");
    assertThat(KernelVersion.inName("kerrighed-3.0.0.tar.gz")).isEmpty();
    KernelVersion tree =
        KernelVersion.inMakefile(
                List.of("# x", "VERSION = 6", "PATCHLEVEL = 1", "SUBLEVEL = 170", "EXTRAVERSION ="))
            .orElseThrow();
    assertThat(KernelVersion.parse("6.1").means(tree)).isTrue();
    assertThat(KernelVersion.parse("6.1.169").means(tree)).isFalse();
    assertThat(KernelVersion.parse("2.6.30").isBefore("3.0")).isTrue();
    assertThat(KernelVersion.parse("6.10").isBefore("6.9")).isFalse();
  }

  @Test
  void a_compiler_that_is_too_old_or_much_newer_is_told() {
    assertThat(KernelAge.tooOld(KernelVersion.parse("6.1"), 4, 9).orElseThrow())
        .contains("Linux 6.1 needs gcc 5.1 or newer");
    assertThat(KernelAge.tooOld(KernelVersion.parse("6.1"), 12, 2)).isEmpty();
    assertThat(KernelAge.warning(KernelVersion.parse("3.10"), 12)).isPresent();
    assertThat(KernelAge.warning(KernelVersion.parse("2.6.30"), 12)).isEmpty();
    assertThat(KernelAge.flags(KernelVersion.parse("2.6.20")))
        .extracting(KernelAge.Flag::word)
        .contains("-fno-pie", "-mno-sse");
  }

  @Test
  void a_patch_tells_the_files_that_it_changes() {
    PatchFile patch =
        new PatchFile(
            List.of(
                "diff --git a/x/y.c b/x/y.c",
                "--- a/x/y.c\t2009-01-01 00:00:00.000000000 +0100",
                "+++ b/x/y.c 2009-01-01 00:00:00",
                "--- /dev/null",
                "+++ b/new.c",
                "--- a/../../etc/passwd",
                "rename from old name.c"));
    assertThat(patch.files(1))
        .containsExactly(Path.of("x/y.c"), Path.of("new.c"), Path.of("old name.c"));
  }

  @Test
  void an_edit_leaves_every_other_octet_as_it_was() throws Exception {
    byte[] before = {'a', (byte) 0xe9, '\n', 'b', '1', '\r', '\n', 'b', '2'};
    Path file = Files.write(directory.resolve("f"), before);
    Way way = new Way.Pattern("^b([0-9])", "c$1", Optional.of(2));
    assertThat(Editing.apply(directory, new Edit("t", "f", way, "x"))).isEmpty();
    byte[] after = {'a', (byte) 0xe9, '\n', 'c', '1', '\r', '\n', 'c', '2'};
    assertThat(Files.readAllBytes(file)).isEqualTo(after);
    Way bad = new Way.Pattern("c", "$7", Optional.empty());
    assertThat(Editing.apply(directory, new Edit("t", "f", bad, "x")).orElseThrow())
        .contains("has no sense");
    Way copy = new Way.CopyOf("f");
    assertThat(Editing.apply(directory, new Edit("t", "sub/g", copy, "x"))).isEmpty();
    assertThat(Editing.apply(directory, new Edit("t", "sub/g", copy, "x")))
        .contains("is there already");
    assertThat(directory.resolve("sub/g")).hasBinaryContent(after);
  }

  @Test
  void progress_is_told_against_the_last_build() {
    BuildWatch watch = new BuildWatch(Optional.of(40));
    long second = Duration.ofSeconds(1).toNanos();
    assertThat(watch.line("  CC      init/main.o", 0)).isEmpty();
    for (int i = 2; i <= 10; i++) {
      watch.line("  CC [M]  drivers/x" + i + ".o", i * second / 2);
    }
    assertThat(watch.line("make[1]: Nothing to be done", 20 * second))
        .contains("10 of about 40 files, 25 %; about 60 s left");
    assertThat(new BuildWatch(Optional.empty()).firstError()).isEmpty();
  }

  @Test
  void the_first_error_is_kept_with_its_function_and_its_line() {
    BuildWatch watch = new BuildWatch(Optional.empty());
    for (String line :
        List.of(
            "  CC      a.o",
            "a.c: In function 'f':",
            "a.c:3:7: error: expected ';'",
            "    3 |   x y",
            "      |     ^",
            "make[1]: *** [Makefile:1: a.o] Error 1",
            "b.c:1:1: error: another")) {
      watch.line(line, 0);
    }
    assertThat(watch.firstError())
        .containsExactly(
            "a.c: In function 'f':",
            "a.c:3:7: error: expected ';'",
            "    3 |   x y",
            "      |     ^");
  }
}
