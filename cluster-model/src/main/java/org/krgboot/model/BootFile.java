package org.krgboot.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.Optional;

/**
 * One boot file, open for one transfer: a real file or bytes rendered for the node. Its content
 * does not change while it is open. Used by one thread at a time.
 */
public interface BootFile extends AutoCloseable {
  /** What the file is to a booting node; the node's progress is told from it. */
  enum Role {
    LOADER,
    CONFIG,
    KERNEL,
    INITRD,
    OTHER
  }

  Role role();

  /** Length in bytes; fixed while the file is open. */
  long size();

  /**
   * Reads at {@code position} until {@code into} is full or the file ends.
   *
   * @return the number of bytes read; 0 at the end, never -1
   */
  int read(ByteBuffer into, long position) throws IOException;

  /** The open file itself, for sendfile(2), if it is a real one. Closed by {@link #close}. */
  default Optional<FileChannel> channel() {
    return Optional.empty();
  }

  /** When the content was last changed; empty if it was made for this transfer. */
  default Optional<Instant> changed() {
    return Optional.empty();
  }

  /**
   * Letters, digits and dashes that differ whenever the content does; empty if that cannot be told.
   */
  default Optional<String> fingerprint() {
    return Optional.empty();
  }

  @Override
  void close();
}
