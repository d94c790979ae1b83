package org.krgboot.tftp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import org.krgboot.model.BootFile;

/**
 * A file as netascii sends it, RFC 764 by way of RFC 1350: LF becomes CR LF, a bare CR becomes CR
 * NUL. Held in memory, since tsize must tell the converted length; netascii is for short texts.
 */
final class NetasciiFile implements BootFile {
  /** Longer files are not text that somebody reads by TFTP. */
  static final int LONGEST = 128 << 10;

  private final Role role;
  private final byte[] bytes;
  private final Semaphore memory;
  private final int reserved;

  private NetasciiFile(Role role, byte[] bytes, Semaphore memory, int reserved) {
    this.role = role;
    this.bytes = bytes;
    this.memory = memory;
    this.reserved = reserved;
  }

  /**
   * Reads all of {@code file}, which stays open.
   *
   * @param memory bytes that may be held; some of them are until {@link #close}
   * @throws IOException if it cannot be read, is longer than {@link #LONGEST}, or there is no room
   */
  static NetasciiFile of(BootFile file, Semaphore memory) throws IOException {
    if (file.size() > LONGEST) {
      throw new IOException("too long for netascii; ask for it in octet (binary) mode");
    }
    int reserved = 2 * (int) file.size(); // every octet may become two
    if (!memory.tryAcquire(reserved)) {
      throw new IOException("too many texts at once; ask again later, or in octet (binary) mode");
    }
    try {
      return new NetasciiFile(file.role(), converted(file), memory, reserved);
    } catch (IOException | RuntimeException e) {
      memory.release(reserved);
      throw e;
    }
  }

  private static byte[] converted(BootFile file) throws IOException {
    ByteBuffer plain = ByteBuffer.allocate((int) file.size());
    int read = file.read(plain, 0);
    ByteArrayOutputStream out = new ByteArrayOutputStream(read + read / 32);
    for (int i = 0; i < read; i++) {
      byte octet = plain.get(i);
      if (octet == '\n') {
        out.write('\r');
      }
      out.write(octet);
      if (octet == '\r') {
        out.write(0);
      }
    }
    return out.toByteArray();
  }

  @Override
  public Role role() {
    return role;
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
  public void close() {
    memory.release(reserved);
  }
}
