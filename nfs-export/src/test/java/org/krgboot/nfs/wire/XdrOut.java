package org.krgboot.nfs.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Writes XDR, RFC 4506. */
final class XdrOut {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  XdrOut word(int value) {
    bytes.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
    return this;
  }

  XdrOut words(int... values) {
    for (int value : values) {
      word(value);
    }
    return this;
  }

  XdrOut hyper(long value) {
    bytes.writeBytes(ByteBuffer.allocate(8).putLong(value).array());
    return this;
  }

  /** Without length and padding. */
  XdrOut raw(byte[] value) {
    bytes.writeBytes(value);
    return this;
  }

  /** Variable-length opaque: length, bytes, padding. */
  XdrOut opaque(byte[] value) {
    word(value.length).raw(value);
    return raw(new byte[-value.length & 3]);
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }
}
