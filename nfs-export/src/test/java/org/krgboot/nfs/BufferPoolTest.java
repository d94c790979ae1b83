package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

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
}
