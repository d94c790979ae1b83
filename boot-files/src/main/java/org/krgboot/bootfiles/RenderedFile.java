package org.krgboot.bootfiles;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.krgboot.model.BootFile;

/** Configuration made for one node at the moment it asked. */
final class RenderedFile implements BootFile {
  private final byte[] bytes;

  RenderedFile(String text) {
    this.bytes = text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Role role() {
    return Role.CONFIG;
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public int read(ByteBuffer into, long position) {
    int from = (int) Math.min(position, bytes.length);
    int length = Math.min(into.remaining(), bytes.length - from);
    into.put(bytes, from, length);
    return length;
  }

  @Override
  public void close() {}
}
