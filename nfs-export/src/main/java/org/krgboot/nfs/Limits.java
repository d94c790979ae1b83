package org.krgboot.nfs;

import java.time.Duration;

/**
 * What strangers can make the server hold.
 *
 * @param connections open TCP connections of one port
 * @param addressShare how many in a hundred of the connections and of the memory one address may
 *     have
 * @param ioSize the largest READ and WRITE over TCP, in bytes
 * @param descriptors files that are kept open between calls
 * @param replies answers of calls kept for retransmissions
 * @param bufferBytes memory for calls and replies in all
 * @param waitingCalls calls of one connection that wait for a disk at a time; nothing more is read
 *     from it then, so that this bounds its replies too
 * @param idle how long a connection may be silent
 * @param stall how long a client may leave a call unfinished or a reply unread
 */
public record Limits(
    int connections,
    int addressShare,
    int ioSize,
    int descriptors,
    int replies,
    long bufferBytes,
    int waitingCalls,
    Duration idle,
    Duration stall) {
  public static final Limits DEFAULTS =
      new Limits(
          4096,
          50,
          1 << 20,
          1024,
          8192,
          256L << 20,
          16,
          Duration.ofMinutes(10),
          Duration.ofSeconds(60));

  /** READ and WRITE over UDP, where a datagram has less than 64 KiB. */
  static final int UDP_IO_SIZE = 32 << 10;

  private static final int CALL_HEAD = 4 << 10;

  public Limits {
    if (ioSize < UDP_IO_SIZE || ioSize > 1 << 20 || ioSize % 4096 != 0) {
      throw new IllegalArgumentException(
          "ioSize is 32 KiB to 1 MiB in steps of 4 KiB, not " + ioSize);
    }
    if (addressShare < 1 || addressShare > 100 || waitingCalls < 1) {
      throw new IllegalArgumentException(
          "a share of " + addressShare + " in a hundred, and " + waitingCalls + " calls that wait");
    }
  }

  int connectionsOfOneAddress() {
    return (int) (((long) connections * addressShare + 99) / 100);
  }

  /** Of the memory for calls and replies. */
  long bytesOfOneAddress() {
    return bufferBytes / 100 * addressShare;
  }

  /** The longest call: a WRITE with its head. */
  int maxRecord() {
    return ioSize + CALL_HEAD;
  }

  int ioSize(Peer.Transport transport) {
    return switch (transport) {
      case TCP -> ioSize;
      case UDP -> UDP_IO_SIZE;
    };
  }
}
