package org.krgboot.nfs;

import java.nio.ByteBuffer;

/** One ONC RPC program. Called by many threads at once. */
interface RpcProgram {
  /** The program's number. */
  int number();

  /** The program's name in counters. */
  String name();

  int lowestVersion();

  int highestVersion();

  boolean serves(int version);

  /** Somebody asked for a version that is not served. */
  void versionRefused(Peer peer, int version);

  /**
   * Decodes the arguments, acts, and writes the results.
   *
   * @return false if there is no such procedure; nothing was written then
   * @throws MalformedException if the arguments are not what the procedure takes; nothing was done
   * @throws NotCachedException if it would have to wait for a disk, and may not; nothing was done
   */
  boolean answer(
      RpcMessage.Call call, Peer peer, Disk disk, XdrReader arguments, XdrWriter results);

  /**
   * Whether it can be told already that the call waits for a disk, and so would hold up others.
   *
   * @param message the whole call
   */
  default boolean waitsForDisk(int procedure, ByteBuffer message) {
    return false;
  }
}
