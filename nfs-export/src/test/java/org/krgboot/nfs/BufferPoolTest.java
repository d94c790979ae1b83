package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How far the memory for calls and replies goes. */
class BufferPoolTest {
  @Test
  void two_of_the_longest_calls_take_little_more_than_their_bytes() {
    int longest = RecordStream.bufferFor(Limits.DEFAULTS.maxRecord());
    BufferPool pool = new BufferPool(longest, 2L * longest + 4096);
    BufferPool.Buffer one = pool.take(longest);
    BufferPool.Buffer other = pool.take(longest);
    assertThat(one.bytes().capacity()).isGreaterThanOrEqualTo(longest);
    pool.give(one);
    pool.give(other);
  }

  @Test
  void a_client_that_gets_no_more_than_its_share_wakes_nobody() {
    BufferPool pool = new BufferPool(BufferPool.SMALL, 4L * BufferPool.SMALL);
    ClientShare share = new ClientShare(pool, pool.total() / 2);
    BufferPool.Buffer one = share.take(BufferPool.SMALL);
    BufferPool.Buffer other = share.take(BufferPool.SMALL);
    AtomicInteger wakeUps = new AtomicInteger();
    pool.whenFreed(wakeUps::incrementAndGet);
    assertThatThrownBy(() -> share.take(BufferPool.SMALL))
        .isInstanceOf(BufferPool.ExhaustedException.class);
    assertThat(wakeUps).as("else two that wait wake each other without end").hasValue(0);
    assertThat(share.bytes()).isEqualTo(2L * BufferPool.SMALL);
    share.give(one);
    share.give(other);
    assertThat(share.bytes()).isZero();
    assertThat(wakeUps).hasValue(2);
  }
}
