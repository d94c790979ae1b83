package org.krgboot.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
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

/** What recipes ask for beside a kernel, and how a person follows a build. */
class KernelRecipesTest {
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
  void a_plan_shows_every_command_and_changes_nothing() throws Exception {
    Files.writeString(directory.resolve("first.patch"), FakeTree.PATCH);
    KernelBuild build =
        build(FakeTree.CONFIG + "presets = [\"nfsroot\"]\n[[patch]]\nfile = \"first.patch\"\n");
    List<String> before = FakeTree.everything(directory);
    String plan = String.join("\n", build.plan(3));
    assertThat(plan)
        .contains("tar --extract --file=" + tree.tar)
        .contains("patch --directory=" + output + ".build/src/linux --strip=1")
        .contains(
            "make -C " + output + ".build/src/linux ARCH=x86_64 CC=fakecc HOSTCC=fakecc defconfig")
        .contains("olddefconfig")
        .contains("CONFIG_E1000=y   (fake.toml [config] yes)")
        .contains("CONFIG_ROOT_NFS=y   (root=/dev/nfs is not known without it)")
        .contains("bzImage modules -j3")
        .contains("modules_install INSTALL_MOD_PATH=" + output + ".build/new/root")
        .contains("depmod -b")
        .doesNotContain("@JOBS@");
    assertThat(String.join("\n", build.explain(Part.ALL)))
        .contains("unpack linux to do: not done yet");
    assertThat(FakeTree.everything(directory)).isEqualTo(before);
  }

  @Test
  void it_can_be_explained_what_will_be_done_again_and_why() throws Exception {
    Path fragment = Files.writeString(directory.resolve("site.config"), "CONFIG_INET=y\n");
    String recipe = "[config]\nbase = \"defconfig\"\nfragments = [\"site.config\"]\n";
    build(recipe).run(new Part(Optional.empty(), Optional.of(Stage.VERIFY)), 1, told);
    Files.writeString(fragment, "CONFIG_INET=y\nCONFIG_E1000=m\n");
    String why = String.join("\n", build(recipe).explain(Part.ALL));
    assertThat(why)
        .contains("unpack linux done by an earlier run")
        .contains("this has changed: what it does, " + fragment)
        .contains("a step before it is to be done");
  }

  @Test
  void what_is_explained_is_what_is_done_then() throws Exception {
    List<String> recipes =
        List.of(
            FakeTree.CONFIG + "[[component]]\nname = \"t\"\nmake = [\"false\"]\n",
            FakeTree.CONFIG + "[[component]]\nname = \"t\"\nmake = [\"true\"]\n",
            FakeTree.CONFIG + "no = [\"INET\"]\n",
            FakeTree.CONFIG + "no = [\"INET\"]\n");
    List<Part> parts =
        List.of(
            Part.ALL,
            new Part(Optional.empty(), Optional.of(Stage.BUILD)),
            new Part(Optional.of(Stage.VERIFY), Optional.of(Stage.VERIFY)),
            new Part(Optional.of(Stage.CONFIGURE), Optional.empty()));
    for (int i = 0; i < recipes.size(); i++) {
      KernelBuild build = build(recipes.get(i));
      List<Integer> said = new java.util.ArrayList<>();
      List<String> lines = build.explain(parts.get(i));
      lines.stream()
          .filter(line -> line.matches(" *[0-9]+ \\S+( \\S+)? +to do.*"))
          .forEach(line -> said.add(Integer.parseInt(line.strip().split(" ")[0])));
      told.lines.clear();
      try {
        build.run(parts.get(i), 1, told);
      } catch (org.krgboot.steps.BuildFailedException e) {
        assertThat(i).isZero();
        said.removeLast(); // what comes after the step that fails
      }
      assertThat(
              told.lines.stream()
                  .filter(line -> line.matches("[0-9]+ of [0-9]+: .*"))
                  .map(line -> Integer.parseInt(line.split(" ")[0])))
          .as(i + "\n" + String.join("\n", lines))
          .isEqualTo(said);
    }
  }

  @Test
  void a_stage_can_be_the_last_one_and_can_be_done_again() throws Exception {
    Result part =
        build(FakeTree.CONFIG).run(new Part(Optional.empty(), Optional.of(Stage.VERIFY)), 1, told);
    assertThat(part.outcome()).isEqualTo(Outcome.PART);
    assertThat(output).doesNotExist();
    told.lines.clear();
    Result again =
        build(FakeTree.CONFIG)
            .run(new Part(Optional.of(Stage.CONFIGURE), Optional.of(Stage.CONFIGURE)), 1, told);
    assertThat(again.outcome()).isEqualTo(Outcome.PART);
    assertThat(told.lines).anyMatch(line -> line.contains("configuration"));
    assertThat(told.lines).noneMatch(line -> line.contains("unpack /"));
    assertThat(run(FakeTree.CONFIG).outcome()).isEqualTo(Outcome.BUILT);
  }

