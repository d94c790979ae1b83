package org.krgboot.dhcp;

import org.krgboot.model.BootEvent;

/** What a server that gives no addresses does about a message. */
sealed interface ProxyAnswer {
  /** An offer or acknowledgement without an address. */
  record Reply(DhcpReply reply) implements ProxyAnswer {}

  /** Nothing to say; the node took the address of another server, and that is told. */
  record Seen(BootEvent.OfNode event) implements ProxyAnswer {}

  /** Nothing at all. */
  record Silence(Why why) implements ProxyAnswer {}

  /** Why a well-formed message gets no reply. */
  enum Why {
    /** It does not boot from the network: only the other server's business. */
    NOT_FIRMWARE,
    /** There is no boot file for its architecture. */
    NO_BOOT_FILE,
    /** It came through a relay, which would take our reply for the only one. */
    RELAYED,
    /** RENEW, RELEASE and the like concern the other server. */
    OTHER_SERVER,
    /** At port 4011 only REQUEST and INFORM of a node with an address are answered. */
    NOTHING_ASKED
  }
}
