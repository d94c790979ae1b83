package org.krgboot.dhcp;

/** What a datagram is: a client's message, or why it is not looked at further. */
sealed interface Decoded permits DhcpRequest, Decoded.Refused {
  /** Dropped and counted; it changes nothing. */
  record Refused(Why why) implements Decoded {}

  /** Kinds of refusal. */
  enum Why {
    /** Not a well-formed message. */
    MALFORMED,
    /** BOOTP without DHCP, which has no lease; as {@code deny bootp} in dhcpd.conf. */
    BOOTP,
    /** Hardware other than Ethernet, or no address of one machine. */
    NOT_ETHERNET,
    /** Something that a server sends: our own reply, or another server's. */
    FROM_A_SERVER
  }
}
