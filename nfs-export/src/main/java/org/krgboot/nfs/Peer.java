package org.krgboot.nfs;

import org.krgboot.model.Ipv4;

/** Where a call came from. */
record Peer(Ipv4 address, int port, Transport transport) {
  /** What carries the calls. */
  enum Transport {
    TCP,
    UDP
  }

  /** Ports below this are for privileged programs, by old custom. */
  private static final int FIRST_ORDINARY_PORT = 1024;

  boolean isOnReservedPort() {
    return port < FIRST_ORDINARY_PORT;
  }
}
