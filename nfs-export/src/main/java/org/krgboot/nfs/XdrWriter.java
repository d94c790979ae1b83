package org.krgboot.nfs;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.Pipe;

/**
 * Writes XDR (RFC 4506) into a pooled direct buffer that grows. Used by one thread.
 *
 * <p>The buffer is held from the first byte written until {@link #release}.
 */
final class XdrWriter {
  private final Buffers pool;
  private BufferPool.Buffer held;
  private ByteBuffer bytes;
  private @Nullable FileTail tail;
  private final @Nullable Pipe pipe;

  /** Bytes at the end that are of a file, from {@code position} on. */
  record FileTail(int position, int count, int fd, long offset, Runnable let) {}

  /** All that is written is in one buffer. */
  XdrWriter(Buffers pool) {
    this(pool, null);
  }

  /**
   * The end of what is written may be in a pipe instead, uncopied.
   *
   * @param pipe an empty one, used by nobody else
   */
  XdrWriter(Buffers pool, @Nullable Pipe pipe) {
    this.pool = pool;
    this.pipe = pipe;
    this.held = BufferPool.Buffer.NONE;
    this.bytes = held.bytes();
  }

  int position() {
    return bytes.position();
  }

  /** Bytes written, those in the pipe among them. */
  int length() {
    return bytes.position() + piped();
  }

  private int piped() {
    return pipe == null ? 0 : pipe.held();
  }

  /** Whether the end is in the pipe: then it has to be sent before more is written. */
  boolean isPiped() {
    return piped() > 0;
  }

  /** The pipe if it is empty and takes that part of a file; else null. */
  @Nullable Pipe pipeFor(long offset, int count) {
    return pipe != null && pipe.held() == 0 && pipe.takes(offset, count) ? pipe : null;
  }

  /** Forgets what was written after {@code position}, and what is in the pipe. */
  void rewind(int position) {
    clearPipe();
    bytes.position(position);
    if (tail != null && tail.position() >= position) {
      dropTail();
    }
  }

  /** Appends what another has written. */
  void append(ByteBuffer written) {
    need(written.remaining());
    bytes.put(written);
  }

  /** Sees to it that so much can be written without another buffer. */
  void reserve(int count) {
    need(count);
  }

  void u32(int value) {
    need(4);
    bytes.putInt(value);
  }

  void u64(long value) {
    need(8);
    bytes.putLong(value);
  }

  void bool(boolean value) {
    u32(value ? 1 : 0);
  }

  /** Variable-length opaque data or a string. */
  void opaque(byte[] data) {
    u32(data.length);
    fixed(data);
  }

  /** As {@link #opaque(byte[])}, of so many bytes from there on. */
  void opaque(ByteBuffer from, int at, int length) {
    need(4 + XdrReader.padded(length));
    bytes.putInt(length);
    bytes.put(bytes.position(), from, at, length);
    filled(length);
  }

  void fixed(byte[] data) {
    need(XdrReader.padded(data.length));
    bytes.put(data);
    pad(data.length);
  }

  /** Overwrites the word at {@code position}. */
  void patch(int position, int value) {
    bytes.putInt(position, value);
  }

  /** The word written at {@code position}. */
  int wordAt(int position) {
    return bytes.getInt(position);
  }

  /** Room for {@code count} bytes and their padding at the position, to be filled from outside. */
  MemorySegment room(int count) {
    need(XdrReader.padded(count));
    return MemorySegment.ofBuffer(bytes).asSlice(0, count);
  }

  /** Takes over {@code count} bytes that were put into {@link #room}, and pads them. */
  void filled(int count) {
    bytes.position(bytes.position() + count);
    pad(count);
  }

  private void pad(int length) {
    for (int i = length; i < XdrReader.padded(length); i++) {
      bytes.put((byte) 0);
    }
  }

  /** A copy of what was written since {@code position}. */
  byte[] since(int position) {
    byte[] copy = new byte[bytes.position() - position];
    bytes.get(position, copy);
    return copy;
  }

  /** All that was written; a view that is good until the next write or {@link #release}. */
  ByteBuffer written() {
    return bytes.duplicate().flip();
  }

  private void clearPipe() {
    if (pipe != null && pipe.held() > 0) {
      try {
        pipe.clear();
      } catch (LinuxException bug) {
        throw new IllegalStateException("a pipe cannot be emptied", bug);
      }
    }
  }

  /** Sends what there is room for of what is in the pipe; the rest stays there. */
  int sendPiped(int socket) throws LinuxException {
    return pipe == null ? 0 : pipe.send(socket);
  }

  /** Takes over what another has written, with its buffer; nothing may be in this one. */
  void takeOver(XdrWriter other) {
    release();
    held = other.held;
    bytes = other.bytes;
    other.held = BufferPool.Buffer.NONE;
    other.bytes = other.held.bytes();
    other.dropTail();
  }

  /** The buffer's size. */
  int capacity() {
    return bytes.capacity();
  }

  /**
   * The last {@code count} bytes written are of a file, and can be read from it again.
   *
   * @param let what lets go of the file; called once
   */
  void tailIsOfFile(int count, int fd, long offset, Runnable let) {
    dropTail();
    tail = new FileTail(bytes.position() - count, count, fd, offset, let);
  }

  /** As {@link #tailIsOfFile}, of all that is in the pipe. */
  void pipeIsOfFile(int fd, long offset, Runnable let) {
    dropTail();
    tail = new FileTail(bytes.position(), piped(), fd, offset, let);
  }

  /** The end of what was written, if it is of a file. */
  @Nullable FileTail tail() {
    FileTail last = tail;
    boolean isEnd = last != null && last.position() + last.count() == bytes.position();
    return isEnd || isPiped() ? last : null;
  }

  /** Somebody else lets go of the file. */
  void tailIsTaken() {
    tail = null;
  }

  private void dropTail() {
    FileTail dropped = tail;
    tail = null;
    if (dropped != null) {
      dropped.let().run();
    }
  }

  void release() {
    clearPipe();
    dropTail();
    BufferPool.Buffer old = held;
    held = BufferPool.Buffer.NONE;
    bytes = held.bytes();
    pool.give(old);
  }

  private void need(int count) {
    if (bytes.remaining() < count) {
      grow(bytes.position() + count);
    }
  }

  private void grow(int size) {
    BufferPool.Buffer bigger = pool.take(size);
    bigger.bytes().put(bytes.flip());
    BufferPool.Buffer old = held;
    held = bigger;
    bytes = bigger.bytes();
    pool.give(old);
  }
}
