package org.krgboot.nfs.wire;

import java.nio.ByteBuffer;

/** Reads XDR, RFC 4506, strictly: padding is zero, a bool is 0 or 1, nothing is left over. */
final class XdrIn {
  private final ByteBuffer bytes;

  XdrIn(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  int word() {
    return bytes.getInt();
  }

  long unsigned() {
    return word() & 0xffffffffL;
  }

  long hyper() {
    return bytes.getLong();
  }

  boolean bool() {
    int value = word();
    if (value != 0 && value != 1) {
      throw new AssertionError("a bool of " + value);
    }
    return value == 1;
  }

  byte[] raw(int size) {
    byte[] value = new byte[size];
    bytes.get(value);
    return value;
  }

  byte[] opaque() {
    int size = word();
    if (size < 0 || size > bytes.remaining()) {
      throw new AssertionError("an opaque of " + size + " bytes in " + bytes.remaining());
    }
    byte[] value = raw(size);
    for (byte each : raw(-size & 3)) {
      if (each != 0) {
        throw new AssertionError("padding that is not zero");
      }
    }
    return value;
  }

  int left() {
    return bytes.remaining();
  }

  /** To be called after the last part. */
  void end() {
    if (bytes.hasRemaining()) {
      throw new AssertionError(bytes.remaining() + " bytes more than the RFC knows");
    }
  }
}
