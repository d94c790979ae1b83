package org.krgboot.nfs;

/** Who calls, from where, and whether a disk may be waited for. */
record Caller(Credential credential, Peer peer, Disk disk) {
  /**
   * To be called where it has turned out that a disk would have to be waited for.
   *
   * @throws NotCachedException unless the call may
   */
  void waitsForDisk() {
    if (disk == Disk.CACHED_ONLY) {
      throw new NotCachedException();
    }
  }
}
