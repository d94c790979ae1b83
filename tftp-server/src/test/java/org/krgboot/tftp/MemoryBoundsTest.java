package org.krgboot.tftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
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
  void four_thousand_clients_with_packets_of_a_frame_all_have_room_to_read_into() {
    for (int blockSize : new int[] {8, 512, 1432, 1468}) {
      Semaphore all = new Semaphore(Services.READ_MEMORY);
      for (int others = 0; others < 4096; others++) {
        int window = Math.min(64, Math.max(4, Services.chunkBytes(others) / 1472));
        assertThat(ReadMemory.of(plan(blockSize, window), Services.chunkBytes(others), all))
            .isPresent();
      }
    }
  }

  @Test
  void what_is_beyond_the_bound_is_not_set_aside_until_others_have_given_back() {
    TransferPlan large = plan(65464, 1);
    Semaphore all = new Semaphore(3 * 65468);
    ReadMemory first = ReadMemory.of(large, 0, all).orElseThrow();
    assertThat(ReadMemory.of(large, 0, all)).isEmpty();
    ReadMemory.Piece one = first.allocate(65468);
    ReadMemory.Piece _ = first.allocate(65468);
    assertThatThrownBy(() -> first.allocate(1)).isInstanceOf(IllegalStateException.class);
    first.free(one);
    first.free(first.allocate(65468));
    first.close();
    assertThat(all.availablePermits()).as("one was never given back").isEqualTo(2 * 65468);
  }

  private static TransferPlan plan(int blockSize, int window) {
    return new TransferPlan(
        1L << 30, blockSize, window, RollOver.TO_ZERO, Optional.empty(), List.of());
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
