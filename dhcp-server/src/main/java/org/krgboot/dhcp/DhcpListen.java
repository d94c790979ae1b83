package org.krgboot.dhcp;

import java.util.Optional;
import org.krgboot.model.Ipv4;

/**
 * Where the server listens.
 *
 * @param address the server's own address on the boot network; replies come from it
 * @param port 67, or another for tests (0 = any free one), when clients are at the port after it
 * @param interfaceName the network interface to be bound to; without it, all interfaces are heard
 */
public record DhcpListen(Ipv4 address, int port, Optional<String> interfaceName) {
  /** The longest name of a Linux network interface: IFNAMSIZ less its NUL. */
  static final int MAX_INTERFACE_NAME = 15;

  public DhcpListen {
    if (port < 0 || port > 65534) {
      throw new IllegalArgumentException("a DHCP port is 1 to 65534, not " + port + "; use 67");
    }
    interfaceName.ifPresent(name -> {
      if (name.isEmpty() || name.length() > MAX_INTERFACE_NAME) {
        throw new IllegalArgumentException(
            "'" + name + "' is not the name of a network interface; see `ip link`");
      }
    });
  }
}
