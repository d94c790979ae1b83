package org.krgboot.nfs;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The number by which clients notice that unstable writes may be lost (writeverf3, RFC 1813 section
 * 3.3.7): another one at each start and after each failed sync.
 */
final class WriteVerifier {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int LOCKS = 256;

  private final Lock[] locks = new Lock[LOCKS];
  private final Map<Written, Round> waiting = new ConcurrentHashMap<>();
  private volatile long value = RANDOM.nextLong();

  /** What a sync puts on disk, and by which descriptor: syncs of equal ones do the same. */
  record Written(WireHandle file, int fd, NfsCall.Stability to) {}

  /** One sync, of all that waited for it. */
  private static final class Round {
    private boolean synced; // guarded by the file's lock
  }

  WriteVerifier() {
    for (int i = 0; i < LOCKS; i++) {
      locks[i] = new ReentrantLock();
    }
  }

  long value() {
    return value;
  }

  /**
   * Makes a sync. The kernel tells of data that it lost only once for a descriptor, so whichever
   * call is told has to pass it on to all clients.
   */
  void watch(Identity.Effect sync) throws IOException {
    try {
      sync.run();
    } catch (IOException e) {
      value = RANDOM.nextLong();
      throw e;
    }
  }

  /**
   * Makes a sync of a file's data, one of that file at a time: a sync that succeeds only because
   * another one was told of the failure must not end before that one has passed it on. Those that
   * wait meanwhile share the next one, which begins when all of their data are written.
   *
   * @return the value after it, another one than before if data may be lost
   */
  long watchData(Written data, Identity.Effect sync) throws IOException {
    Round round = waiting.computeIfAbsent(data, _ -> new Round());
    Lock lock = locks[Math.floorMod(data.file().hashCode(), LOCKS)];
    lock.lock();
    try {
      if (!round.synced) {
        waiting.remove(data, round); // whoever comes from now on may come too late for it
        watch(sync);
        round.synced = true; // else the next of them tries for itself
      }
      return value;
    } finally {
      lock.unlock();
    }
  }
}
