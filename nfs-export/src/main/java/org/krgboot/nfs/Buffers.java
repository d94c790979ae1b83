package org.krgboot.nfs;

/** Where buffers come from and go back to. */
interface Buffers {
  /**
   * An empty buffer of at least {@code size} bytes, the caller's until given back.
   *
   * @throws BufferPool.ExhaustedException if there is none now
   */
  BufferPool.Buffer take(int size);

  /**
   * Whether somebody may keep a buffer of that size that another has taken. If so, it is given back
   * here.
   */
  boolean adopts(int size);

  /** Takes a buffer back; it must not be used any more. */
  void give(BufferPool.Buffer buffer);
}
