package org.krgboot.nfs;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An entry of a directory where getdents(2) put it: {@code struct linux_dirent64}.
 *
 * @param entries all that came with it
 * @param bytes the same
 * @param at where it begins
 */
record Listed(MemorySegment entries, ByteBuffer bytes, int at, int nameLength) {
  private static final int OFFSET = 8;
  private static final int LENGTH = 16;
  private static final int NAME = 19;

  /** The first of them. */
  static Listed first(MemorySegment entries) {
    return at(entries, entries.asByteBuffer().order(ByteOrder.nativeOrder()), 0);
  }

  private static Listed at(MemorySegment entries, ByteBuffer bytes, int at) {
    int end = at + NAME;
    while (bytes.get(end) != 0) {
      end++;
    }
    return new Listed(entries, bytes, at, end - at - NAME);
  }

  private int end() {
    return at + Short.toUnsignedInt(bytes.getShort(at + LENGTH));
  }

  boolean isLast() {
    return end() >= bytes.limit();
  }

  /** The one after it. */
  Listed next() {
    return at(entries, bytes, end());
  }

  long inode() {
    return bytes.getLong(at);
  }

  /** By which a listing goes on after it. */
  long cookie() {
    return bytes.getLong(at + OFFSET);
  }

  int nameAt() {
    return at + NAME;
  }

  byte[] name() {
    return entries.asSlice(nameAt(), nameLength).toArray(ValueLayout.JAVA_BYTE);
  }

  boolean isParent() {
    return nameLength == 2 && bytes.get(nameAt()) == '.' && bytes.get(nameAt() + 1) == '.';
  }

  void writeName(XdrWriter out) {
    out.opaque(bytes, nameAt(), nameLength);
  }
}
