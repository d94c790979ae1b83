package org.krgboot.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.images.RootStyle;
import org.krgboot.model.Ipv4;
import org.krgboot.steps.RecipeException;

class RecipeReaderTest {
  private static final String EVERYTHING =
      """
      [root]
      source = "debian"
      suite = "trixie"
      mirror = "http://mirror.example/debian"
      size = "small"
      packages = ["vim", "gcc"]
      style = "read-only"
      writable = ["/var", "/srv/data"]
      hosts = "10.11.12.101-10.11.12.102"
      name-prefix = "n"
      hosts-lines = ["10.11.12.1 server"]
      leave-alone = ["locale"]

      [login]
      root-password-file = "password"
      authorized-key = "key.pub"

      [[file]]
      path = "/etc/motd"
      from = "motd"
      mode = "0600"
      owner = "alice:users"

      [[user]]
      name = "alice"
      uid = 1000
      groups = ["users"]
      password-hash = "$6$salt$hash"
      keys = ["ssh-ed25519 AAAA alice"]

      [services]
      enable = ["ssh.service"]
      disable = ["cron.service"]

      [[script]]
      name = "first"
      run = "echo first"

      [[script]]
      from = "late.sh"
      """;

  @TempDir Path directory;

  private Recipe read(String toml) throws Exception {
    return RecipeReader.read(Files.writeString(directory.resolve("site.toml"), toml), "bookworm");
  }

  @Test
  void an_empty_recipe_is_what_root_build_makes() throws Exception {
    Recipe recipe = read("");
    assertThat(recipe.name()).isEqualTo("site");
    assertThat(recipe.source())
        .isEqualTo(new Source.Debian("bookworm", Optional.empty(), RootRecipe.Size.STANDARD));
    assertThat(recipe.node().style()).isEqualTo(RootStyle.DEFAULT);
    assertThat(recipe.scripts()).isEmpty();
  }

  @Test
  void everything_that_can_be_said_is_read() throws Exception {
    Files.writeString(directory.resolve("motd"), "hello");
    Files.writeString(directory.resolve("password"), "sesame\n");
    Files.writeString(directory.resolve("key.pub"), "ssh-ed25519 AAAA me");
    Files.writeString(directory.resolve("late.sh"), "echo late");
    Recipe recipe = read(EVERYTHING);
    assertThat(recipe.node().style().writable()).containsExactly("srv/data", "var");
    assertThat(recipe.node().hosts()).containsKey(Ipv4.parse("10.11.12.102"));
    assertThat(recipe.node().hosts().get(Ipv4.parse("10.11.12.101"))).hasToString("n101");
    assertThat(recipe.files().getFirst().permissions()).isEqualTo("rw-------");
    assertThat(recipe.users().getFirst().id()).contains(1000);
    assertThat(recipe.scripts())
        .containsExactly(
            new Recipe.Script("first", "echo first"), new Recipe.Script("at line 39", "echo late"));
    assertThat(recipe.login().rootPassword()).contains("sesame");
    assertThat(recipe.toString()).doesNotContain("sesame");
  }

  @Test
  void all_mistakes_are_told_at_once_each_with_its_line() {
    assertThatThrownBy(() ->
            read(
                """
                [root]
                sorce = "debian"
                style = "readonly"
                packages = ["vim", "Bad Name"]
                hosts = "10.11.12.300"
                leave-alone = ["fstabb"]
                from = 1
                [[file]]
                path = "etc/motd"
                mode = "9999"
                [[scripts]]
                run = "true"
                [service]
                """))
        .isInstanceOf(RecipeException.class)
        .message()
        .satisfies(message ->
            assertThat(message.lines())
                .containsSubsequence(
                    "site.toml:2: unknown key 'sorce' of [root]. Did you mean 'source'?",
                    "site.toml:3: style: 'readonly' is none of read-write, read-only, overlay",
                    "site.toml:4: packages: 'Bad Name' is not the name of a Debian package")
                .anyMatch(line -> line.startsWith("site.toml:5: hosts: "))
                .contains(
                    "site.toml:6: no step 'fstabb' can be left alone. Did you mean 'fstab'?",
                    "site.toml:7: from says nothing where source is \"debian\"",
                    "site.toml:9: [[file]] has either content or from",
                    "site.toml:10: mode: '9999' is no mode; write it as \"0644\"",
                    "site.toml:11: unknown table 'scripts'. Did you mean [[script]]?",
                    "site.toml:13: unknown table 'service'. Did you mean [services]?"));
  }

  @Test
  void what_a_source_needs_must_be_there() {
    assertThatThrownBy(() -> read("[root]\nsource = \"tar\"\n"))
        .hasMessageContaining("site.toml:1: [root] lacks the key 'from'");
    assertThatThrownBy(() -> read("[root]\nsource = \"oci\"\nfrom = \"none\"\nsuite = \"a\"\n"))
        .hasMessageContaining("site.toml:3: from: " + directory.resolve("none") + " cannot be read")
        .hasMessageContaining("site.toml:4: suite says nothing where source is \"oci\"");
    assertThatThrownBy(() -> read("[root]\nsource = \"squash\"\n"))
        .hasMessageContaining("there is no source 'squash'");
    assertThatThrownBy(() -> read("[root]\nsource = \"host\"\nhost = \"-oProxyCommand=x\"\n"))
        .hasMessageContaining("is no host");
    assertThatThrownBy(() -> read("[root\n")).hasMessageContaining("site.toml:1: ");
    assertThatThrownBy(() -> RecipeReader.read(directory.resolve("none.toml"), "x"))
        .hasMessageContaining("none.toml cannot be read");
  }

  @Test
  void a_read_only_root_has_the_how_tos_writable_directories() throws Exception {
    assertThat(read("[root]\nstyle = \"read-only\"\n").node().style().writable())
        .isEqualTo(List.of("home", "root", "var"));
    assertThatThrownBy(() -> read("[root]\nstyle = \"overlay\"\nwritable = [\"/var\"]\n"))
        .hasMessageContaining("writable is for style = \"read-only\"");
    assertThatThrownBy(() -> read("[root]\nstyle = \"read-only\"\nwritable = [\"/../etc\"]\n"))
        .hasMessageContaining("is not a directory of a root");
  }
}