  @Test
  void another_recipe_begins_with_the_trees_own_configuration_and_not_with_that_of_an_earlier_one()
      throws Exception {
    String recipe =
        """
        [[component]]
        name = "patches"
        when = "before-configure"
        configure = ["printf 'CONFIG_PCI=y\\nCONFIG_MODULES=y\\n' > .config"]
        [config]
        base = "as-it-is"
        """;
    Part untilVerify = new Part(Optional.empty(), Optional.of(Stage.VERIFY));
    assertThatThrownBy(
            () -> build(recipe + "yes = [\"E1000\", \"NO_SUCH\"]\n").run(untilVerify, 1, told))
        .hasMessageContaining("NO_SUCH");
    build(recipe + "yes = [\"E1000\", \"INET\"]\n").run(untilVerify, 1, told);
    told.lines.clear();
    run(recipe + "yes = [\"INET\"]\n");
    assertThat(told.lines).noneMatch(line -> line.contains("unpack /"));
    assertThat(output.resolve("config"))
        .hasContent("CONFIG_PCI=y\nCONFIG_MODULES=y\nCONFIG_INET=y\n");
  }

  @Test
  void a_target_that_goes_on_from_a_configuration_finds_that_of_the_tree_or_none()
      throws Exception {
    Part untilVerify = new Part(Optional.empty(), Optional.of(Stage.VERIFY));
    String recipe = "[config]\nbase = \"defconfig\"\nyes = [\"INET\"]\n";
    build(recipe).run(untilVerify, 1, told);
    Path config = directory.resolve("kernel.build/src/linux/.config");
    assertThat(config).content().contains("CONFIG_INET=y");
    build(recipe.replace("defconfig", "olddefconfig")).run(untilVerify, 1, told);
    assertThat(config).hasContent("CONFIG_INET=y\n"); // and nothing of defconfig
  }

  @Test
  void a_wrapper_and_words_for_the_compiler_reach_it() throws Exception {
    FakeTree.program(
        directory.resolve("wrap"),
        "#!/bin/sh\nprogram=$1; shift\nexec \"$program\" \"$@\" -DWRAPPED\n");
    run(FakeTree.CONFIG.replace("[config]", "flags = [\"-DONE\"]\nwrapper = \"wrap\"\n[config]"));
    assertThat(output.resolve("root/lib/modules/6.1.0-fake/kernel/dummy.ko"))
        .content()
        .contains("flags: -DONE -DWRAPPED");
  }

  @Test
  void an_old_kernel_gets_the_words_of_its_age_and_asks_nobody() throws Exception {
    Path linux = directory.resolve("tree/linux-6.1");
    Path makefile = linux.resolve("Makefile");
    Files.writeString(
        makefile,
        Files.readString(makefile)
            .replace("VERSION = 6\n", "VERSION = 2\n")
            .replace("PATCHLEVEL = 1\n", "PATCHLEVEL = 6\n")
            .replace("SUBLEVEL = 0\n", "SUBLEVEL = 30\n")
            .replace("6.1.0-fake", "2.6.30-krg"));
    Path image = linux.resolve("scripts/image");
    Files.writeString(
        image,
        Files.readString(image)
            .replace("$KBUILD_BUILD_TIMESTAMP", "`date` by `whoami`@`hostname`"));
    Path recipe =
        Files.writeString(
            directory.resolve("old.toml"),
            """
            [kernel]
            date = "2009-06-09T00:00:00Z"
            [[source]]
            directory = "tree/linux-6.1"
            [compiler]
            cc = "fakecc"
            host-cc = "fakecc"
            [config]
            base = "defconfig"
            """);
    KernelBuild build =
        KernelBuild.of(KernelRecipeReader.read(recipe), output, tree.machine(), Optional.empty());
    assertThat(String.join("\n", build.explain(Part.ALL))).contains("-mno-sse: it does not save");
    build.run(Part.ALL, 1, told);
    assertThat(KernelManifest.read(output).release()).isEqualTo("2.6.30-krg");
    assertThat(output.resolve("vmlinuz"))
        .content(java.nio.charset.StandardCharsets.ISO_8859_1)
        .contains("Tue Jun  9 00:00:00 UTC 2009 by krgboot@krgboot")
        .contains("-std=gnu89 -fno-pie")
        .contains("-fno-tree-vectorize");
  }

