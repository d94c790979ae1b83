package org.krgboot.dhcp;

import java.util.List;
import java.util.Optional;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/**
 * What to do about a request. Nothing of it has been done yet.
 *
 * @param changes to the lease table; those that are {@link Change.Durable} come before the reply
 * @param events told once the reply is out, or at once if there is none
 */
record Answer(Outcome outcome, List<Change> changes, List<BootEvent.OfNode> events) {
  /** What the client hears. */
  sealed interface Outcome {}

  /** A reply. */
  record Reply(DhcpReply reply, Destination to) implements Outcome {}

  /** Nothing. */
  record Silence(Why why) implements Outcome {}

  /**
   * Nothing yet: the address that it would get is to be asked for an echo, if it is not already,
   * and the request decided again when there is one, or none in {@link AddressProbes#PATIENCE}.
   */
  record Probe(Ipv4 address) implements Outcome {}

  /** Why a well-formed request gets no reply. */
  enum Why {
    /** It chose another server's offer. */
    OTHER_SERVER,
    /** It is not in the configuration, and unknown nodes are refused. */
    UNKNOWN_NODE,
    /** It is not in the configuration, and nobody has approved it yet. */
    NOT_APPROVED,
    /** An operator does not want it. */
    REJECTED,
    /** An operator has shut it out. */
    FENCED,
    /** No address can be given to it. */
    NO_ADDRESS,
    /** It asks for nothing that could be granted: no address named. */
    NOTHING_ASKED,
    /** It is of a network that is not served here. */
    OTHER_NETWORK,
    /** What it asks for cannot be had from us, but may be from another server. */
    NOT_AUTHORITATIVE,
    /** RELEASE and DECLINE have no reply. */
    NONE_DUE;

    /** What is wrong and what mends it, where that is the same each time; else nothing. */
    String toOperator(MacAddress mac) {
      return switch (this) {
        case UNKNOWN_NODE ->
            "it is not among the nodes of the configuration, and unknown nodes are refused; krgboot"
                + " approve "
                + mac;
        case NOT_APPROVED -> "it waits for approval; krgboot approve " + mac + " --as NAME";
        case REJECTED -> "it was rejected; krgboot approve " + mac + " if that was a mistake";
        case FENCED -> "it is fenced; krgboot unfence " + mac;
        case NO_ADDRESS, OTHER_NETWORK, OTHER_SERVER, NOTHING_ASKED, NOT_AUTHORITATIVE, NONE_DUE ->
            "";
      };
    }

    /** What the journal calls it. */
    BootEvent.Refusal toldAs() {
      return switch (this) {
        case UNKNOWN_NODE -> BootEvent.Refusal.UNKNOWN_NODE;
        case NOT_APPROVED -> BootEvent.Refusal.NOT_APPROVED;
        case REJECTED -> BootEvent.Refusal.REJECTED;
        case FENCED -> BootEvent.Refusal.FENCED;
        case NO_ADDRESS -> BootEvent.Refusal.NO_FREE_ADDRESS;
        case OTHER_NETWORK -> BootEvent.Refusal.OTHER_NETWORK;
        case OTHER_SERVER, NOTHING_ASKED, NOT_AUTHORITATIVE, NONE_DUE -> BootEvent.Refusal.OTHER;
      };
    }
  }

  /** The client has chosen another server. */
  boolean isLeftForAnother() {
    return outcome.equals(new Silence(Why.OTHER_SERVER));
  }

  /** The address that the client is told to use. */
  Optional<Ipv4> granted() {
    return switch (outcome) {
      case Reply(DhcpReply reply, Destination _) -> Optional.of(reply.yours());
      case Silence _, Probe _ -> Optional.empty();
    };
  }

  static Answer silence(Why why) {
    return new Answer(new Silence(why), List.of(), List.of());
  }
}
