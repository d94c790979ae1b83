package org.krgboot.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.kernel.FakeTree.Told;
import org.krgboot.kernel.KernelBuild.Part;
import org.krgboot.kernels.KernelManifest;
import org.krgboot.steps.Machine;

/** What runs in other roots: the compiler of another time, and mkinitramfs. */
class KernelRootsTest {
  @TempDir Path directory;
  private FakeTree tree;
  private final Told told = new Told();

  @BeforeEach
  void tree() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "SKIPPED: another root needs root");
    for (String tool : List.of("busybox", "make", "unshare")) {
      assumeTrue(Machine.real().find(tool).isPresent(), "SKIPPED: `" + tool + "` is missing");
    }
    tree = FakeTree.make(directory);
  }

  /** A root with a shell, what the make-believe kernel needs, and this program more. */
  private Path root(String name, String program, String text) throws Exception {
    Path root = Files.createDirectories(directory.resolve(name));
    FakeTree.sh(
        root,
        """
        mkdir -p bin usr/bin usr/lib/modules etc/initramfs-tools proc sys dev run tmp mnt boot
        ln -s usr/lib lib
        cp "$(command -v busybox)" bin/busybox
        cp "$(command -v make)" usr/bin/make
        for each in bin/busybox usr/bin/make; do
          ldd "$each" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
            case $library in /lib/*) to=usr$library;; *) to=.$library;; esac
            mkdir -p "${to%/*}"; cp -L "$library" "$to"
          done
        done
        for each in sh true cat touch env printf mkdir cp mv rm ls echo grep sed cut head dd ln test sleep dirname find; do
          ln -s busybox bin/$each
        done
        """);
    FakeTree.program(root.resolve("usr/bin").resolve(program), text);
    return root;
  }

  private Path build(String recipe) throws Exception {
    Path output = directory.resolve("kernel");
    KernelBuild.of(
            KernelRecipeReader.read(tree.recipe(recipe)), output, tree.machine(), Optional.empty())
        .run(Part.ALL, 1, told);
    return output;
  }

  @Test
  void all_that_compiles_runs_in_the_roots_compiler_and_leaves_nothing_there() throws Exception {
    String cc =
        Files.readString(tree.tools.resolve("fakecc"))
            .replace("(Fake) 12", "(Old) 4")
            .replace("echo 12.2.0", "echo 4.2.0");
    Path old =
        root(
            "etch",
            "oldcc",
            cc.replace("flags:$flags $*", "flags:$flags $* in $(echo /etc/e*) $PWD"));
    FakeTree.sh(old, "touch etc/etch_version");
    String before = FakeTree.sh(old, "find . -type f | sort");
    Path recipe = tree.recipe(FakeTree.CONFIG);
    Files.writeString(
        recipe,
        Files.readString(recipe)
            .replace("fakecc\"\nhost", "oldcc\"\nchroot = \"etch\"\nflags = [\"-DX\"]\nhost"));
    Path output = directory.resolve("kernel");
    KernelRecipe read = KernelRecipeReader.read(recipe);
    assertThatThrownBy(() ->
            KernelBuild.of(read, output, tree.machine(), Optional.empty()).run(Part.ALL, 1, told))
        .hasMessageContaining("needs gcc 5.1 or newer, and this is gcc 4.2");
    Files.writeString(
        old.resolve("usr/bin/oldcc"),
        Files.readString(old.resolve("usr/bin/oldcc")).replace("echo 4.2.0", "echo 9.2.0"));
    KernelBuild.of(read, output, tree.machine(), Optional.empty()).run(Part.ALL, 1, told);
    assertThat(KernelManifest.read(output).compiler()).startsWith("gcc (Old) 4");
    assertThat(output.resolve("root/lib/modules/6.1.0-fake/kernel/dummy.ko"))
        .content()
        .contains("-DX  in /etc/etch_version /mnt/krgboot/src/linux");
    assertThat(FakeTree.sh(old, "find . -type f | sort")).isEqualTo(before);
    assertThat(Machine.real().mounts().below(directory)).isEmpty();
  }

  @Test
  void the_roots_own_mkinitramfs_makes_the_initrd_and_the_root_stays_as_it_is() throws Exception {
    Path node =
        root(
            "node",
            "mkinitramfs",
            """
            #!/bin/sh -e
            test "$1" = -o; test -d /proc/1; test -c /dev/null
            cat /etc/initramfs-tools/conf.d/zz-krgboot /etc/initramfs-tools/modules > "$2"
            ls /lib/modules/$3/kernel >> "$2"
            grep E1000 /boot/config-$3 >> "$2"
            """);
    FakeTree.sh(node, "echo mine > etc/initramfs-tools/modules");
    String before = FakeTree.sh(node, "find . -printf '%p %l\\n' | sort");
    Path output =
        build(FakeTree.CONFIG + "[initramfs]\nroot = \"node\"\nmodules = [\"e1000\", \"nfsv3\"]\n");
    assertThat(output.resolve("initrd.img"))
        .hasContent(
            "MODULES=netboot\nBOOT=nfs\nCOMPRESS=gzip\nmine\ne1000\nnfsv3\ndummy.ko\nCONFIG_E1000=y\n");
    assertThat(FakeTree.sh(node, "find . -printf '%p %l\\n' | sort")).isEqualTo(before);
    assertThat(KernelManifest.read(output).outputs())
        .extracting(KernelManifest.Output::file)
        .contains("initrd.img");
    FakeTree.sh(node, "mkdir -p var/lib/dpkg; echo 'Package: klibc-utils' > var/lib/dpkg/status");
    String mkinitramfs = Files.readString(node.resolve("usr/bin/mkinitramfs"));
    FakeTree.program(node.resolve("usr/bin/mkinitramfs"), mkinitramfs + "echo newer >> \"$2\"\n");
    build(FakeTree.CONFIG + "[initramfs]\nroot = \"node\"\nmodules = [\"e1000\", \"nfsv3\"]\n");
    assertThat(output.resolve("initrd.img")).content().endsWith("newer\n");
    assertThat(Machine.real().mounts().below(directory)).isEmpty();
  }

  @Test
  void a_user_who_is_not_root_can_build_too() throws Exception {
    FakeTree.sh(directory, "chmod 755 . ; mkdir home; chown 65534:65534 home");
    String classes = copied(System.getProperty("java.class.path"));
    Path recipe = tree.recipe(FakeTree.CONFIG);
    Path said = directory.resolve("said");
    String line =
        KernelProcess.line(recipe, directory.resolve("home/kernel"), 0)
            .replace(System.getProperty("java.class.path"), classes);
    Process process =
        KernelProcess.start(
            tree,
            "exec setpriv --reuid 65534 --regid 65534 --clear-groups sh -c \"" + line + "\"",
            said);
    assertThat(process.waitFor(3, java.util.concurrent.TimeUnit.MINUTES)).isTrue();
    String text = Files.readString(said);
    assertThat(text).containsPattern("(?m)^kernel -?[0-9]+$");
  }

  /** What a stranger cannot read where it is, beside the test's directory. */
  private String copied(String classPath) throws Exception {
    StringBuilder copied = new StringBuilder();
    int number = 0;
    for (String entry : classPath.split(":", -1)) {
      String name = Path.of(entry).getFileName().toString();
      if (Files.isDirectory(Path.of(entry))
          || name.matches("(tomlj|antlr4|jackson|checker).*|.*-SNAPSHOT.*")) {
        String to = "classes/" + number++ + "-" + name;
        FakeTree.sh(directory, "mkdir -p classes; cp -r '" + entry + "' " + to);
        copied.append(directory.resolve(to)).append(':');
      }
    }
    return copied.toString();
  }
}
