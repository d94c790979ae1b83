package org.krgboot.dhcp;

import org.krgboot.model.Ipv4;

/**
 * How a datagram came in.
 *
 * @param at our own address on the interface that it came in by
 * @param cast whether it was sent to that address
 * @param sourcePort where it was sent from
 */
record Arrival(Ipv4 at, Cast cast, int sourcePort) {
  /** To whom it was sent. */
  enum Cast {
    TO_US,
    TO_ALL
  }
}
