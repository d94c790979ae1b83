package org.krgboot.tftp;

import java.util.Optional;
import org.krgboot.model.Ipv4;

/**
 * What an operator can set of the TFTP server.
 *
 * @param listen where requests are heard, or {@link Ipv4#ANY}
 * @param port 69 in earnest; 0 lets the kernel choose
 * @param interfaceName the only network interface to serve, or any
 * @param maxBlockSize octets of data in a packet at most; the interface's MTU less 32 keeps every
 *     packet whole
 * @param maxWindow blocks in flight at most (RFC 7440)
 * @param maxTransfers transfers at once; others wait, and ask again
 * @param dscp the differentiated services code point of every packet, RFC 2474; 0 is the usual one
 */
public record TftpConfig(
    Ipv4 listen,
    int port,
    Optional<String> interfaceName,
    int maxBlockSize,
    int maxWindow,
    int maxTransfers,
    int dscp) {
  private static final int DEFAULT_BLOCK_SIZE = 1468;
  private static final int DEFAULT_WINDOW = 64;
  private static final int DEFAULT_TRANSFERS = 4096;

  /** Refuses what no RFC allows; the message names the setting and its range. */
  public TftpConfig {
    inRange("port", port, 0, 65535);
    inRange("largest block size", maxBlockSize, 512, TransferPlan.LARGEST_BLOCK);
    inRange("largest window", maxWindow, 1, 1024);
    inRange("most transfers", maxTransfers, 1, 60_000);
    inRange("DSCP", dscp, 0, 63);
    interfaceName.ifPresent(
        name -> inRange("length of interface name '" + name + "'", name.length(), 1, 15));
  }

  private static void inRange(String what, int value, int low, int high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          "tftp: " + what + " " + value + ": must be between " + low + " and " + high);
    }
  }

  /** With every other setting at its default. */
  public static TftpConfig on(Ipv4 listen, int port) {
    return new TftpConfig(
        listen, port, Optional.empty(), DEFAULT_BLOCK_SIZE, DEFAULT_WINDOW, DEFAULT_TRANSFERS, 0);
  }
}
