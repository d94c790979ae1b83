package org.krgboot.nfs;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Reads XDR (RFC 4506) in place from a big-endian buffer, from its position to its limit.
 *
 * <p>Every method throws {@link MalformedException} if the bytes end early or a length exceeds the
 * given maximum; nothing is allocated before its bytes are known to be there.
 */
final class XdrReader {
  private final ByteBuffer bytes;

  XdrReader(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /** Another reader of what is left. */
  XdrReader copy() {
    return new XdrReader(bytes.slice());
  }

  int remaining() {
    return bytes.remaining();
  }

  int u32() {
    need(4);
    return bytes.getInt();
  }

  long u64() {
    need(8);
    return bytes.getLong();
  }

  /** RFC 4506 section 4.4: 0 or 1; any other number is malformed. */
  boolean bool() {
    int value = u32();
    if (value >>> 1 != 0) {
      throw new MalformedException("a bool of " + value);
    }
    return value == 1;
  }

  /** Fixed-length opaque data. */
  byte[] fixed(int length) {
    need(padded(length));
    byte[] data = new byte[length];
    bytes.get(data);
    bytes.position(bytes.position() + padded(length) - length);
    return data;
  }

  /** Variable-length opaque data or a string, of at most {@code max} bytes. */
  byte[] opaque(int max) {
    return fixed(length(max));
  }

  /** As {@link #opaque}, but as a view of the bytes where they are. */
  ByteBuffer opaqueInPlace(int max) {
    int length = length(max);
    need(padded(length));
    ByteBuffer view = bytes.slice(bytes.position(), length);
    bytes.position(bytes.position() + padded(length));
    return view;
  }

  private int length(int max) {
    int length = u32();
    if (length < 0 || length > max) {
      throw new MalformedException("a length of " + Integer.toUnsignedString(length));
    }
    return length;
  }

  /** CRC-32 of what is left, but of no more than {@code most} bytes. */
  long checksum(int most) {
    CRC32 sum = new CRC32();
    sum.update(bytes.slice(bytes.position(), Math.min(most, bytes.remaining())));
    return sum.getValue();
  }

  /** Rounded up to four, RFC 4506 section 3. */
  static int padded(int length) {
    return (length + 3) & ~3;
  }

  private void need(int count) {
    if (bytes.remaining() < count) {
      throw new MalformedException("the message ends early");
    }
  }
}
