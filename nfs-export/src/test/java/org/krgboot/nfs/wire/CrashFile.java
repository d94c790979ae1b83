package org.krgboot.nfs.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a client knows of a file of its own: all that the server has promised of it. */
final class CrashFile {
  /** Data the server may still lose, and under which verifier it took it. */
  record Unstable(int offset, int length, List<Byte> verifier) {}

  final byte[] handle;
  final long fileid;
  final List<Unstable> unstable = new ArrayList<>();
  byte[] content = {};
  int mode;
  int links = 1;

  CrashFile(byte[] handle, long fileid, int mode) {
    this.handle = handle;
    this.fileid = fileid;
    this.mode = mode;
  }

  void put(int offset, byte[] data) {
    resize(Math.max(content.length, offset + data.length));
    System.arraycopy(data, 0, content, offset, data.length);
  }

  void resize(int size) {
    content = Arrays.copyOf(content, size);
  }

  byte[] part(Unstable piece) {
    return Arrays.copyOfRange(content, piece.offset(), piece.offset() + piece.length());
  }
}
