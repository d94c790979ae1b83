package org.krgboot.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ends a build in the middle, and what is left then. */
class FaultsTest {
  private static final String RECIPE =
      """
      [root]
      source = "directory"
      from = "golden"
      leave-alone = ["mtab", "hosts", "hostname", "resolv.conf", "locale", "machine-id", "units"]
      [[file]]
      path = "/etc/motd"
      content = "hello"
      [[script]]
      name = "quick"
      run = "echo once >> /etc/count"
      """;

  @TempDir Path directory;
  private Path store;
  private int runs;

  @BeforeEach
  void golden() throws Exception {
    TinyRoot.assumePossible();
    TinyRoot.make(directory.resolve("golden"));
    store = directory.resolve("images");
  }

  private Path recipe(String toml) throws Exception {
    return Files.writeString(directory.resolve("tiny.toml"), toml);
  }

  /** What it said. */
  private String run(String around, Path recipe, Path into, int step) throws Exception {
    Path output = directory.resolve("run" + ++runs);
    Process process = BuildProcess.start(around, recipe, into, step, output);
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return Files.readString(output);
  }

  private static String image(String said) {
    assertThat(said).containsPattern("(?m)^image [0-9]+ [0-9a-f]{64}$");
    return said.substring(said.lastIndexOf(' ') + 1).strip();
  }

  private void nothingIsMounted() throws Exception {
    assertThat(Host.real().mounts().below(directory)).isEmpty();
  }

  @Test
  void killed_at_the_start_of_each_step_the_next_run_goes_on_to_the_same_image() throws Exception {
    Path recipe = recipe(RECIPE);
    String whole = run("BUILD", recipe, directory.resolve("whole"), 0);
    String digest = image(whole);
    int steps = Integer.parseInt(whole.replaceFirst("(?s).*?[0-9]+ of ([0-9]+): .*", "$1"));
    assertThat(steps).isGreaterThan(9);
    for (int step = 1; step <= steps; step++) { // each run goes on where the one before was killed
      String said = run("BUILD", recipe, store, step);
      assertThat(said).as("killed at step %d", step).endsWith("\n").doesNotContain("image 1 ");
      nothingIsMounted();
    }
    String last = run("BUILD", recipe, store, 0);
    assertThat(image(last)).isEqualTo(digest);
    assertThat(last).contains("going on after " + (steps - 1) + " of " + steps);
    assertThat(store.resolve("sealed/1/root/etc/count")).hasContent("once");
  }

  @Test
  void killed_in_the_middle_of_a_program_nothing_of_it_is_left() throws Exception {
    String slow =
        RECIPE.replace(
            "echo once", "[ -e /etc/go ] || { echo > /etc/begun; sleep 600; }; echo once");
    Path recipe = recipe(slow);
    Path begun = store.resolve("building/recipe-tiny/root/etc/begun");
    Process process = BuildProcess.start("BUILD", recipe, store, 0, directory.resolve("first"));
    while (!Files.exists(begun)) {
      assertThat(process.isAlive()).as(Files.readString(directory.resolve("first"))).isTrue();
      Thread.sleep(10);
    }
    process.destroyForcibly().waitFor();
    // The next build waits until all of them are gone; so does this.
    TinyRoot.sh(directory, "flock --timeout 60 images/building/recipe-tiny/busy true");
    nothingIsMounted();
    recipe(RECIPE);
    String said = run("BUILD", recipe, store, 0);
    assertThat(said).contains("going back to what was there after step");
    assertThat(image(said)).isEqualTo(image(run("BUILD", recipe, directory.resolve("whole"), 0)));
    assertThat(store.resolve("sealed/1/root/etc/begun")).doesNotExist();
  }

  @Test
  void with_a_full_disk_it_says_so_and_goes_on_when_there_is_room() throws Exception {
    Path full = Files.createDirectory(directory.resolve("full"));
    Files.createDirectory(directory.resolve("kept"));
    // A small file system of its own, which only this process sees; it is kept by a copy.
    String around =
        "unshare --mount --propagation private sh -c \"mount -t tmpfs -o size=SIZE tmpfs "
            + full
            + " && cp -a "
            + directory
            + "/kept/. "
            + full
            + "; (BUILD); rm -rf "
            + directory
            + "/kept; cp -a "
            + full
            + " "
            + directory
            + "/kept\"";
    String most =
        RECIPE
            + "[[script]]\nname = \"big\"\nrun = \"cat /bin/busybox /bin/busybox /bin/busybox /bin/busybox /bin/busybox /bin/busybox /bin/busybox /bin/busybox > /big\"\n";
    Path recipe = recipe(most);
    String said = run(around.replace("SIZE", "14m"), recipe, full.resolve("images"), 0);
    assertThat(said)
        .contains("failed")
        .contains("No space left on device")
        .contains("The disk is full");
    assertThat(directory.resolve("kept/images/sealed")).isEmptyDirectory();
    said = run(around.replace("SIZE", "120m"), recipe, full.resolve("images"), 0);
    assertThat(image(said)).isEqualTo(image(run("BUILD", recipe, store, 0)));
    nothingIsMounted();
  }

  @Test
  void a_mirror_that_is_gone_is_named_and_leaves_nothing() throws Exception {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        Host.real().find("mmdebstrap").isPresent(), "SKIPPED: `mmdebstrap` is missing");
    Path recipe = recipe("[root]\nmirror = \"http://127.0.0.1:9/debian\"\n");
    String said = run("BUILD", recipe, store, 0);
    assertThat(said)
        .contains("failed: installing packages failed")
        .containsAnyOf("The mirror does not answer", "check its address");
    assertThat(store.resolve("building/recipe-tiny")).doesNotExist();
    nothingIsMounted();
  }

  @Test
  void what_somebody_has_mounted_in_it_is_not_removed_with_it() throws Exception {
    Path precious = Files.createDirectory(directory.resolve("precious"));
    Files.writeString(precious.resolve("data"), "x");
    Path recipe = recipe(RECIPE);
    assertThat(run("BUILD", recipe, store, 5)).contains("5 of ");
    Path in = Files.createDirectory(store.resolve("building/recipe-tiny/root/mnt"));
    recipe(RECIPE.replace("hello", "changed")); // so that it has to start clean, or go back
    String around =
        "unshare --mount --propagation private sh -c \"mount --bind "
            + precious
            + " "
            + in
            + " && BUILD\"";
    String said = run(around, recipe, store, 0);
    assertThat(said).contains("failed").contains("umount " + in);
    assertThat(precious.resolve("data")).exists();
    assertThat(run("BUILD", recipe, store, 0)).contains("image 1 ");
  }
}
