package org.krgboot.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;
import org.krgboot.nfs.NfsConfig;

/** What holds where nothing is configured. The only place that knows a default. */
public final class Defaults {
  public static final Path CONFIG_FILE = Path.of("/etc/krgboot/krgboot.toml");
  static final Path STATE_DIR = Path.of("/var/lib/krgboot");
  static final Path API_SOCKET = Path.of("/run/krgboot/api.sock");
  public static final Path NODE_ROOT = Path.of("/NFSROOT/kerrighed");
  public static final Path HOSTS_FILE = Path.of("/etc/hosts");
  static final Path TFTP_ROOT = Path.of("/srv/tftp");
  public static final int DHCP_PORT = 67;
  static final int TFTP_PORT = 69;

  /** An Ethernet frame of 1500 less the headers of IP (20), UDP (8) and TFTP (4). */
  static final int TFTP_BLOCK_SIZE = 1468;

  static final int TFTP_WINDOW = 64;
  static final int TFTP_TRANSFERS = 4096;
  static final int HTTP_PORT = 80;
  static final int HTTP_TLS_PORT = 443;
  static final String STATUS_ADDRESS = "127.0.0.1";
  static final int STATUS_PORT = 8627;
  public static final int NFS_PORT = NfsConfig.NFS_PORT;
  static final int MOUNT_PORT = NfsConfig.MOUNT_PORT;
  public static final int PORTMAP_PORT = NfsConfig.PORTMAP_PORT;
  static final Duration LEASE_TIME = Duration.ofHours(12);
  static final Duration LEASE_HISTORY = Duration.ofDays(90);
  public static final String NAME_PREFIX = "krgnode";
  static final int MAX_MESSAGE_SIZE = 2048;
  static final boolean PING_CHECK = true;
  static final boolean ANSWER_ROUTER_SOLICITATIONS = true;

  private static final int FIRST_NODE = 101;
  private static final int LAST_NODE = 199;

  private Defaults() {}

  /**
   * The addresses given to nodes: .101 to .199 of the server's own /24, which Kerrighed's
   * autonodeid and the names krgnodeXX want; in a smaller network its upper half. Without the
   * server's own address.
   *
   * @return empty if the network has no room
   */
  public static Optional<AddressRange> range(Subnet subnet, Ipv4 server) {
    Ipv4 first;
    Ipv4 last;
    if (subnet.prefixLength() <= 24) {
      int base = server.bits() & 0xffffff00;
      first = new Ipv4(base | FIRST_NODE);
      last = new Ipv4(base | LAST_NODE);
    } else {
      int size = 1 << (32 - subnet.prefixLength());
      first = new Ipv4(subnet.network().bits() + size / 2);
      last = new Ipv4(subnet.broadcast().bits() - 1);
    }
    return first.compareTo(last) > 0 ? Optional.empty() : longestWithout(first, last, server);
  }

  private static Optional<AddressRange> longestWithout(Ipv4 first, Ipv4 last, Ipv4 server) {
    AddressRange whole = new AddressRange(first, last);
    if (!whole.contains(server)) {
      return Optional.of(whole);
    }
    long below = Integer.toUnsignedLong(server.bits()) - Integer.toUnsignedLong(first.bits());
    long above = whole.size() - below - 1;
    if (below == 0 && above == 0) {
      return Optional.empty();
    }
    return Optional.of(
        below > above
            ? new AddressRange(first, new Ipv4(server.bits() - 1))
            : new AddressRange(server.next(), last));
  }
}
