package org.krgboot.nfs;

import java.util.Arrays;

/** A file handle as it is on the wire: opaque to the client, at most 64 bytes. */
final class WireHandle {
  /** RFC 1813 section 2.4, NFS3_FHSIZE. */
  static final int MAX = 64;

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

  @Override
  public boolean equals(Object other) {
    return other instanceof WireHandle that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
