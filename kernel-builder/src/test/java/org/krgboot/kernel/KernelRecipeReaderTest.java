package org.krgboot.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.kernel.KernelRecipe.Base;
import org.krgboot.kernel.KernelRecipe.Change;
import org.krgboot.kernel.KernelRecipe.Origin;
import org.krgboot.kernel.KernelRecipe.Way;
import org.krgboot.kernel.KernelRecipe.When;
import org.krgboot.steps.RecipeException;

class KernelRecipeReaderTest {
  private static final String SUM = "a".repeat(64);
  private static final String EVERYTHING =
      """
      [kernel]
      tree = "kerrighed/linux"
      version = "2.6.30"
      arch = "x86"
      targets = ["bzImage"]
      image = "arch/x86/boot/bzImage"
      date = "2010-06-14T00:00:00Z"
      command-line = "session_id=1"

      [[source]]
      name = "kerrighed"
      tar = "k.tar.gz"
      sha256 = "SUM"
      strip = 2

      [[source]]
      name = "tools"
      git = "https://example.org/tools.git"
      commit = "0123456789012345678901234567890123456789"

      [[source]]
      name = "more"
      directory = "more"

      [[source]]
      name = "far"
      url = "https://example.org/linux-2.6.30.tar.bz2"
      sha256 = "SUM"

      [[patch]]
      series = "patches/series"
      [[patch]]
      tree = "tools"
      files = ["one.patch"]
      strip = 0

      [[edit]]
      file = "Makefile"
      pattern = "^config %config:"
      with = "%config:"
      times = 1
      [[edit]]
      files = ["a", "b"]
      append = "x"
      [[edit]]
      file = "c"
      copy-of = "a"

      [config]
      base-in-tree = "arch/x86/configs/x86_64_defconfig"
      fragments = ["site.config"]
      lines = "CONFIG_A=y"
      yes = ["B", "CONFIG_C"]
      module = ["D"]
      no = ["E"]
      set = ["F=\\"text\\"", "G=12"]
      presets = ["nfsroot", "kerrighed"]
      nics = ["e1000", "tg3"]

      [compiler]
      cc = "gcc-12"
      host-cc = "gcc"
      flags = ["-fno-pie"]
      host-flags = ["-w"]
      by-age = false
      make-arguments = ["HOSTCFLAGS=-O2 -w"]
      environment = ["PERL5OPT=-w", "EMPTY="]
      wrapper = "wrap"

      [[component]]
      name = "kerrighed"
      in = "kerrighed"
      when = "before-configure"
      configure = ["./configure"]
      make = ["make"]
      install = ["make install"]

      [[file]]
      path = "/etc/default/kerrighed-host"
      content = "ENABLE=true"
      mode = "0600"

      [kerrighed]
      session = 1
      nbmin = 2
      nodes = ["krgnode101:101:eth0", "krgnode102:102"]
      defaults = ["ENABLE=true"]
      """;

  private static final String WRONG =
      """
      [kernal]
      [kernel]
      version = "new"
      targts = ["bzImage"]
      tree = "../out"
      [[source]]
      tar = "gone.tar"
      git = "x"
      [[source]]
      url = "https://example.org/x"
      [[source]]
      git = "."
      commit = "main"
      [[patch]]
      [[edit]]
      file = "a"
      replace = "x"
      [[edit]]
      file = "a"
      pattern = "("
      with = ""
      [config]
      base = "my.config.file"
      lines = "CONFIG_A = y"
      set = ["B=maybe"]
      presets = ["nfs"]
      nics = ["eth0"]
      [compiler]
      environment = ["no"]
      [kerrighed]
      session = 0
      nodes = ["host:300"]
      [[file]]
      path = "/etc/x"
      mode = "4755"
      content = ""
      [[component]]
      make = ["make"]
      """;

  @TempDir Path directory;

  private KernelRecipe read(String toml) throws Exception {
    return KernelRecipeReader.read(
        Files.writeString(directory.resolve("site.toml"), toml.replace("SUM", SUM)));
  }

  private void files() throws Exception {
    Files.createDirectories(directory.resolve("patches"));
    Files.createDirectories(directory.resolve("more"));
    Files.writeString(directory.resolve("patches/series"), "# all\na.patch\n\nsub.patch -p0 # x\n");
    for (String name :
        List.of("k.tar.gz", "patches/a.patch", "patches/sub.patch", "one.patch", "wrap")) {
      Files.writeString(directory.resolve(name), "x");
    }
    Files.writeString(
        directory.resolve("site.config"), "# mine\nCONFIG_H=y\n# CONFIG_I is not set\n");
  }

