package org.krgboot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
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
        new ReadAhead.Memory(UnpooledByteBufAllocator.DEFAULT, 4 * BLOCK),
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
    ByteBuf sent = Unpooled.buffer();
    long end;
    for (long block = first; block <= last; block = end + 1) {
      end = ahead.lastBeside(block, last);
      ByteBuf datagrams = ahead.datagrams(block, end);
      sent.writeBytes(datagrams);
      assertThat(datagrams.release()).as("the chunk is held besides").isFalse();
    }
    for (long block = first; block <= last; block++) {
      assertThat(sent.readUnsignedShort()).as("DATA").isEqualTo(3);
      assertThat(sent.readUnsignedShort()).isEqualTo((int) block);
      for (int i = 0; i < BLOCK && block <= BLOCKS; i++) {
        assertThat(sent.readByte()).isEqualTo((byte) block);
      }
    }
    assertThat(sent.isReadable()).isFalse();
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
  void memory_is_given_back_only_when_what_was_sent_from_it_has_left() {
    ahead.provide(1, 1, 4);
    ByteBuf waiting = ahead.datagrams(1, 4); // the kernel has not taken it yet
    ahead.provide(5, 5, 8);
    ahead.provide(5, 5, 8);
    ahead.provide(9, 9, 12);
    assertThat(waiting.getUnsignedShort(2)).as("nothing was read over it").isEqualTo(1);
    ahead.close();
    assertThat(waiting.release()).as("it was the last to hold it").isTrue();
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
