package org.krgboot.nfs;

/** Where buffers come from and go back to. */
interface Buffers {
  /**
   * An empty buffer of at least {@code size} bytes, the caller's until given back.
   *
   * @throws BufferPool.ExhaustedException if there is none now
   */
  BufferPool.Buffer take(int size);

  /** Takes a buffer back; it must not be used any more. */
  void give(BufferPool.Buffer buffer);
}
