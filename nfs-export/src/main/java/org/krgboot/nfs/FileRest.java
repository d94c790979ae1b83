package org.krgboot.nfs;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.krgboot.linux.TcpSockets;

/**
 * What is left to send of a READ for which the client had no room: instead of the bytes, where they
 * are in the file. They were read just before, so that they are in memory in all likelihood.
 */
final class FileRest {
  private static final MemorySegment ZEROS = Arena.global().allocate(64 << 10);

  private final int fd;
  private final Runnable let;
  private long offset;
  private int left;

  /** Takes the file over, and lets go of it in {@link #close}. */
  FileRest(int fd, long offset, int left, Runnable let) {
    this.fd = fd;
    this.offset = offset;
    this.left = left;
    this.let = let;
  }

  /**
   * Sends what there is room for.
   *
   * @return true when all of it is sent
   */
  boolean send(int socket) throws IOException {
    while (left > 0) {
      int count = TcpSockets.sendFile(socket, fd, offset, left);
      if (count == 0) { // the file was cut off since, and the client was promised so many bytes
        count = TcpSockets.send(socket, ZEROS.asSlice(0, Math.min(left, ZEROS.byteSize())));
      }
      if (count == TcpSockets.WOULD_BLOCK) {
        return false;
      }
      offset += count;
      left -= count;
    }
    return true;
  }

  void close() {
    let.run();
  }
}
