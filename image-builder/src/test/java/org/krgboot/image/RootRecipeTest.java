package org.krgboot.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.krgboot.image.RootRecipe.Login;
import org.krgboot.image.RootRecipe.Size;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;

class RootRecipeTest {
  static final Login NOBODY = new Login(Optional.empty(), Optional.empty());
  static final Map<Ipv4, NodeName> HOSTS =
      Map.of(
          Ipv4.parse("10.11.12.102"), new NodeName("krgnode102"),
          Ipv4.parse("10.11.12.101"), new NodeName("krgnode101"));

  static RootRecipe recipe(Path target, List<String> extra) {
    return new RootRecipe(
        target, "bookworm", Optional.empty(), extra, Size.STANDARD, HOSTS, NOBODY);
  }

  private static RootRecipe from(String suite, String mirror) {
    return new RootRecipe(
        Path.of("/r"), suite, Optional.of(mirror), List.of(), Size.SMALL, Map.of(), NOBODY);
  }

  @Test
  void what_could_reach_a_command_line_as_something_else_is_refused() {
    assertThatThrownBy(() -> from("--hook", "http://mirror.example/debian"))
        .hasMessageContaining("'--hook' is not the name of a Debian release");
    assertThatThrownBy(() -> from("bookworm", "mirror.example [trusted=yes]"))
        .hasMessageContaining("is not a mirror");
    assertThatThrownBy(() -> recipe(Path.of("/r"), List.of("gcc", "vim,--x")))
        .hasMessageContaining("'vim,--x' is not the name of a Debian package");
    assertThatThrownBy(() -> recipe(Path.of("/"), List.of())).hasMessageContaining("/ itself");
  }

  @Test
  void a_password_with_a_line_break_would_set_another_users_password_and_is_refused() {
    assertThatThrownBy(() -> new Login(Optional.of("a\ndaemon:b"), Optional.empty()))
        .hasMessageContaining("control character");
    assertThatThrownBy(() -> new Login(Optional.of(""), Optional.empty()))
        .hasMessageContaining("empty");
  }

  @Test
  void the_password_is_neither_shown_nor_kept() {
    Login login = new Login(Optional.of("sesame"), Optional.empty());
    RootRecipe recipe =
        new RootRecipe(
            Path.of("/r"), "bookworm", Optional.empty(), List.of(), Size.STANDARD, HOSTS, login);
    assertThat(recipe.toString()).doesNotContain("sesame");
    assertThat(new Manifest(recipe.lines()).text()).doesNotContain("sesame");
  }

  @Test
  void the_same_wishes_in_another_order_are_the_same_recipe() {
    assertThat(recipe(Path.of("/r"), List.of("vim", "gcc")).lines())
        .isEqualTo(recipe(Path.of("/r/../r"), List.of("gcc", "vim", "gcc")).lines());
  }

  @Test
  void the_manifest_says_in_what_a_root_differs() {
    Manifest manifest =
        new Manifest(recipe(Path.of("/r"), List.of()).lines()).withKernel("6.1.0-1-amd64");
    assertThat(manifest.differences(recipe(Path.of("/r"), List.of()))).isEmpty();
    assertThat(manifest.differences(recipe(Path.of("/r"), List.of("gcc"))))
        .singleElement()
        .asString()
        .startsWith("packages is '")
        .contains("gcc'");
  }
}
