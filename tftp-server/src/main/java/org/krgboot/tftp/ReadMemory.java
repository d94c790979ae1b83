package org.krgboot.tftp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one transfer may hold of the native memory that all of them read ahead into: two chunks, or
 * the whole file if that is less. It is set aside before the transfer begins, so that none lacks
 * memory in its middle, and comes back when the last read has ended: so the bound holds whatever
 * strangers ask for and however slow a disk is. (The JVM's own bound, MaxDirectMemorySize, does not
 * count memory that is given back by hand.)
 */
final class ReadMemory implements AutoCloseable {
  /** Native memory that is given back when it is freed, and not later. */
  record Piece(Arena arena, MemorySegment octets) {}

  private final int blocksPerChunk;
  private final int most;
  private final Semaphore all;
  private final AtomicInteger used = new AtomicInteger();

  private ReadMemory(int blocksPerChunk, int most, Semaphore all) {
    this.blocksPerChunk = blocksPerChunk;
    this.most = most;
    this.all = all;
  }

  /**
   * Sets memory aside; empty if there is not enough left.
   *
   * @param chunkBytes to be read at once with the headers, but never less than a window
   * @param all octets that all transfers together may still take
   */
  static Optional<ReadMemory> of(TransferPlan plan, int chunkBytes, Semaphore all) {
    int windows = chunkBytes / plan.datagramSize() / plan.window();
    int blocks = Math.max(1, windows) * plan.window();
    int most = (int) Math.min(2L * blocks, plan.blocks()) * plan.datagramSize();
    return all.tryAcquire(most) ? Optional.of(new ReadMemory(blocks, most, all)) : Optional.empty();
  }

  int blocksPerChunk() {
    return blocksPerChunk;
  }

  /** For any thread, as {@link #free} is. */
  Piece allocate(int octets) {
    if (used.addAndGet(octets) > most) {
      used.addAndGet(-octets);
      throw new IllegalStateException("more than was set aside");
    }
    Arena arena = Arena.ofShared();
    try {
      return new Piece(arena, arena.allocate(octets));
    } catch (OutOfMemoryError e) {
      arena.close();
      used.addAndGet(-octets);
      throw e;
    }
  }

  void free(Piece piece) {
    int octets = (int) piece.octets().byteSize();
    piece.arena().close();
    used.addAndGet(-octets);
  }

  /** Gives back what is free again; once. */
  @Override
  public void close() {
    all.release(most - used.get());
  }
}
