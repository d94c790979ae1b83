package org.krgboot.nfs;

/** What a call is about is not in memory, and it was not to wait for the disk. It did nothing. */
final class NotCachedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NotCachedException() {
    super("not in memory", null, false, false);
  }
}
