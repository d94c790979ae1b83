package org.krgboot.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.KernelVersion;

/** What ends a change of the store in the middle, and what nodes get then. */
class KernelFaultsTest {
  @TempDir Path here;

  private Path result(int size) throws IOException {
    Path result = here.resolve("out");
    Files.createDirectories(result.resolve("root/lib/modules/" + FakeKernel.RELEASE));
    for (int i = 0; i < 50; i++) {
      Files.writeString(
          result.resolve("root/lib/modules/" + FakeKernel.RELEASE + "/m" + i + ".ko"), "module");
    }
    return FakeKernel.result(result, FakeKernel.RELEASE, "x".repeat(size));
  }

  @Test
  void killed_anywhere_nodes_get_a_whole_kernel_and_the_next_run_goes_on() throws Exception {
    Path result = result(1 << 20);
    Path store = here.resolve("kernels");
    Random random = new Random(11);
    for (int round = 0; round < 12; round++) {
      Path output = here.resolve("output" + round);
      Process process = KernelProcess.start("WORK", store, result, "always", output);
      int said = 1 + random.nextInt(8);
      try {
        while (lines(output) < said) {
          assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
          LockSupport.parkNanos(1_000_000);
        }
        LockSupport.parkNanos(random.nextInt(60_000_000));
      } finally {
        process.destroyForcibly().waitFor();
      }
      assertThat(Files.readString(output)).doesNotContain("failed");
      isWhole(store);
    }
    Path last = here.resolve("last");
    assertThat(KernelProcess.start("WORK", store, result, "once", last).waitFor()).isZero();
    assertThat(Files.readString(last)).contains("published").doesNotContain("failed");
    isWhole(store);
    assertThat(store.resolve("building")).isEmptyDirectory();
    assertThat(store.resolve("sealed").toFile().list()).hasSizeLessThan(4);
  }

  private static long lines(Path output) throws IOException {
    try (var lines = Files.lines(output)) {
      return lines.count();
    }
  }

  /** Every number that is there, and what is published first of all. */
  private static void isWhole(Path path) throws IOException {
    KernelStore store = KernelStore.look(path);
    if (store.published("default").isPresent()) {
      KernelVersion published = store.published("default").get();
      assertThat(published.isThere()).as("published: " + published).isTrue();
    }
    for (int number : store.numbers()) {
      ResultCheck.of(store.kernel(number).version().path(), store.manifest(number));
    }
  }

  @Test
  void with_a_full_disk_nothing_has_changed_and_the_message_says_so() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "SKIPPED: a small disk needs root");
    Path result = result(3 << 20);
    Path small = Files.createDirectory(here.resolve("small"));
    Path output = here.resolve("output");
    // A file system of its own, which only this process sees.
    String around =
        "unshare --mount --propagation private sh -c \"mount -t tmpfs -o size=8m tmpfs "
            + small
            + " && (WORK); (WORK); (WORK); find "
            + small
            + "/kernels -maxdepth 2 | sort\"";
    Process process = KernelProcess.start(around, small.resolve("kernels"), result, "once", output);
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    assertThat(Files.readString(output))
        .contains("added 1", "published 2")
        .contains("failed: cp failed with status 1", "No space left on device")
        .contains("sealed/1\n", "sealed/2\n")
        .contains("kernels/building\n")
        .doesNotContain("sealed/3")
        .doesNotContainPattern("(?m)^/.*/building/");
  }
}
