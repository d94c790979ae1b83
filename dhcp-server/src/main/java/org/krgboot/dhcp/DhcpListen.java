package org.krgboot.dhcp;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.krgboot.model.Ipv4;

/**
 * Where the server listens.
 *
 * @param links one for each interface
 * @param port 67, or another for tests (0 = any free one), when clients are at the port after it
 */
public record DhcpListen(List<Link> links, int port) {
  /** The longest name of a Linux network interface: IFNAMSIZ less its NUL. */
  static final int MAX_INTERFACE_NAME = 15;

  /**
   * A way to the nodes.
   *
   * @param address the server's own address on that network; replies come from it
   * @param interfaceName the network interface to be bound to; without it, all interfaces are heard
   * @param others addresses that we have there besides, for other subnets of the same wire
   */
  public record Link(Ipv4 address, Optional<String> interfaceName, List<Ipv4> others) {
    /** One with one address. */
    public Link(Ipv4 address, Optional<String> interfaceName) {
      this(address, interfaceName, List.of());
    }

    /** Refuses what Linux has no interface for. */
    public Link {
      others = List.copyOf(others);
      interfaceName.ifPresent(name ->
          require(
              !name.isEmpty() && name.length() <= MAX_INTERFACE_NAME,
              "'" + name + "' is not the name of a network interface; see `ip link`"));
    }
  }

  /** Refuses links that cannot be told apart. */
  public DhcpListen {
    links = List.copyOf(links);
    require(port >= 0 && port <= 65534, "a DHCP port is 1 to 65534, not " + port + "; use 67");
    require(!links.isEmpty(), "a DHCP server needs an interface to listen on");
    Set<Object> names = new HashSet<>();
    for (Link link : links) {
      require(
          links.size() == 1 || link.interfaceName().isPresent(),
          "of several interfaces each needs its name, and " + link.address() + " has none");
      link.interfaceName()
          .ifPresent(name ->
              require(
                  names.add(name),
                  "the interface "
                      + name
                      + " is in two networks; make them one network with two subnets"));
    }
  }

  /** On one interface only. */
  public static DhcpListen on(Ipv4 address, int port, Optional<String> interfaceName) {
    return new DhcpListen(List.of(new Link(address, interfaceName)), port);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
