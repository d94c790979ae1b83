package org.krgboot.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.kernels.KernelManifest;

/** What ends a build in the middle, and what is left then. */
class KernelFaultsTest {
  private static final String RECIPE =
      FakeTree.CONFIG
          + """
          [kernel]
          date = "2020-02-02T02:02:02Z"
          [[edit]]
          file = "init/main.c"
          replace = "two"
          with = "TWO"
          [[component]]
          name = "tools"
          make = ["echo tool > tool"]
          install = ["mkdir -p $DESTDIR/usr/bin", "cp tool $DESTDIR/usr/bin/"]
          """;

  @TempDir Path directory;
  private FakeTree tree;
  private Path recipe;
  private Path output;
  private int runs;

  @BeforeEach
  void tree() throws Exception {
    tree = FakeTree.make(directory);
    recipe = tree.recipe(RECIPE);
    output = Files.createDirectory(directory.resolve("out")).resolve("kernel");
  }

  private String run(String around, Path to, int step) throws Exception {
    Path said = directory.resolve("run" + ++runs);
    Process process = KernelProcess.start(tree, around, recipe, to, step, said);
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return Files.readString(said);
  }

  private static String kernel(String said) {
    assertThat(said).containsPattern("(?m)^kernel -?[0-9]+$");
    return said.substring(said.lastIndexOf("kernel ")).strip();
  }

  @Test
  void killed_at_the_start_of_each_step_the_next_run_goes_on_to_the_same_kernel() throws Exception {
    String whole = run("BUILD", directory.resolve("whole"), 0);
    int steps = Integer.parseInt(whole.replaceFirst("(?s).*?[0-9]+ of ([0-9]+): .*", "$1"));
    assertThat(steps).isEqualTo(8);
    for (int step = 1; step <= steps; step++) { // each run goes on where the one before was killed
      assertThat(run("BUILD", output, step)).doesNotContain("kernel -").doesNotContain("failed");
      assertThat(output).doesNotExist();
    }
    String last = run("BUILD", output, 0);
    assertThat(last).contains("going on after " + (steps - 1) + " of " + steps);
    assertThat(kernel(last)).isEqualTo(kernel(whole));
    FakeTree.sh(directory, "diff -r --no-dereference whole out/kernel");
    assertThat(KernelManifest.read(output).release()).isEqualTo("6.1.0-fake");
  }

  @Test
  void killed_at_any_moment_the_next_run_goes_on_to_the_same_kernel() throws Exception {
    String whole = run("BUILD", directory.resolve("whole"), 0);
    Random random = new Random(20261122);
    for (int round = 0; round < 10; round++) {
      Path said = directory.resolve("killed" + round);
      Process process = KernelProcess.start(tree, "BUILD", recipe, output, 0, said);
      // From its first lines to its last ones, on a fast machine and a slow one.
      boolean ended = process.waitFor(300 + random.nextInt(2500), TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      assertThat(Files.readString(said)).as("round " + round).doesNotContain("failed");
      if (ended || Files.exists(output)) {
        assertThat(run("BUILD", output, 0)).contains("left alone");
        FakeTree.sh(directory, "rm -r out/kernel");
      }
    }
    assertThat(kernel(run("BUILD", output, 0))).isEqualTo(kernel(whole));
    FakeTree.sh(directory, "diff -r --no-dereference whole out/kernel; test ! -e out/kernel.build");
  }

  /** A compiler waits for as long as that file is there. */
  private Path waiting() throws Exception {
    Path file = Files.createFile(directory.resolve("wait"));
    Path cc = tree.tools.resolve("fakecc");
    Files.writeString(cc, Files.readString(cc).replace("$WAIT_FILE", file.toString()));
    return file;
  }

  private Process startAndWaitForTheCompiler(Path file) throws Exception {
    Process process =
        KernelProcess.start(tree, "BUILD", recipe, output, 0, directory.resolve("slow"));
    Path begun = directory.resolve("wait.begun");
    while (!Files.exists(begun)) {
      assertThat(process.isAlive()).as(Files.readString(directory.resolve("slow"))).isTrue();
      Thread.sleep(20);
    }
    assertThat(file).exists();
    return process;
  }

  /** Programs that name that directory on their command lines or stand in it. */
  private static List<String> processesIn(Path place) throws Exception {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(path -> path.getFileName().toString().matches("[0-9]+"))
          .map(path -> ProcessTable.line(path, place))
          .filter(line -> !line.isEmpty())
          .toList();
    }
  }

  @Test
  void killed_or_ended_while_the_compiler_runs_no_process_is_left() throws Exception {
    Path file = waiting();
    Path place = directory.resolve("out/kernel.build");
    Process killed = startAndWaitForTheCompiler(file);
    killed.destroyForcibly().waitFor();
    FakeTree.sh(directory, "flock --timeout 60 out/kernel.build/busy true"); // all of it is gone
    assertThat(processesIn(place)).isEmpty();
    Files.delete(directory.resolve("wait.begun"));
    Process ended = startAndWaitForTheCompiler(file);
    FakeTree.sh(directory, "kill -TERM " + ended.pid());
    assertThat(ended.waitFor(60, TimeUnit.SECONDS)).isTrue();
    FakeTree.sh(directory, "flock --timeout 60 out/kernel.build/busy true");
    assertThat(processesIn(place)).isEmpty();
    Files.delete(file);
    String said = run("BUILD", output, 0);
    assertThat(said).contains("going on after 5 of 8").doesNotContain("unpack /");
    assertThat(kernel(said)).isEqualTo(kernel(run("BUILD", directory.resolve("whole"), 0)));
  }

  @Test
  void with_a_full_disk_it_says_so_and_goes_on_when_there_is_room() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "SKIPPED: a mount needs root");
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
    Path cc = tree.tools.resolve("fakecc");
    Files.writeString(
        cc,
        Files.readString(cc)
            .replace(
                "{ cat \"$2\";",
                "{ cat \"$2\"; [ -e "
                    + directory
                    + "/small ] || head -c 90000000 /dev/zero || { rm -f \"$OUT_OF_CC\"; echo 'cc: error: No space left on device' >&2; exit 1; };"));
    String said = run(around.replace("SIZE", "80m"), full.resolve("kernel"), 0);
    assertThat(said)
        .contains("failed")
        .contains("No space left on device")
        .contains("The disk is full");
    assertThat(directory.resolve("kept/kernel")).doesNotExist();
    Files.createFile(directory.resolve("small"));
    said = run(around.replace("SIZE", "160m"), full.resolve("kernel"), 0);
    assertThat(said).contains("going on after 5 of 8");
    assertThat(kernel(said)).isEqualTo(kernel(run("BUILD", directory.resolve("whole"), 0)));
  }

  @Test
  void a_second_build_in_the_same_place_waits_for_nothing_and_says_why() throws Exception {
    Path file = waiting();
    Process first = startAndWaitForTheCompiler(file);
    try {
      assertThat(run("BUILD", output, 0)).contains("another build is going on");
    } finally {
      first.destroyForcibly().waitFor();
    }
  }
}