  @Test
  void components_are_made_beside_the_kernel_and_never_reach_the_machines_boot() throws Exception {
    run(
        FakeTree.CONFIG
            + """
            [[component]]
            name = "early"
            when = "before-configure"
            configure = ["echo CONFIG_MADE_BY=y > made"]
            make = ["test -f made"]
            [[component]]
            name = "tools"
            configure = ["test -f $KERNEL/System.map", "echo $JOBS > jobs"]
            make = ["echo tool > tool"]
            install = [
              "mkdir -p $DESTDIR/usr/bin", "cp tool $DESTDIR/usr/bin/",
              "ln -s $DESTDIR/usr/bin/tool $DESTDIR/usr/bin/other",
              "ln -s $PWD/tool $DESTDIR/usr/bin/away", "ln -s ../../../../etc/passwd $DESTDIR/usr/up",
              "ln -s /etc/init.d/x $DESTDIR/usr/bin/own",
              "make install",
            ]
            """);
    Path root = output.resolve("root");
    assertThat(root.resolve("usr/bin/tool")).hasContent("tool");
    assertThat(Files.readSymbolicLink(root.resolve("usr/bin/other"))).hasToString("tool");
    assertThat(Files.readSymbolicLink(root.resolve("usr/bin/own"))).hasToString("/etc/init.d/x");
    assertThat(Files.exists(root.resolve("usr/bin/away"), LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(Files.exists(root.resolve("usr/up"), LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(root.resolve("boot/vmlinuz-6.1.0-fake")).exists();
    assertThat(told.lines).anyMatch(line -> line.contains("removed the link /usr/bin/away"));
  }

  @Test
  void make_install_never_finds_the_machines_installkernel_nor_its_boot() throws Exception {
    String cross =
        FakeTree.CONFIG.replace("[config]", "environment = [\"CROSS_COMPILE=x-linux-\"]\n[config]");
    run(
        cross.replace("[config]", "make-arguments = [\"CROSS_COMPILE=/opt/y/bin/y-\"]\n[config]")
            + """
            [[component]]
            name = "tools"
            install = [
              "make install NEVER_COPIES=1", "mv $DESTDIR/boot $DESTDIR/x",
              "make install NEVER_COPIES=1 CROSS_COMPILE=/opt/y/bin/y-", "mv $DESTDIR/boot $DESTDIR/y",
              "mkdir -p $DESTDIR/boot", "make install CROSS_COMPILE=unknown-",
              "test ! -e boot-of-the-machine",
            ]
            """);
    Path root = output.resolve("root");
    assertThat(root.resolve("x/vmlinuz-6.1.0-fake")).exists();
    assertThat(root.resolve("y/vmlinuz-6.1.0-fake")).exists();
    assertThat(root.resolve("boot/vmlinuz")).exists();
    for (String word : List.of("INSTALL_PATH=/boot", "INSTALLKERNEL=installkernel")) {
      for (String key : List.of("environment", "make-arguments")) {
        String more = FakeTree.CONFIG.replace("[config]", key + " = [\"" + word + "\"]\n[config]");
        assertThatThrownBy(() -> run(more))
            .hasMessageContaining("would put a kernel into this machine");
      }
    }
  }

  @Test
  void a_commit_is_taken_from_a_repository() throws Exception {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        tree.machine().find("git").isPresent(), "SKIPPED: `git` is missing");
    FakeTree.sh(
        directory.resolve("tree/linux-6.1"),
        "export HOME=/nonexistent; git init -q; git add .; git -c user.name=x -c user.email=x@x"
            + " commit -qm first; git rev-parse HEAD > ../commit; echo later >> init/main.c");
    String commit = Files.readString(directory.resolve("tree/commit")).strip();
    Path recipe =
        Files.writeString(
            directory.resolve("git.toml"),
            "[kernel]\nversion = \"6.1\"\n[[source]]\ngit = \"tree/linux-6.1\"\ncommit = \""
                + commit
                + "\"\n[compiler]\ncc = \"fakecc\"\nhost-cc = \"fakecc\"\n"
                + FakeTree.CONFIG);
    KernelBuild.of(KernelRecipeReader.read(recipe), output, tree.machine(), Optional.empty())
        .run(Part.ALL, 1, told);
    assertThat(output.resolve("root/lib/modules/6.1.0-fake/kernel/dummy.ko"))
        .content()
        .doesNotContain("later");
    assertThat(KernelManifest.read(output).inputs().stream().map(KernelManifest.Input::name))
        .anyMatch(name -> name.startsWith("commit " + commit));
  }

  @Test
  void another_version_than_the_recipe_says_is_refused_before_the_long_build() throws Exception {
    String more = FakeTree.CONFIG + "[kernel]\nversion = \"6.6\"\n";
    assertThatThrownBy(() -> run(more)).hasMessageContaining("is Linux 6.1 and not 6.6");
  }
}
