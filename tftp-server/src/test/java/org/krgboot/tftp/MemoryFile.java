package org.krgboot.tftp;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.krgboot.model.BootFile;

/** A file of bytes in memory that counts how often it was closed. */
record MemoryFile(byte[] bytes, AtomicInteger closed) implements BootFile {
  MemoryFile(byte[] bytes) {
    this(bytes, new AtomicInteger());
  }

  @Override
  public Role role() {
    return Role.OTHER;
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public int read(ByteBuffer into, long position) {
    int length = (int) Math.min(into.remaining(), bytes.length - position);
    into.put(bytes, (int) position, length);
    return length;
  }

  @Override
  public void close() {
    closed.incrementAndGet();
  }
}
