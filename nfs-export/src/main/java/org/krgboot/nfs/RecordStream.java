package org.krgboot.nfs;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes records out of a TCP stream: record marking, RFC 5531 section 11. A record may come in
 * several fragments; they are joined in place. There is a buffer only while part of a record is
 * there, and it grows only when the one before is full.
 *
 * <pre>
 *   | records taken | joined part of the record in the making | holes | headerAt: next fragment ... | room
 *                   ^ recordStart                                                                   ^ position
 * </pre>
 */
final class RecordStream {
  private static final int LAST_FRAGMENT = 0x8000_0000;
  private static final int MARK = 4;

  private final Buffers pool;
  private final int maxRecord;
  private BufferPool.Buffer held;
  private ByteBuffer bytes;
  private int recordStart;
  private int joined;
  private int headerAt;

  RecordStream(Buffers pool, int maxRecord) {
    this.pool = pool;
    this.maxRecord = maxRecord;
    this.held = BufferPool.Buffer.NONE;
    this.bytes = held.bytes();
  }

  /** The size of the buffer in which the longest permitted record fits. */
  static int bufferFor(int maxRecord) {
    return maxRecord + 2 * MARK;
  }

  /**
   * The buffer to read into, with room for at least one byte.
   *
   * @throws BufferPool.ExhaustedException if there is no room to be had; nothing is lost
   */
  ByteBuffer room() {
    compact();
    if (!bytes.hasRemaining()) {
      moveTo(pool.take(wanted()));
    }
    return bytes;
  }

  /** For the whole record, if its mark has come. */
  private int wanted() {
    if (bytes.capacity() == 0) {
      return BufferPool.SMALL;
    }
    long record = joined + (bytes.getInt(headerAt) & ~LAST_FRAGMENT) + 2L * MARK;
    return (int) Math.max(Math.min(record, bufferFor(maxRecord)), bytes.capacity() + 1L);
  }

  /** True if {@link #next} gives a record, or refuses one. */
  boolean hasNext() {
    int at = headerAt;
    long whole = joined;
    while (bytes.position() - at >= MARK) {
      int mark = bytes.getInt(at);
      int length = mark & ~LAST_FRAGMENT;
      whole += length;
      if (whole > maxRecord) {
        return true;
      }
      if (bytes.position() - at - MARK < length) {
        return false;
      }
      if ((mark & LAST_FRAGMENT) != 0) {
        return true;
      }
      at += MARK + length;
    }
    return false;
  }

  /** Gives the buffer back if nothing is in it. */
  void rest() {
    if (!isUnfinished()) {
      release();
    }
  }

  /** True if part of a record is there: its sender should go on. */
  boolean isUnfinished() {
    return joined > 0 || bytes.position() > headerAt;
  }

  /**
   * The next whole record, good until {@link #room}; null if there is none yet.
   *
   * @throws MalformedException if the record is longer than permitted
   */
  @Nullable ByteBuffer next() {
    while (bytes.position() - headerAt >= MARK) {
      int mark = bytes.getInt(headerAt);
      int length = mark & ~LAST_FRAGMENT;
      if ((long) joined + length > maxRecord) {
        throw new MalformedException("a record of more than " + maxRecord + " bytes");
      }
      if (bytes.position() - headerAt - MARK < length) {
        return null;
      }
      join(length);
      if ((mark & LAST_FRAGMENT) != 0) {
        ByteBuffer record = bytes.slice(recordStart, joined);
        joined = 0;
        return record;
      }
    }
    return null;
  }

  private void join(int length) {
    if (joined == 0) {
      recordStart = headerAt + MARK;
    } else {
      bytes.put(recordStart + joined, bytes, headerAt + MARK, length);
    }
    joined += length;
    headerAt += MARK + length;
  }

  /** Moves what is still wanted to the front. */
  private void compact() {
    if (headerAt == joined && (joined == 0 || recordStart == 0)) {
      return; // it is there: a long record comes in many pieces, and none is worth a copy
    }
    if (joined > 0) {
      bytes.put(0, bytes, recordStart, joined);
    }
    int tail = bytes.position() - headerAt;
    bytes.put(joined, bytes, headerAt, tail);
    recordStart = 0;
    headerAt = joined;
    bytes.position(joined + tail);
  }

  private void moveTo(BufferPool.Buffer other) {
    other.bytes().put(bytes.flip());
    BufferPool.Buffer old = held;
    held = other;
    bytes = other.bytes();
    pool.give(old);
  }

  void release() {
    recordStart = 0;
    joined = 0;
    headerAt = 0;
    BufferPool.Buffer old = held;
    held = BufferPool.Buffer.NONE;
    bytes = held.bytes();
    pool.give(old);
  }
}
