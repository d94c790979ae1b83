package org.krgboot.tftp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.krgboot.model.BootFile;

/**
 * A file as netascii sends it, RFC 764 by way of RFC 1350: LF becomes CR LF, a bare CR becomes CR
 * NUL. Held in memory, since tsize must tell the converted length; netascii is for short texts.
 */
final class NetasciiFile implements BootFile {
  /**
   * Longer files are not text that somebody reads by TFTP, and thousands of transfers, perhaps of
   * made-up clients, may hold one each.
   */
  static final int LONGEST = 128 << 10;

  private final Role role;
  private final byte[] bytes;

  private NetasciiFile(Role role, byte[] bytes) {
    this.role = role;
    this.bytes = bytes;
  }

  /**
   * Reads all of {@code file}, which stays open.
   *
   * @throws IOException if it cannot be read, or is longer than {@link #LONGEST}
   */
  static NetasciiFile of(BootFile file) throws IOException {
    if (file.size() > LONGEST) {
      throw new IOException("too long for netascii; ask for it in octet (binary) mode");
    }
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
    return new NetasciiFile(file.role(), out.toByteArray());
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
  public void close() {}
}
