package org.krgboot.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeMemoryTest {
  @TempDir Path path;

  /** In a JVM of its own, whose heap is resident from the start: what grows is native. */
  @Test
  void a_million_calls_hold_no_more_native_memory_than_a_few() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xms64m",
                "-Xmx64m",
                "-XX:+AlwaysPreTouch",
                "-XX:MaxDirectMemorySize=2m",
                "-cp",
                System.getProperty("java.class.path"),
                ManyCalls.class.getName(),
                path.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(child.waitFor()).isZero();
    // 8 KiB of names a call would be 8 GB; a struct stat a call would be 256 MB.
    assertThat(Long.parseLong(said)).as("KiB grown").isLessThan(24 * 1024);
  }

  @Test
  void the_scratch_of_ended_threads_is_freed() throws Exception {
    int dir = Here.directory(path);
    for (int i = 0; i < 5000; i++) {
      Thread thread =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  FileCalls.statx(dir, new byte[0], 0);
                } catch (LinuxException refused) {
                  throw new AssertionError(refused);
                }
              });
      thread.join();
    }
    // An automatic arena counts as a direct buffer; 5000 areas of 12 KiB would be 60 MB.
    long held = Long.MAX_VALUE;
    for (int i = 0; i < 50 && held > 20_000_000; i++) {
      System.gc();
      Thread.sleep(20); // the cleaner runs on a thread of the JVM that cannot be joined
      held = directBytes();
    }
    assertThat(held).isLessThan(20_000_000);
    FileCalls.close(dir);
  }

  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }
}
