package org.krgboot.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.kernel.KernelBuild.Part;

/** A kernel's modules and files, laid over a node root. */
class KernelInstallTest {
  private static final String RECIPE =
      FakeTree.CONFIG
          + """
          [kerrighed]
          session = 7
          nbmin = 2
          nodes = ["krgnode101:101:eth0"]
          defaults = ["ENABLE=true"]
          [[file]]
          path = "/etc/init.d/own"
          content = "#!/bin/sh\\n"
          mode = "0755"
          """;

  @TempDir Path directory;
  private Path result;
  private Path root;

  @BeforeEach
  void build() throws Exception {
    FakeTree tree = FakeTree.make(directory);
    result = directory.resolve("kernel");
    KernelBuild.of(
            KernelRecipeReader.read(tree.recipe(RECIPE)), result, tree.machine(), Optional.empty())
        .run(Part.ALL, 1, new FakeTree.Told());
    root = Files.createDirectories(directory.resolve("nfsroot"));
    FakeTree.sh(
        root,
        "mkdir -p usr/lib/modules/6.1.0-fake etc ../outside; ln -s usr/lib lib;"
            + " echo old > usr/lib/modules/6.1.0-fake/old.ko; echo other > usr/lib/keep;"
            + " printf '# the root\\ntmpfs /tmp tmpfs defaults 0 0' > etc/fstab; chmod 640 etc/fstab;"
            + " echo mine > etc/kerrighed_nodes");
  }

  private List<String> outside() throws Exception {
    try (Stream<Path> all = Files.walk(directory.resolve("outside"))) {
      return all.map(Path::toString).toList();
    }
  }

  @Test
  void modules_and_files_are_in_their_places_and_lines_are_added_once() throws Exception {
    List<String> told = KernelInstall.run(result, root);
    assertThat(told)
        .contains("/usr/lib/modules/6.1.0-fake, in place of what was there")
        .contains("/etc/kerrighed_nodes", "/etc/default", "/etc/init.d", "/config")
        .contains("/etc/fstab: 1 lines more");
    assertThat(Files.isSymbolicLink(root.resolve("lib"))).isTrue();
    assertThat(root.resolve("usr/lib/modules/6.1.0-fake/kernel/dummy.ko")).exists();
    assertThat(root.resolve("usr/lib/modules/6.1.0-fake/old.ko")).doesNotExist();
    assertThat(root.resolve("usr/lib/keep")).hasContent("other");
    assertThat(root.resolve("etc/kerrighed_nodes"))
        .hasContent("session=7\nnbmin=2\nkrgnode101:101:eth0\n");
    assertThat(root.resolve("etc/default/kerrighed")).hasContent("ENABLE=true\n");
    assertThat(root.resolve("etc/init.d/own")).isExecutable();
    assertThat(root.resolve("etc/fstab"))
        .hasContent(
            "# the root\ntmpfs /tmp tmpfs defaults 0 0\nconfigfs /config configfs defaults 0 0\n");
    assertThat(Files.getPosixFilePermissions(root.resolve("etc/fstab"))).hasSize(3);
    String fstab = Files.readString(root.resolve("etc/fstab"));
    KernelInstall.run(result, root);
    assertThat(root.resolve("etc/fstab")).hasContent(fstab);
    try (Stream<Path> list = Files.list(root)) {
      assertThat(list.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("usr", "lib", "etc", "config");
    }
  }

  @Test
  void links_of_the_root_are_followed_inside_of_it_only() throws Exception {
    FakeTree.sh(root, "rm -r lib; ln -s ../outside lib");
    assertThatThrownBy(() -> KernelInstall.run(result, root))
        .hasMessageContaining("nothing was installed")
        .hasMessageContaining("/lib is no directory of the root");
    assertThat(outside()).hasSize(1);
    assertThat(root.resolve("etc/kerrighed_nodes")).hasContent("mine");
    FakeTree.sh(
        root, "rm lib; ln -s /usr/lib lib; rm etc/fstab; ln -s ../../outside/fstab etc/fstab");
    assertThatThrownBy(() -> KernelInstall.run(result, root))
        .hasMessageContaining("/etc/fstab is a link");
    assertThat(outside()).hasSize(1);
    assertThat(root.resolve("etc/kerrighed_nodes")).hasContent("mine");
    assertThat(root.resolve("usr/lib/modules/6.1.0-fake/old.ko")).exists();
    FakeTree.sh(root, "rm etc/fstab; mkdir etc/fstab");
    assertThatThrownBy(() -> KernelInstall.run(result, root))
        .hasMessageContaining("nothing was installed")
        .hasMessageContaining("/etc/fstab is a directory");
    assertThat(root.resolve("usr/lib/modules/6.1.0-fake/old.ko")).exists();
  }

  @Test
  void two_do_not_change_one_root_at_the_same_time() throws Exception {
    Process other =
        new ProcessBuilder("flock", root.toString(), "sh", "-c", "echo held; exec cat").start();
    try {
      assertThat(other.inputReader().readLine()).isEqualTo("held");
      assertThatThrownBy(() -> KernelInstall.run(result, root))
          .hasMessageContaining("another krgboot is installing a kernel into " + root);
      assertThat(root.resolve("etc/kerrighed_nodes")).hasContent("mine");
    } finally {
      other.getOutputStream().close();
      other.waitFor();
    }
    assertThat(KernelInstall.run(result, root)).isNotEmpty();
  }

  @Test
  void lines_are_added_also_where_the_kernel_brings_the_directory() throws Exception {
    FakeTree.sh(root, "rm -r etc");
    assertThat(KernelInstall.run(result, root)).contains("/etc", "/etc/fstab: 1 lines more");
    assertThat(root.resolve("etc/fstab")).hasContent("configfs /config configfs defaults 0 0\n");
  }

  @Test
  void what_is_not_what_was_built_is_not_installed() throws Exception {
    Files.writeString(result.resolve("root/etc/default/kerrighed"), "changed");
    assertThatThrownBy(() -> KernelInstall.run(result, root))
        .hasMessageContaining("etc/default/kerrighed");
    assertThatThrownBy(() -> KernelInstall.run(directory.resolve("gone"), root))
        .hasMessageContaining("is not the result of a kernel build");
    assertThat(Files.exists(root.resolve("config"), LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  @Test
  void what_a_run_that_was_killed_has_left_is_removed() throws Exception {
    FakeTree.sh(root, "mkdir -p .krgboot-kernel-123/tree; echo x > .krgboot-kernel-123/log");
    KernelInstall.run(result, root);
    assertThat(root.resolve(".krgboot-kernel-123")).doesNotExist();
    assertThatThrownBy(() -> KernelInstall.run(result, Path.of("/")))
        .hasMessageContaining("this machine's own root");
  }
}
