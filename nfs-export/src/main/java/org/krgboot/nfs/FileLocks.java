package org.krgboot.nfs;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Locks under which a file or directory is changed, so that the attributes before and after, which
 * a client is told, belong to its own change alone (wcc_data, RFC 1813 section 2.6).
 */
final class FileLocks {
  private static final int COUNT = 1024;

  private final ReentrantLock[] locks = new ReentrantLock[COUNT];

  FileLocks() {
    for (int i = 0; i < COUNT; i++) {
      locks[i] = new ReentrantLock();
    }
  }

  private int index(CachedFile file) {
    return (file.handle().hashCode() & Integer.MAX_VALUE) % COUNT;
  }

  Lock of(CachedFile file) {
    return locks[index(file)];
  }

  /** The one of two locks to be taken first: always the same order, so nobody waits in a circle. */
  Lock first(CachedFile one, CachedFile other) {
    return locks[Math.min(index(one), index(other))];
  }

  Lock second(CachedFile one, CachedFile other) {
    return locks[Math.max(index(one), index(other))];
  }
}
