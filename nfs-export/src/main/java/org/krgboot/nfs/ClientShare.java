package org.krgboot.nfs;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the connections of one address hold of connections and of the buffer pool: a share of each
 * at most, so that no client takes them from all others.
 */
final class ClientShare implements Buffers {
  private final BufferPool pool;
  private final long most;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger jobs = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  /** Of which so many bytes at most. */
  ClientShare(BufferPool pool, long most) {
    this.pool = pool;
    this.most = most;
  }

  AtomicInteger connections() {
    return connections;
  }

  long bytes() {
    return bytes.get();
  }

  /** Calls that wait for a disk. */
  AtomicInteger jobs() {
    return jobs;
  }

  @Override
  public BufferPool.Buffer take(int size) {
    int taken = pool.sizeFor(size);
    try {
      // Asked first: to give back what is too much would wake others who wait for buffers in vain.
      if (bytes.addAndGet(taken) > most) {
        throw new BufferPool.ExhaustedException();
      }
      return pool.take(size);
    } catch (BufferPool.ExhaustedException | OutOfMemoryError e) {
      bytes.addAndGet(-taken);
      throw e;
    }
  }

  /** Less than {@link #take}: what is kept so can be read again. */
  @Override
  public boolean adopts(int size) {
    boolean fits = bytes.addAndGet(size) <= most / 4;
    if (!fits) {
      bytes.addAndGet(-size);
    }
    return fits;
  }

  @Override
  public void give(BufferPool.Buffer buffer) {
    bytes.addAndGet(-buffer.size());
    pool.give(buffer);
  }
}
