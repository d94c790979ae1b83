package org.krgboot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Four blocks of eight octets are one chunk here; every octet of a block is the block's number. */
class ReadAheadTest {
  private static final int BLOCK = 8;
  private static final TransferPlan PLAN =
      new TransferPlan(40 * BLOCK, BLOCK, 4, RollOver.TO_ZERO, Optional.empty(), List.of());

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
    byte[] bytes = new byte[40 * BLOCK];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i / BLOCK + 1);
    }
    return bytes;
  }

  private void assertSends(long first, long last) {
    for (long block = first; block <= last; block++) {
      ByteBuf out = Unpooled.buffer();
      ahead.copy(block, out);
      assertThat(out.readableBytes()).isEqualTo(BLOCK);
      assertThat(out.getByte(0)).isEqualTo((byte) block);
    }
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
