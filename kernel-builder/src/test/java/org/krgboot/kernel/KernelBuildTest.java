package org.krgboot.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.kernel.FakeTree.Told;
import org.krgboot.kernel.KernelBuild.Outcome;
import org.krgboot.kernel.KernelBuild.Part;
import org.krgboot.kernel.KernelBuild.Result;
import org.krgboot.kernels.KernelManifest;
import org.krgboot.steps.BuildFailedException;

/** Whole builds by recipe, of a kernel that is made in no time. */
class KernelBuildTest {
  @TempDir Path directory;
  private FakeTree tree;
  private Path output;
  private final Told told = new Told();

  @BeforeEach
  void tree() throws Exception {
    tree = FakeTree.make(directory);
    output = directory.resolve("kernel");
  }

  private KernelBuild build(String more) throws Exception {
    return tree.build(more, output);
  }

  private Result run(String more) throws Exception {
    return build(more).run(Part.ALL, 2, told);
  }

  @Test
  void a_recipe_makes_a_kernel_with_its_modules_and_a_manifest() throws Exception {
    Files.writeString(directory.resolve("first.patch"), FakeTree.PATCH);
    Result result =
        run(
            FakeTree.CONFIG
                + """
                [kernel]
                command-line = "nopti"
                [[patch]]
                file = "first.patch"
                [[edit]]
                file = "init/main.c"
                replace = "three"
                with = "THREE"
                """);
    assertThat(result.outcome()).isEqualTo(Outcome.BUILT);
    assertThat(result.release()).contains("6.1.0-fake");
    KernelManifest manifest = KernelManifest.read(output);
    manifest.verify(output);
    assertThat(manifest.release()).isEqualTo("6.1.0-fake");
    assertThat(manifest.commandLine()).contains("nopti");
    assertThat(manifest.compiler()).isEqualTo("gcc (Fake) 12.2.0");
    assertThat(manifest.builtAt()).isEqualTo(Instant.parse("2024-01-02T03:04:05Z"));
    assertThat(manifest.inputs().stream().map(KernelManifest.Input::name))
        .contains(tree.tar.toString(), directory.resolve("first.patch").toString());
    assertThat(output.resolve("config")).content().contains("CONFIG_E1000=y");
    assertThat(output.resolve("root/lib/modules/6.1.0-fake/kernel/dummy.ko"))
        .content()
        .contains("TWO\nTHREE");
    assertThat(output.resolve("root/lib/modules/6.1.0-fake/modules.dep")).exists();
    for (String link : List.of("build", "source")) {
      Path path = output.resolve("root/lib/modules/6.1.0-fake").resolve(link);
      assertThat(Files.exists(path, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }
    assertThat(directory.resolve("kernel.build")).doesNotExist();
    assertThat(result.log()).content().contains("CC      init/main.o");
  }

  @Test
  void the_same_again_does_nothing_and_says_so() throws Exception {
    run(FakeTree.CONFIG);
    List<String> before = FakeTree.everything(directory);
    assertThat(run(FakeTree.CONFIG).outcome()).isEqualTo(Outcome.LEFT_ALONE);
    assertThat(told.lines.getLast()).contains("is complete and as wanted; left alone");
    assertThat(FakeTree.everything(directory)).isEqualTo(before);
    Files.writeString(output.resolve("config"), "changed");
    assertThat(run(FakeTree.CONFIG).outcome()).isEqualTo(Outcome.BUILT);
    KernelManifest.read(output).verify(output);
  }

  @Test
  void what_a_run_has_left_that_was_killed_when_its_result_was_there_is_removed() throws Exception {
    run(FakeTree.CONFIG);
    FakeTree.sh(directory, "mkdir -p kernel.build/new; cp -r kernel/. kernel.build/new/");
    assertThat(run(FakeTree.CONFIG).outcome()).isEqualTo(Outcome.LEFT_ALONE);
    assertThat(directory.resolve("kernel.build")).doesNotExist();
    KernelManifest.read(output).verify(output);
  }

  @Test
  void what_an_input_file_has_in_it_decides_and_not_its_name() throws Exception {
    Path fragment = Files.writeString(directory.resolve("site.config"), "CONFIG_INET=y\n");
    String recipe = "[config]\nbase = \"defconfig\"\nfragments = [\"site.config\"]\n";
    run(recipe);
    Files.writeString(fragment, "# CONFIG_INET is not set\n");
    assertThat(run(recipe).outcome()).isEqualTo(Outcome.BUILT);
    assertThat(output.resolve("config")).content().contains("# CONFIG_INET is not set");
  }

  @Test
  void an_input_that_is_changed_while_it_is_built_is_not_taken_for_built() throws Exception {
    Path fragment = Files.writeString(directory.resolve("site.config"), "CONFIG_INET=y\n");
    String recipe =
        """
        [config]
        base = "defconfig"
        fragments = ["site.config"]
        [[component]]
        name = "hasty"
        make = ["echo '# CONFIG_INET is not set' > FRAGMENT"]
        """
            .replace("FRAGMENT", fragment.toString());
    run(recipe);
    assertThat(output.resolve("config")).content().contains("CONFIG_INET=y");
    assertThat(run(recipe).outcome()).isEqualTo(Outcome.BUILT);
    assertThat(output.resolve("config")).content().contains("# CONFIG_INET is not set");
    assertThat(run(recipe).outcome()).isEqualTo(Outcome.LEFT_ALONE);
  }

  @Test
  void two_builds_in_two_places_are_bit_identical() throws Exception {
    String recipe = FakeTree.CONFIG + "[kernel]\ndate = \"2020-02-02T02:02:02Z\"\n";
    Path other = directory.resolve("elsewhere/deeper/kernel");
    Files.createDirectories(other.getParent());
    run(recipe);
    tree.build(recipe, other).run(Part.ALL, 1, told);
    FakeTree.sh(directory, "diff -r --no-dereference kernel elsewhere/deeper/kernel");
    FakeTree.sh(
        directory,
        "for d in kernel elsewhere/deeper/kernel; do (cd $d/root; find . -printf '%P %m %T@ %l\\n' |"
            + " sort) > $d.list; done; diff kernel.list elsewhere/deeper/kernel.list");
    assertThat(output.resolve("vmlinuz")).content().contains("#1 Sun Feb  2 02:02:02 UTC 2020");
  }

  @Test
  void an_option_that_the_tree_drops_is_told_with_its_place_and_why() throws Exception {
    String recipe =
        """
        [config]
        base = "tinyconfig"
        yes = ["E1000", "NO_SUCH", "SELECTED"]
        presets = ["nfsroot"]
        nics = ["e1000"]
        """;
    assertThatThrownBy(() -> run(recipe))
        .isInstanceOf(BuildFailedException.class)
        .hasMessageContaining("CONFIG_E1000 was asked for as y (fake.toml [config] yes) and is n")
        .hasMessageContaining("it depends on PCI (Kconfig:")
        .hasMessageContaining("CONFIG_NO_SUCH was asked for")
        .hasMessageContaining("there is no such option in this tree")
        .hasMessageContaining("CONFIG_IP_PNP must be y and is n: the kernel sets its own address")
        .hasMessageContaining("CONFIG_ROOT_NFS=y");
    assertThat(output).doesNotExist();
    told.lines.clear();
    assertThat(run(FakeTree.CONFIG).outcome()).isEqualTo(Outcome.BUILT);
    assertThat(told.lines).noneMatch(line -> line.contains("unpack /")); // that was kept
  }

  @Test
  void patches_that_do_not_apply_are_all_told_and_nothing_was_touched() throws Exception {
    Files.writeString(directory.resolve("good.patch"), FakeTree.PATCH);
    Files.writeString(
        directory.resolve("bad.patch"),
        FakeTree.PATCH.replace("-two", "-zwei").replace("+TWO", "+ZWEI"));
    Files.writeString(
        directory.resolve("gone.patch"), FakeTree.PATCH.replace("init/main.c", "init/gone.c"));
    Files.writeString(directory.resolve("series"), "good.patch\n# no\nbad.patch -p1\ngone.patch\n");
    String recipe =
        FakeTree.CONFIG
            + """
            [[patch]]
            series = "series"
            [[edit]]
            file = "init/main.c"
            replace = "eight"
            with = "8"
            [[edit]]
            file = "init/main.c"
            pattern = "^s.*$"
            with = "s"
            times = 3
            """;
    assertThatThrownBy(() -> run(recipe))
        .isInstanceOf(BuildFailedException.class)
        .hasMessageContaining("no file was changed")
        .hasMessageContaining("bad.patch:\n      init/main.c: Hunk #1 FAILED at 1")
        .hasMessageContaining("gone.patch:\n      can't find file to patch")
        .hasMessageContaining("init/main.c does not have what is to be replaced")
        .hasMessageContaining("has what is to be replaced 2 times, and not 3");
    assertThat(directory.resolve("kernel.build/src/linux/init/main.c")).content().contains("two");
    assertThat(output).doesNotExist();
  }

  @Test
  void the_first_error_of_the_compiler_is_shown() throws Exception {
    String recipe =
        FakeTree.CONFIG
            + """
            [[edit]]
            file = "init/main.c"
            replace = "five"
            with = "#error no such thing"
            """;
    assertThatThrownBy(() -> run(recipe))
        .isInstanceOf(BuildFailedException.class)
        .hasMessageContaining("building the kernel failed. The first error is:")
        .hasMessageContaining("init/main.c: In function 'start':")
        .hasMessageContaining("init/main.c:5:2: error: #error no such thing")
        .hasMessageContaining("kernel.build.log");
    assertThat(run(FakeTree.CONFIG).outcome()).isEqualTo(Outcome.BUILT);
  }

  @Test
  void a_wrong_checksum_and_a_missing_file_are_told_before_anything_is_made() throws Exception {
    String sum = "0".repeat(64);
    Path recipe = tree.recipe(FakeTree.CONFIG);
    Files.writeString(
        recipe, Files.readString(recipe).replace("tar = ", "sha256 = \"" + sum + "\"\ntar = "));
    KernelRecipe wrong = KernelRecipeReader.read(recipe);
    assertThatThrownBy(() ->
            KernelBuild.of(wrong, output, tree.machine(), Optional.empty()).run(Part.ALL, 1, told))
        .hasMessageContaining("linux-6.1.tar.gz is not what the recipe names: its SHA-256 is")
        .hasMessageContaining("not " + sum);
    assertThat(directory.resolve("kernel.build")).doesNotExist();
    KernelRecipe right = KernelRecipeReader.read(tree.recipe(FakeTree.CONFIG));
    Files.delete(tree.tar);
    assertThatThrownBy(() ->
            KernelBuild.of(right, output, tree.machine(), Optional.empty()).run(Part.ALL, 1, told))
        .hasMessageContaining("the source 'linux' is not there")
        .hasMessageContaining("linux-6.1.tar.gz");
    assertThatThrownBy(() -> KernelRecipeReader.read(tree.recipe(FakeTree.CONFIG)))
        .hasMessageContaining("fake.toml:2: tar:")
        .hasMessageContaining("linux-6.1.tar.gz cannot be read");
  }

  @Test
  void without_a_network_a_url_is_one_clear_error() throws Exception {
    Path recipe = tree.recipe(FakeTree.CONFIG);
    String sum = "1".repeat(64);
    Files.writeString(
        recipe,
        Files.readString(recipe)
            .replace(
                "tar = \"linux-6.1.tar.gz\"",
                "url = \"http://127.0.0.1:9/linux-6.1.tar.gz\"\nsha256 = \"" + sum + "\""));
    KernelRecipe read = KernelRecipeReader.read(recipe);
    assertThatThrownBy(() ->
            KernelBuild.of(read, output, tree.machine(), Optional.empty()).run(Part.ALL, 1, told))
        .isInstanceOf(BuildFailedException.class)
        .hasMessageContaining("http://127.0.0.1:9/linux-6.1.tar.gz cannot be had")
        .hasMessageContaining("name it with tar =");
  }

  @Test
  void what_is_there_and_is_no_kernel_is_not_replaced() throws Exception {
    Files.createDirectory(output);
    Files.writeString(output.resolve("precious"), "x");
    assertThatThrownBy(() -> run(FakeTree.CONFIG))
        .hasMessageContaining("is no result of a kernel's build")
        .hasMessageContaining("--output");
    assertThat(output.resolve("precious")).exists();
  }

  @Test
  void all_that_is_missing_is_told_at_once() throws Exception {
    for (String tool : List.of("flex", "bison")) {
      Files.delete(tree.tools.resolve(tool));
    }
    KernelRecipe recipe = KernelRecipeReader.read(tree.recipe(FakeTree.CONFIG));
    org.krgboot.steps.Machine bare =
        new org.krgboot.steps.Machine(tree.tools.toString(), Path.of("/proc"));
    assertThatThrownBy(
            () -> KernelBuild.of(recipe, output, bare, Optional.empty()).run(Part.ALL, 1, told))
        .hasMessageContaining("apt-get install ")
        .hasMessageContaining("flex")
        .hasMessageContaining("bison")
        .hasMessageContaining("util-linux (for unshare)");
    assertThat(FakeTree.everything(directory)).noneMatch(name -> name.startsWith("kernel"));
  }
}
