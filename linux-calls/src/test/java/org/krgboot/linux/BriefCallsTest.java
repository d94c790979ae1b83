package org.krgboot.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BriefCallsTest {
  @TempDir Path directory;

  private static byte[] bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void what_is_opened_is_there_until_it_is_closed() throws Exception {
    int fd = BriefCalls.open(bytes(directory), OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
    assertThat(FileCalls.statx(fd, new byte[0], 0).isDirectory()).isTrue();
    BriefCalls.close(fd);
    assertThatThrownBy(() -> BriefCalls.close(fd)).hasMessageContaining("EBADF");
    assertThatThrownBy(() -> BriefCalls.open(bytes(directory.resolve("gone")), OpenFlags.O_PATH))
        .isInstanceOfSatisfying(
            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
  }

  @Test
  void ten_thousand_threads_share_few_areas() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 10_000; i++) {
        threads.submit(() -> {
          BriefCalls.close(BriefCalls.open(bytes(directory), OpenFlags.O_PATH));
          return true;
        });
      }
    }
    assertThat(BriefCalls.idle()).isPositive().isLessThanOrEqualTo(256);
  }
}
