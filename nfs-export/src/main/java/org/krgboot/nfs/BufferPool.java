package org.krgboot.nfs;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Direct buffers in a few sizes, never more than a fixed number of bytes in all.
 *
 * <p>Nobody waits here: a taker that is refused stops reading from its client until others have
 * given back.
 */
final class BufferPool implements Buffers {
  /** The smallest size. */
  static final int SMALL = 16 << 10;

  private static final int UNIT = 1 << 10;
  private static final int KEPT_BYTES_PER_SIZE = 32 << 20;

  /** A buffer and the memory it lies in. */
  record Buffer(ByteBuffer bytes, @Nullable Arena arena) {
    static final Buffer NONE = new Buffer(ByteBuffer.allocate(0), null);

    int size() {
      return bytes.capacity();
    }
  }

  /** The budget is used up: somebody has to go without. */
  static final class ExhaustedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ExhaustedException() {
      super("all buffers are in use", null, false, false);
    }
  }

  private final int[] sizes;
  private final long total;
  private final Semaphore budget;
  private volatile Runnable whenFreed = () -> {};
  private final Deque<Buffer>[] free;

  /**
   * Buffers for messages of up to {@code usual} bytes, and for two in one, {@code total} bytes in
   * all.
   */
  BufferPool(int usual, long total) {
    sizes =
        IntStream.of(SMALL, SMALL * 4, SMALL * 16, roundUp(usual), 2 * roundUp(usual))
            .sorted()
            .distinct()
            .toArray();
    this.total = total;
    budget = new Semaphore((int) Math.min(total / UNIT, Integer.MAX_VALUE));
    free = queues(sizes.length);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type has no other form
  private static Deque<Buffer>[] queues(int count) {
    Deque[] queues = new Deque[count];
    for (int i = 0; i < count; i++) {
      queues[i] = new ArrayDeque<>();
    }
    return queues;
  }

  private static int roundUp(int size) {
    return (size + UNIT - 1) / UNIT * UNIT;
  }

  /** All that there is, in bytes. */
  long total() {
    return total;
  }

  /** To be called whenever a buffer was given back. */
  void whenFreed(Runnable action) {
    whenFreed = action;
  }

  /** The size of the buffer that {@link #take} gives for so much. */
  int sizeFor(int size) {
    return sizes[indexFor(size)];
  }

  @Override
  public Buffer take(int size) {
    int index = indexFor(size);
    if (!budget.tryAcquire(sizes[index] / UNIT)) {
      throw new ExhaustedException();
    }
    Buffer kept;
    synchronized (free[index]) {
      kept = free[index].poll();
    }
    return kept != null ? kept : fresh(index);
  }

  private Buffer fresh(int index) {
    Arena arena = Arena.ofShared();
    try {
      return new Buffer(arena.allocate(sizes[index], 64).asByteBuffer(), arena);
    } catch (OutOfMemoryError e) {
      arena.close();
      budget.release(sizes[index] / UNIT);
      throw e;
    }
  }

  private int indexFor(int size) {
    for (int i = 0; i < sizes.length; i++) {
      if (size <= sizes[i]) {
        return i;
      }
    }
    throw new ExhaustedException();
  }

  @Override
  public boolean adopts(int size) {
    return true;
  }

  @Override
  public void give(Buffer buffer) {
    Arena arena = buffer.arena();
    if (arena == null) {
      return;
    }
    int size = buffer.bytes().capacity();
    int index = indexFor(size);
    buffer.bytes().clear();
    boolean keep;
    synchronized (free[index]) {
      keep = (long) free[index].size() * size < KEPT_BYTES_PER_SIZE;
      if (keep) {
        free[index].push(buffer);
      }
    }
    if (!keep) {
      arena.close();
    }
    budget.release(size / UNIT);
    whenFreed.run();
  }
}
