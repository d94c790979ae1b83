package org.krgboot.tftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The daemon's memory is bounded; requests from made-up addresses may not fill it. */
class MemoryBoundsTest {
  @Test
  void all_transfers_together_read_ahead_less_than_128_mib() {
    long held =
        IntStream.range(0, 4096).mapToLong(others -> 2L * Services.chunkBytes(others)).sum();
    assertThat(held).isLessThan(128L << 20);
  }

  @Test
  void texts_are_held_within_bounds_and_make_room_when_they_are_sent() throws IOException {
    Semaphore memory = new Semaphore(3000);
    MemoryFile file = new MemoryFile(new byte[1000]);
    NetasciiFile first = NetasciiFile.of(file, memory);
    assertThatThrownBy(() -> NetasciiFile.of(file, memory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("too many texts at once");
    first.close();
    NetasciiFile.of(file, memory).close();
    assertThat(memory.availablePermits()).isEqualTo(3000);
  }
}
