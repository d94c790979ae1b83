package org.krgboot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.krgboot.model.BootFile;

/** Four blocks of eight octets are one chunk here; every octet of a block is the block's number. */
class ReadAheadTest {
  private static final int BLOCK = 8;
  private static final int BLOCKS = 40;
  private static final TransferPlan PLAN =
      new TransferPlan(BLOCKS * BLOCK, BLOCK, 4, RollOver.TO_ZERO, Optional.empty(), List.of());

  private static final int ALL_MEMORY = 1000;

  private final Semaphore memory = new Semaphore(ALL_MEMORY);
  private final MemoryFile file = new MemoryFile(content());
  private int loads;
  private final ReadAhead ahead = on(new ReadAhead.Threads(Runnable::run, Runnable::run));

  private ReadAhead on(ReadAhead.Threads threads) {
    return new ReadAhead(
        file,
        PLAN,
        ReadMemory.of(PLAN, 4 * BLOCK, memory).orElseThrow(),
        threads,
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
    int before = memory.availablePermits();
    ReadAhead reading = on(new ReadAhead.Threads(disk::add, Runnable::run));
    reading.provide(1, 1, 4);
    reading.close();
    assertThat(file.closed()).as("the read may need it").hasValue(0);
    while (!disk.isEmpty()) {
      disk.removeFirst().run();
    }
    assertThat(file.closed()).hasValue(1);
    assertThat(memory.availablePermits()).isEqualTo(before);
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

  /**
   * Whatever is asked for, acknowledged and failed in whatever order: no read takes more than was
   * set aside, and in the end all of it is back.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void memory_is_all_given_back_whatever_happens_when(long seed) {
    for (int round = 0; round < 500; round++) {
      Chaos chaos = new Chaos(new Random(1000 * seed + round));
      chaos.run();
      assertThat(chaos.memory.availablePermits())
          .as("seed %s.%s", seed, round)
          .isEqualTo(ALL_MEMORY);
      assertThat(chaos.unstable.bytes.closed()).hasValue(1);
    }
  }

  /** A file that cannot be read at times. */
  private record Unstable(MemoryFile bytes, Random random) implements BootFile {
    @Override
    public Role role() {
      return Role.OTHER;
    }

    @Override
    public long size() {
      return bytes.size();
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      return switch (random.nextInt(12)) {
        case 0 -> throw new IOException("bad block");
        case 1 -> throw new IllegalStateException("a bug");
        case 2 -> throw new LinkageError("a bug");
        case 3 -> 0;
        default -> bytes.read(into, position);
      };
    }

    @Override
    public void close() {
      bytes.close();
    }
  }

  /** One transfer by dice, with threads that come late, and sometimes are no longer there. */
  private static final class Chaos implements ReadAhead.Listener {
    final Semaphore memory = new Semaphore(ALL_MEMORY);
    final Unstable unstable;
    private final Random random;
    private final List<Runnable> tasks = new ArrayList<>();
    private final ReadAhead ahead;
    private boolean loopHasEnded;
    private boolean diskHasEnded;
    private int failures;

    Chaos(Random random) {
      this.random = random;
      this.unstable = new Unstable(new MemoryFile(content()), random);
      this.ahead =
          new ReadAhead(
              unstable,
              PLAN,
              ReadMemory.of(PLAN, 4 * BLOCK, memory).orElseThrow(),
              new ReadAhead.Threads(
                  task -> later(task, diskHasEnded), task -> later(task, loopHasEnded)),
              this);
    }

    private void later(Runnable task, boolean hasEnded) {
      if (hasEnded) {
        throw new RejectedExecutionException();
      }
      tasks.add(task);
    }

    void run() {
      long unacknowledged = 1;
      for (int steps = random.nextInt(100); steps > 0 && failures < 3; steps--) {
        if (random.nextBoolean() && !tasks.isEmpty()) {
          tasks.remove(random.nextInt(tasks.size())).run();
        } else {
          unacknowledged = Math.min(BLOCKS, unacknowledged + random.nextInt(12));
          long first = Math.min(BLOCKS, unacknowledged + random.nextInt(4));
          ahead.provide(unacknowledged, first, Math.min(BLOCKS, first + random.nextInt(4)));
        }
      }
      ahead.close();
      loopHasEnded = random.nextInt(4) == 0;
      diskHasEnded = random.nextInt(4) == 0;
      while (!tasks.isEmpty()) {
        tasks.remove(random.nextInt(tasks.size())).run();
      }
    }

    @Override
    public void loaded() {}

    @Override
    public void failed(IOException why) {
      assertThat(why.getMessage()).doesNotContain("set aside");
      failures++;
    }
  }
}
