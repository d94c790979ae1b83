package org.krgboot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.kernels.KernelStore;

/** What an operator does with kernels, word by word. */
class KernelCommandsTest {
  @TempDir Path directory;
  private Path state;
  private Path config;
  private Path root;
  private Path first;
  private Path second;

  /** What a command said on both streams, and its exit code. */
  private record Said(int status, String text) {}

  @BeforeEach
  void make() throws IOException {
    state = directory.resolve("state");
    root = Files.createDirectories(directory.resolve("root"));
    config = Files.writeString(directory.resolve("k.toml"), "[nfs]\nroot = \"" + root + "\"\n");
    first = BuiltKernel.make(directory.resolve("first"), "6.1.0-krg3.0.0", "first");
    second = BuiltKernel.make(directory.resolve("second"), "6.6.0", "second");
  }

  private Said kernel(String... words) {
    List<String> all = new ArrayList<>(List.of("kernel"));
    all.addAll(Arrays.asList(words));
    all.addAll(List.of("--state-dir", state.toString(), "--config", config.toString()));
    return krgboot(all.toArray(String[]::new));
  }

  private static Said krgboot(String... words) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    try (PrintStream here = new PrintStream(both, true, StandardCharsets.UTF_8)) {
      System.setOut(here);
      System.setErr(here);
      return new Said(Main.commandLine().execute(words), both.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private static void well(Said said, String... texts) {
    assertThat(said.status()).as(said.text()).isZero();
    for (String text : texts) {
      assertThat(said.text()).contains(text);
    }
  }

  private static void refused(Said said, String text) {
    assertThat(said.status()).as(said.text()).isEqualTo(1);
    assertThat(said.text()).startsWith("krgboot: ").contains(text).hasLineCount(1);
  }

  @Test
  void from_a_build_to_the_nodes_and_back() {
    well(kernel("list"), "KERNEL");
    well(
        kernel("publish", first.toString()),
        "kernel 1 (small, 6.1.0-krg3.0.0) is kept in " + state,
        "kernel 1 (small, 6.1.0-krg3.0.0) is published as default",
        "nodes that are told no other kernel get it from their next boot on");
    well(kernel("add", second.toString()), "kernel 2 (small, 6.6.0) is kept in");
    well(kernel("publish", "2"), "kernel 2 (small, 6.6.0) is published as default");
    well(kernel("list"), "6.1.0-krg3.0.0", "gcc 12.2.0", "yes", "published as default");
    well(kernel("rollback"), "kernel 1 (small, 6.1.0-krg3.0.0) is published as default");
    refused(kernel("rollback"), "no kernel was published as default before");
    well(kernel("unpublish"), "nothing is published as default any more");
    well(kernel("unpublish"), "nothing was published as default");
    well(kernel("pin", "2"));
    well(kernel("list"), "pinned");
    well(kernel("unpin", "2"));
  }

  @Test
  void a_name_that_no_node_is_told_is_said_so() throws IOException {
    well(
        kernel("publish", first.toString(), "--as", "krg"),
        "no node is told to boot it yet: krgboot set NODES kernel=kernels/krg");
    Files.writeString(config, "[boot]\nkernel = \"kernels/krg-old\"\n#kernel = \"kernels/krg\"\n");
    well(kernel("publish", "1", "--as", "krg"), "no node is told to boot it yet");
    Files.writeString(config, "[boot]\nkernel = \"kernels/krg\"\n");
    well(
        kernel("publish", second.toString(), "--as", "krg"),
        "nodes with kernel = \"kernels/krg\" get it");
    well(kernel("rollback", "--as", "krg"), "kernel 1 (", "is published as krg");
  }

  @Test
  void modules_that_the_root_lacks_are_told_with_where_they_are() throws IOException {
    Files.createDirectories(first.resolve("root/lib/modules/6.1.0-krg3.0.0"));
    well(
        kernel("publish", first.toString()),
        "the node root " + root + " has no modules of it",
        "krgboot kernel install " + state + "/kernels/sealed/1 " + root);
    Files.createDirectories(root.resolve("usr/lib"));
    Files.createSymbolicLink(root.resolve("lib"), Path.of("usr/lib"));
    well(krgboot("kernel", "install", state + "/kernels/sealed/1", root.toString()));
    assertThat(root.resolve("usr/lib/modules/6.1.0-krg3.0.0")).isDirectory();
    assertThat(kernel("publish", "1").text()).doesNotContain("modules");
  }

  @Test
  void a_build_can_go_on_to_be_published_in_the_store_that_is_named() throws IOException {
    for (String tool : List.of("make", "perl", "ld")) {
      org.junit.jupiter.api.Assumptions.assumeTrue(
          org.krgboot.steps.Machine.real().find(tool).isPresent(), "SKIPPED: no " + tool);
    }
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Files.copy(
        BuiltKernel.make(directory.resolve("third"), "3.2.0", "third").resolve("vmlinuz"),
        tree.resolve("image"));
    Files.writeString(
        tree.resolve("Makefile"),
        """
        VERSION = 3
        PATCHLEVEL = 2
        SUBLEVEL = 0
        defconfig oldconfig:
        \t: > .config
        bzImage:
        \tmkdir -p arch/x86/boot; cp image arch/x86/boot/bzImage; : > System.map
        """);
    Path recipe =
        Files.writeString(
            directory.resolve("three.toml"),
            """
            [[source]]
            directory = "tree"
            [kernel]
            targets = ["bzImage"]
            [compiler]
            cc = "true"
            host-cc = "true"
            """);
    String output = directory.resolve("out").toString();
    refused(kernel("build", recipe.toString(), "--explain", "--clean"), "--explain goes without");
    well(
        kernel("build", recipe.toString(), "--output", output, "--publish"),
        "kernel 1 (three, 3.2.0) is published as default");
    well(kernel("list"), "three");
    well(kernel("build", recipe.toString(), "--output", output, "--explain"), "nothing would");
  }

  @Test
  void what_is_wrong_is_one_line_and_changes_nothing() throws IOException {
    refused(kernel("publish", "7"), "there is no kernel 7 in " + state);
    refused(kernel("publish", "nowhere"), "neither the number of a kernel nor the directory");
    refused(kernel("publish", first.toString(), "--as", "No"), "is no name to publish");
    refused(kernel("rollback", "--as", "../up"), "is no name to publish");
    refused(kernel("add", root.toString()), "is not the result of a kernel build");
    refused(kernel("pin", "3"), "there is no kernel 3");
    Files.writeString(first.resolve("config"), "CONFIG_ROOT_NFS=n\n");
    refused(kernel("publish", first.toString()), "is not what was built: config has");
    assertThat(KernelStore.look(state.resolve("kernels")).numbers()).isEmpty();
    assertThat(kernel("pin", "one").status()).isEqualTo(2);
    assertThat(kernel("publish").status()).isEqualTo(2);
    assertThat(krgboot("kernel").status()).isEqualTo(2);
    try (KernelStore _ = KernelStore.open(state.resolve("kernels"))) {
      refused(kernel("add", second.toString()), "another krgboot is changing the kernels");
    }
  }

  @Test
  void a_number_that_is_damaged_is_listed_as_such() throws IOException {
    well(kernel("add", first.toString()));
    Files.delete(state.resolve("kernels/sealed/1/kernel"));
    well(kernel("list"), "damaged");
  }

  @Test
  void what_nobody_needs_is_removed_and_nodes_and_configuration_count() throws IOException {
    for (int i = 0; i < 6; i++) {
      Path built = BuiltKernel.make(directory.resolve("built" + i), "6.1." + i, "made-as-" + i);
      well(kernel("add", built.toString()));
    }
    refused(kernel("gc"), "no daemon has written in " + state);
    Files.writeString(
        state.resolve("kernel-uses"),
        """
        2026-11-22T10:00:00Z 10.11.12.101 krgnode101 1
        2026-11-22T10:00:00Z 10.11.12.102 krgnode102 2
        """);
    Files.writeString(config, "[[profile]]\nname = \"old\"\nkernel = \"kernels/3\"\n");
    well(
        kernel("gc", "--dry-run", "--gone", "krgnode102"),
        "kernel 1: kept, used by krgnode101",
        "kernel 2: would be removed",
        "kernel 3: kept, named in the configuration",
        "kernel 4: would be removed",
        "kernel 6: kept, one of the newest 2");
    well(kernel("gc", "--keep", "1"), "kernel 2: kept", "kernel 4: removed", "kernel 5: removed");
    assertThat(KernelStore.look(state.resolve("kernels")).numbers()).containsExactly(1, 2, 3, 6);
    well(kernel("list"), "1 node");
  }

  @Test
  void what_a_killed_one_left_is_removed_and_said() throws IOException {
    well(kernel("add", first.toString()));
    Files.createDirectory(state.resolve("kernels/building/kernel-123"));
    well(kernel("add", second.toString()), "kernel-123, left by a krgboot that was killed");
  }

  @Test
  void show_says_which_kernel_the_node_would_get() {
    well(kernel("publish", first.toString()));
    Said shown =
        krgboot(
            "show",
            "127.0.0.5",
            "ipxe",
            "--listen",
            "127.0.0.1",
            "--only",
            "http",
            "--state-dir",
            state.toString(),
            "--config",
            config.toString());
    well(
        shown,
        "# kernel 1 (small, 6.1.0-krg3.0.0), published as default",
        "kernel boot/kernel-1/vmlinuz initrd=initrd.img ip=dhcp",
        "krgboot.kernel=1");
  }

  @Test
  void what_a_node_loaded_is_told_by_number_and_name() throws IOException {
    well(kernel("add", first.toString()));
    Files.writeString(
        state.resolve("kernel-uses"),
        """
        2026-11-22T10:00:00Z 10.11.12.101 krgnode101 1
        2026-11-22T10:00:00Z 10.11.12.102 krgnode102 2
        """);
    assertThat(KernelStoreAddress.loadedBy(state, "10.11.12.101"))
        .startsWith("kernel 1 (small, 6.1.0-krg3.0.0), loaded 2026-11-2");
    assertThat(KernelStoreAddress.loadedBy(state, "10.11.12.102"))
        .startsWith("kernel 2, which is there no more, loaded ");
    assertThat(KernelStoreAddress.loadedBy(state, "10.11.12.103")).isEmpty();
    assertThat(KernelStoreAddress.loadedBy(directory.resolve("none"), "10.11.12.101")).isEmpty();
  }

  @Test
  void a_trial_refuses_what_it_cannot_try() {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "SKIPPED: a trial needs root");
    String work = directory.resolve("work").toString();
    refused(kernel("smoke", "7"), "there is no kernel 7");
    refused(kernel("smoke", "nowhere"), "neither the number");
    refused(kernel("smoke", first.toString(), "--nic", "ne2k"), "none of e1000, virtio, rtl8139");
    refused(
        kernel("smoke", root.toString(), "--work-dir", work), "not the result of a kernel build");
  }
}
