package org.krgboot.nfs;

import java.io.IOException;
import java.security.SecureRandom;

/**
 * The number by which clients notice that unstable writes may be lost (writeverf3, RFC 1813 section
 * 3.3.7): another one at each start and after each failed sync.
 */
final class WriteVerifier {
  private static final SecureRandom RANDOM = new SecureRandom();

  private volatile long value = RANDOM.nextLong();

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
}
