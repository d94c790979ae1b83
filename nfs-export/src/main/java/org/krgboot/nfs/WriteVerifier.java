package org.krgboot.nfs;

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

  void renew() {
    value = RANDOM.nextLong();
  }
}
