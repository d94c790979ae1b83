package org.krgboot.dhcp;

import java.net.Inet6Address;
import java.time.Duration;
import java.time.Instant;
import org.krgboot.dhcp.RouterDiscoveryMessage.EmptyAdvertisement;
import org.krgboot.dhcp.RouterDiscoveryMessage.Malformed;
import org.krgboot.dhcp.RouterDiscoveryMessage.Offer;
import org.krgboot.dhcp.RouterDiscoveryMessage.Solicitation;
import org.krgboot.linux.Icmp6Packet;

/**
 * Whether a Router Solicitation is answered. Pure.
 *
 * <p>iPXE runs DHCP and IPv6 router discovery together and waits for both, until its solicitations
 * have gone unanswered for 16 s. An advertisement of nothing ends the wait. It goes to the asking
 * node only, and where a real router advertises there is none of ours, so that nobody's IPv6
 * depends on it.
 */
final class RouterDiscovery {
  /**
   * How long another router is believed to be there at least: the longest pause that a router may
   * leave between two advertisements, RFC 4861 section 6.2.1, MaxRtrAdvInterval.
   */
  static final Duration ROUTER_REMEMBERED = Duration.ofMinutes(30);

  /** Enough for a boot storm, since each node asks six times; and a bound on what a flood costs. */
  static final int MAX_ANSWERS_A_SECOND = 500;

  /** RFC 4861 section 4.2: hop limit, flags, lifetime and timers are all "unspecified", 0. */
  private static final int ADVERTISEMENT_LENGTH = 16;

  private RouterDiscovery() {}

  /**
   * What is remembered from one packet to the next.
   *
   * @param silentUntil another router is believed to be there until then
   * @param second when the present second of counting began
   * @param answers how many solicitations have been answered in it
   */
  record State(Instant silentUntil, Instant second, int answers) {
    static final State FIRST = new State(Instant.MIN, Instant.MIN, 0);
  }

  /** What to do about a packet. */
  sealed interface Verdict {
    record Advertise(Inet6Address to) implements Verdict {}

    record Silent(Why why) implements Verdict {}
  }

  enum Why {
    MALFORMED,
    /** A router that offers something has been heard. */
    OTHER_ROUTER,
    /** The advertisement of a router, which needs no answer. */
    ADVERTISEMENT,
    /** From no address, or none of this link: it cannot be answered to the node alone. */
    NOT_LINK_LOCAL,
    /** More were answered in this second than may be. */
    TOO_MANY
  }

  record Step(State next, Verdict verdict) {}

  /** An advertisement that makes nobody's router and gives nobody an address. */
  static byte[] advertisement() {
    byte[] bytes = new byte[ADVERTISEMENT_LENGTH];
    bytes[0] = (byte) RouterDiscoveryMessage.ADVERTISEMENT;
    return bytes;
  }

  static Step step(State state, Icmp6Packet packet, Instant now) {
    return switch (RouterDiscoveryDecoder.decode(packet)) {
      case Solicitation(Inet6Address from) -> onSolicitation(state, from, now);
      case Offer(Duration lifetime) -> silent(heard(state, lifetime, now), Why.ADVERTISEMENT);
      case EmptyAdvertisement() -> silent(state, Why.ADVERTISEMENT);
      case Malformed() -> silent(state, Why.MALFORMED);
    };
  }

  private static Step onSolicitation(State state, Inet6Address from, Instant now) {
    if (!from.isLinkLocalAddress()) {
      return silent(state, Why.NOT_LINK_LOCAL);
    }
    if (now.isBefore(state.silentUntil)) {
      return silent(state, Why.OTHER_ROUTER);
    }
    State counted = counted(state, now);
    return counted.answers > MAX_ANSWERS_A_SECOND
        ? silent(state, Why.TOO_MANY)
        : new Step(counted, new Verdict.Advertise(from));
  }

  private static State counted(State state, Instant now) {
    boolean same = !now.isBefore(state.second) && now.minusSeconds(1).isBefore(state.second);
    return same
        ? new State(state.silentUntil, state.second, state.answers + 1)
        : new State(state.silentUntil, now, 1);
  }

  private static State heard(State state, Duration lifetime, Instant now) {
    Duration remembered = lifetime.compareTo(ROUTER_REMEMBERED) > 0 ? lifetime : ROUTER_REMEMBERED;
    Instant until = now.plus(remembered);
    return until.isAfter(state.silentUntil) ? new State(until, state.second, state.answers) : state;
  }

  private static Step silent(State state, Why why) {
    return new Step(state, new Verdict.Silent(why));
  }
}
