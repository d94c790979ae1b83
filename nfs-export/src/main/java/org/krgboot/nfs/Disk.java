package org.krgboot.nfs;

/** Whether a call may wait for a disk. */
enum Disk {
  /** No: others wait for this thread. {@link NotCachedException} if it would have to. */
  CACHED_ONLY,
  MAY_WAIT
}
