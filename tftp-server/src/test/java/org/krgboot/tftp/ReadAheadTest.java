package org.krgboot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Four blocks of eight octets are one chunk here; every octet of a block is the block's number. */
class ReadAheadTest {
  private static final int BLOCK = 8;
  private static final int BLOCKS = 40;
  private static final TransferPlan PLAN =
      new TransferPlan(BLOCKS * BLOCK, BLOCK, 4, RollOver.TO_ZERO, Optional.empty(), List.of());

  private final MemoryFile file = new MemoryFile(content());
  private int loads;
  private final ReadAhead ahead = on(new ReadAhead.Threads(Runnable::run, Runnable::run));

  private ReadAhead on(ReadAhead.Threads threads) {
    return new ReadAhead(
        file,
        PLAN,
        threads,
        4 * BLOCK,
        new ReadAhead.Listener() {
          @Override
          public void loaded() {
            loads++;
          }

          @Override
          public void failed(IOException why) {
            throw new AssertionError(why);
          }
        });
  }

  private static byte[] content() {
    byte[] bytes = new byte[BLOCKS * BLOCK];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i / BLOCK + 1);
    }
    return bytes;
  }

  private void assertSends(long first, long last) {
    ByteBuffer sent = ByteBuffer.allocate(1000);
    long end;
    for (long block = first; block <= last; block = end + 1) {
      end = ahead.lastBeside(block, last);
      sent.put(
          ahead.wire(block).asSlice(ahead.offset(block), ahead.length(block, end)).asByteBuffer());
    }
    sent.flip();
    for (long block = first; block <= last; block++) {
      assertThat(sent.getShort()).as("DATA").isEqualTo((short) 3);
      assertThat(sent.getShort()).isEqualTo((short) block);
      for (int i = 0; i < BLOCK && block <= BLOCKS; i++) {
        assertThat(sent.get()).isEqualTo((byte) block);
      }
    }
    assertThat(sent.hasRemaining()).isFalse();
  }

  @Test
  void blocks_are_there_once_they_are_loaded() {
    assertThat(ahead.provide(1, 1, 4)).isFalse();
    assertThat(loads).isEqualTo(1);
    assertThat(ahead.provide(1, 1, 4)).isTrue();
    assertSends(1, 4);
  }

  @Test
  void what_is_not_acknowledged_can_be_sent_again_after_the_window_has_slid_on() {
    ahead.provide(1, 1, 4);
    assertThat(ahead.provide(3, 5, 6)).isFalse();
    assertThat(ahead.provide(3, 5, 6)).isTrue();
    assertSends(5, 6);
    assertThat(ahead.provide(3, 3, 6)).isTrue(); // 3 was lost
    assertSends(3, 6);
    ahead.provide(7, 9, 10);
    assertThat(ahead.provide(7, 9, 10)).isTrue();
    assertThat(ahead.provide(7, 7, 10)).isTrue();
    assertSends(7, 10);
  }

  @Test
  void a_window_over_two_chunks_is_there_when_both_are() {
    ahead.provide(1, 1, 4);
    ahead.provide(4, 4, 7);
    assertThat(ahead.provide(4, 4, 7)).isTrue();
    assertSends(4, 7);
  }

  @Test
  void the_end_of_the_file_is_an_empty_block() {
    ahead.provide(41, 41, 41);
    assertThat(ahead.provide(41, 41, 41)).isTrue();
    assertSends(41, 41);
  }

  @Test
  void memory_is_used_again_for_what_comes_next_and_given_back_with_the_file() {
    ahead.provide(1, 1, 4);
    MemorySegment first = ahead.wire(1);
    ahead.provide(5, 5, 8);
    ahead.provide(9, 9, 12);
    ahead.provide(9, 9, 12);
    assertThat(ahead.wire(9)).isEqualTo(first);
    MemorySegment second = ahead.wire(13);
    ahead.close();
    assertThat(first.scope().isAlive()).isFalse();
    assertThat(second.scope().isAlive()).isFalse();
    assertThat(file.closed()).hasValue(1);
  }

  @Test
  void what_is_closed_during_a_read_lets_go_of_everything_after_it() {
    List<Runnable> disk = new ArrayList<>();
    ReadAhead reading = on(new ReadAhead.Threads(disk::add, Runnable::run));
    reading.provide(1, 1, 4);
    reading.close();
    disk.removeLast().run(); // there was nothing to give back yet
    assertThat(file.closed()).as("the read may need it").hasValue(0);
    disk.removeFirst().run();
    disk.removeFirst().run();
    assertThat(file.closed()).hasValue(1);
  }

  @Test
  void a_read_that_ends_after_the_loop_closes_the_file() {
    ReadAhead last =
        on(
            new ReadAhead.Threads(
                Runnable::run,
                _ -> {
                  throw new RejectedExecutionException();
                }));
    last.provide(1, 1, 4);
    assertThat(file.closed()).hasValue(1);
  }
}
