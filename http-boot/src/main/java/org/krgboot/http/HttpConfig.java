package org.krgboot.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.krgboot.model.Ipv4;

/**
 * What an operator can set of the HTTP server.
 *
 * @param listen where requests are heard, or {@link Ipv4#ANY}
 * @param port 80 in earnest; 0 lets the kernel choose
 * @param tls HTTPS beside it, if there is a certificate
 * @param limits what strangers can hold
 */
public record HttpConfig(Ipv4 listen, int port, Optional<Tls> tls, Limits limits) {
  /** Refuses what no RFC allows; the message names the setting and its range. */
  public HttpConfig {
    inRange("port", port, 0, 65535);
  }

  /**
   * HTTPS.
   *
   * @param port 443 in earnest; 0 lets the kernel choose
   * @param certificate PEM: the server's certificate, then those between it and the root
   * @param key PEM, PKCS #8, without a password
   */
  public record Tls(int port, Path certificate, Path key) {
    public Tls {
      inRange("TLS port", port, 0, 65535);
    }
  }

  /**
   * Bounds.
   *
   * @param connections at once, all clients together
   * @param ofOneAddress at once from one address
   * @param idle a connection on which nothing moves for so long is closed
   */
  public record Limits(int connections, int ofOneAddress, Duration idle) {
    public static final Limits DEFAULTS = new Limits(4096, 128, Duration.ofSeconds(60));

    public Limits {
      inRange("most connections", connections, 1, 60_000);
      inRange("most connections of one address", ofOneAddress, 1, 60_000);
      inRange("idle seconds", (int) Math.min(idle.toSeconds(), Integer.MAX_VALUE), 1, 3600);
    }
  }

  private static void inRange(String what, int value, int low, int high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          "http: " + what + " " + value + ": must be between " + low + " and " + high);
    }
  }

  /** With every other setting at its default. */
  public static HttpConfig on(Ipv4 listen, int port) {
    return new HttpConfig(listen, port, Optional.empty(), Limits.DEFAULTS);
  }
}