  @Test
  void a_recipe_can_say_all_of_this() throws Exception {
    files();
    KernelRecipe recipe = read(EVERYTHING);
    assertThat(recipe.name()).isEqualTo("site");
    assertThat(recipe.kernel().version()).hasToString("2.6.30");
    assertThat(recipe.sources().stream().map(KernelRecipe.Source::name))
        .containsExactly("kerrighed", "tools", "more", "far");
    assertThat(recipe.sources().getFirst().origin())
        .isEqualTo(
            new Origin.Tar(directory.resolve("k.tar.gz"), Optional.empty(), Optional.of(SUM), 2));
    assertThat(((Origin.Git) recipe.sources().get(1).origin()).mirror()).isPresent();
    assertThat(((Origin.Tar) recipe.sources().get(3).origin()).file()).endsWithRaw(Path.of(SUM));
    assertThat(recipe.changes())
        .startsWith(
            new Change.Patch("kerrighed/linux", directory.resolve("patches/a.patch"), 1),
            new Change.Patch("kerrighed/linux", directory.resolve("patches/sub.patch"), 0),
            new Change.Patch("tools", directory.resolve("one.patch"), 0),
            new Change.Edit(
                "kerrighed/linux",
                "Makefile",
                new Way.Pattern("^config %config:", "%config:", Optional.of(1)),
                "site.toml:37"));
    assertThat(recipe.changes()).hasSize(7);
    assertThat(recipe.config().base())
        .isEqualTo(new Base.InTree("arch/x86/configs/x86_64_defconfig"));
    assertThat(recipe.config().requests().stream().map(each -> each.option().line()))
        .containsExactly(
            "CONFIG_H=y",
            "# CONFIG_I is not set",
            "CONFIG_A=y",
            "CONFIG_B=y",
            "CONFIG_C=y",
            "CONFIG_D=m",
            "# CONFIG_E is not set",
            "CONFIG_F=\"text\"",
            "CONFIG_G=12");
    assertThat(recipe.config().requests().getFirst().from()).isEqualTo("site.config:2");
    assertThat(recipe.compiler().environment()).containsEntry("EMPTY", "");
    assertThat(recipe.components().getFirst().when()).isEqualTo(When.BEFORE_CONFIGURE);
    assertThat(recipe.files().getFirst().permissions()).isEqualTo("rw-------");
    assertThat(recipe.kerrighed().orElseThrow().nodes())
        .containsExactly("session=1", "nbmin=2", "krgnode101:101:eth0", "krgnode102:102");
  }

  @Test
  void the_shortest_recipe_is_a_source() throws Exception {
    Files.writeString(directory.resolve("linux-source-6.1.tar.xz"), "x");
    KernelRecipe recipe = read("[[source]]\ntar = \"linux-source-6.1.tar.xz\"\n");
    assertThat(recipe.kernel().tree()).isEqualTo("linux");
    assertThat(recipe.kernel().version()).hasToString("6.1");
    assertThat(recipe.config().base()).isEqualTo(new Base.Target("defconfig"));
    assertThat(recipe.kernel().targets()).containsExactly("bzImage", "modules");
  }

  @Test
  void every_mistake_is_told_at_once_with_its_line() {
    assertThatThrownBy(() -> read(WRONG))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("site.toml:1: unknown table 'kernal'. Did you mean [kernel]?")
        .hasMessageContaining("site.toml:3: version: 'new' is no version of a kernel")
        .hasMessageContaining(
            "site.toml:4: unknown key 'targts' of [kernel]. Did you mean 'targets'?")
        .hasMessageContaining("site.toml:5: tree: '../out' leads out of the tree")
        .hasMessageContaining("site.toml:6: [[source]] has one of tar (or url), git and directory")
        .hasMessageContaining("site.toml:10: a source with a url needs its sha256 too")
        .hasMessageContaining("site.toml:13: commit: 'main' is no commit")
        .hasMessageContaining("site.toml:14: [[patch]] has one of file, files and series")
        .hasMessageContaining("site.toml:15: [[edit]] lacks the key 'with'")
        .hasMessageContaining("site.toml:20: pattern: '(' is no pattern")
        .hasMessageContaining("site.toml:23: base: 'my.config.file' is no target")
        .hasMessageContaining("site.toml:24: lines: site.toml [config] lines:1: 'CONFIG_A = y'")
        .hasMessageContaining("site.toml:25: set: 'maybe' is no value of an option")
        .hasMessageContaining("site.toml:26: presets: there is no preset 'nfs'; there are nfsroot")
        .hasMessageContaining("site.toml:27: nics: no driver 'eth0' is known here")
        .hasMessageContaining("site.toml:29: environment: 'no' sets no variable")
        .hasMessageContaining("site.toml:31: session: '0' is not a number from 1 to 9999")
        .hasMessageContaining("site.toml:32: nodes: 'host:300' is no node")
        .hasMessageContaining("site.toml:35: mode: '4755' is no mode")
        .hasMessageContaining("site.toml:37: [[component]] lacks the key 'name'");
  }

  @Test
  void a_command_line_that_is_too_long_is_told_before_the_long_build() throws Exception {
    Files.writeString(directory.resolve("linux-6.1.tar"), "x");
    String most = "x".repeat(1024);
    String recipe = "[[source]]\ntar = \"linux-6.1.tar\"\n[kernel]\ncommand-line = \"WORDS\"\n";
    assertThat(read(recipe.replace("WORDS", most)).kernel().commandLine()).contains(most);
    assertThatThrownBy(() -> read(recipe.replace("WORDS", most + "x")))
        .hasMessageContaining("site.toml:4: command-line:")
        .hasMessageContaining("has 1025 letters; at most 1024");
  }

  @Test
  void a_version_that_nothing_tells_is_asked_for() throws Exception {
    Files.writeString(directory.resolve("kernel.tar"), "x");
    assertThatThrownBy(() -> read("[[source]]\ntar = \"kernel.tar\"\n"))
        .hasMessageContaining("write version = \"6.1\"");
    assertThatThrownBy(() -> read("")).hasMessageContaining("at least one [[source]]");
  }

  @Test
  void nodes_that_kerrighed_would_not_read_are_refused() throws Exception {
    Files.writeString(directory.resolve("linux-6.1.tar"), "x");
    StringBuilder nodes = new StringBuilder();
    for (int i = 0; i < 256; i++) {
      nodes.append("\"a-long-name-of-a-node-").append(i).append(":").append(i).append("\",");
    }
    assertThatThrownBy(() ->
            read(
                "[[source]]\ntar = \"linux-6.1.tar\"\n[kerrighed]\nsession = 1\nnodes = ["
                    + nodes
                    + "]\n"))
        .hasMessageContaining("reads the first 4096 bytes");
  }
}
