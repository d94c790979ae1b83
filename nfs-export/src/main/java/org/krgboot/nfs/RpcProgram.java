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
   */
  boolean answer(RpcMessage.Call call, Peer peer, XdrReader arguments, XdrWriter results);

  /**
   * Whether the call may wait for a disk, and so should not hold up others.
   *
   * @param message the whole call
   */
  default boolean waitsForDisk(int procedure, ByteBuffer message) {
    return false;
  }
}
