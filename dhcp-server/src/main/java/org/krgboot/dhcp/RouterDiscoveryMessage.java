package org.krgboot.dhcp;

import java.net.Inet6Address;
import java.time.Duration;

/** What a packet of router discovery says, RFC 4861 section 4. */
sealed interface RouterDiscoveryMessage {
  /** ICMPv6 types. */
  int SOLICITATION = 133;

  int ADVERTISEMENT = 134;

  /** A host asks whether there is a router. */
  record Solicitation(Inet6Address from) implements RouterDiscoveryMessage {}

  /**
   * Another router offers to be one, or a prefix, or sends hosts to DHCPv6.
   *
   * @param lifetime of the router as a default router; 0 if it offers something else only
   */
  record Offer(Duration lifetime) implements RouterDiscoveryMessage {}

  /** An advertisement that gives nobody anything, such as ours. */
  record EmptyAdvertisement() implements RouterDiscoveryMessage {}

  /** Not valid by RFC 4861 sections 6.1.1 and 6.1.2. */
  record Malformed() implements RouterDiscoveryMessage {}
}
