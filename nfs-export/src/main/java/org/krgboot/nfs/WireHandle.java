package org.krgboot.nfs;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A file handle as it is on the wire: opaque to the client, at most 64 bytes. */
final class WireHandle {
  /** RFC 1813 section 2.4, NFS3_FHSIZE. */
  static final int MAX = 64;

  /** Any fixed key: places have to be told apart, not to be secret. */
  private static final SipHash PLACES = new SipHash(new byte[HandleKey.LENGTH]);

  private final byte[] bytes;
  private final int hash;

  /** Takes over the array. */
  WireHandle(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  /** Not to be changed. */
  byte[] bytes() {
    return bytes;
  }

  /** Its last 8 bytes, in a handle of ours a keyed code of the others: names the file as well. */
  long code() {
    return bytes.length < Long.BYTES
        ? hash
        : ByteBuffer.wrap(bytes).getLong(bytes.length - Long.BYTES);
  }

  /** A name in this directory, as a number. */
  long place(byte[] name) {
    return PLACES.of(name, name.length) ^ code();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WireHandle that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
