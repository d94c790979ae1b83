package org.krgboot.dhcp;

import org.krgboot.model.MacAddress;

/** By what a host of the configuration is recognised. */
public sealed interface HostKey {
  /** The hardware address, {@code chaddr}. */
  record Mac(MacAddress mac) implements HostKey {
    @Override
    public String toString() {
      return mac.toString();
    }
  }

  /** The whole of option 61. */
  record ClientId(Octets id) implements HostKey {
    @Override
    public String toString() {
      return "client-id " + id;
    }
  }

  /** The DUID inside option 61, RFC 4361 section 6.1, whichever interface (IAID) asks. */
  record Duid(Octets id) implements HostKey {
    @Override
    public String toString() {
      return "duid " + id;
    }
  }

  /** The relay's port, option 82 sub-option 1, RFC 3046. */
  record CircuitId(Octets id) implements HostKey {
    @Override
    public String toString() {
      return "circuit-id " + id;
    }
  }

  /** The far end as the relay knows it, option 82 sub-option 2, RFC 3046. */
  record RemoteId(Octets id) implements HostKey {
    @Override
    public String toString() {
      return "remote-id " + id;
    }
  }
}
