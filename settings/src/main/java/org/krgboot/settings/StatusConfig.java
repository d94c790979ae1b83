package org.krgboot.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The status page, metrics and the API over TCP.
 *
 * @param address where it listens
 * @param whenTaken what to do if another process has the port
 * @param token the file with the word that actions need, and beyond this machine everything
 * @param hosts names, besides its addresses, under which browsers may call it
 */
public record StatusConfig(
    String address,
    int port,
    WhenTaken whenTaken,
    Optional<Path> token,
    Optional<Tls> tls,
    List<String> hosts) {
  public StatusConfig {
    hosts = List.copyOf(hosts);
  }

  /** PEM files; the key is PKCS #8. */
  public record Tls(Path certificate, Path key) {}

  /** What becomes of the daemon when its status port is taken. */
  public enum WhenTaken {
    /** The port was asked for. */
    DO_NOT_START,
    /** The port is the default one: nodes matter more than the page. */
    LEAVE_OUT
  }

  /** Whether only this machine can reach it. */
  public boolean isLoopback() {
    return address.startsWith("127.") || address.equals("::1") || address.equals("localhost");
  }
}
