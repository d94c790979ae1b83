package org.krgboot.dhcp;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.krgboot.model.Ipv4;

/**
 * Which addresses are asked for an echo before they are offered, and what came of it. Used by one
 * thread; knows no clock.
 */
final class AddressProbes {
  /** How long an answer may take; on one wire it takes less than a millisecond, or never comes. */
  static final Duration PATIENCE = Duration.ofMillis(500);

  /**
   * As long as an offer holds: then the node has its address, or a new DISCOVER is an attempt of
   * its own.
   */
  private static final Duration SILENCE_REMEMBERED = Duration.ofSeconds(60);

  /** So many nodes of a boot storm wait; the others are served as if nobody were probed. */
  private static final int MOST_AT_ONCE = 8;

  /**
   * One device that answers in the place of all would use up every pool; then it is better not to
   * ask.
   */
  private static final int MOST_FOUND = 16;

  private final Set<Ipv4> underWay = new HashSet<>();

  /** Until when it is remembered, in the order in which that ends. */
  private final Map<Ipv4, Instant> silent = new LinkedHashMap<>();

  private Instant foundSince = Instant.MIN;
  private int found;

  /** How it stands with an address that nobody is known to use. */
  enum Standing {
    /** To be asked. */
    DUE,
    /** Asked, and not answered yet. */
    UNDER_WAY,
    /** Silent a moment ago; or there is too much to do to ask. */
    NOT_NOW
  }

  Standing standing(Ipv4 address, Instant now) {
    if (underWay.contains(address)) {
      return Standing.UNDER_WAY;
    }
    Instant until = silent.get(address);
    boolean isKnown = until != null && now.isBefore(until);
    return isKnown || underWay.size() >= MOST_AT_ONCE || areUseless(now)
        ? Standing.NOT_NOW
        : Standing.DUE;
  }

  /** True if so many were found in use that something seems to answer in the place of all. */
  boolean areUseless(Instant now) {
    return found >= MOST_FOUND && isSamePeriod(now);
  }

  private boolean isSamePeriod(Instant now) {
    return !foundSince.equals(Instant.MIN)
        && Duration.between(foundSince, now).abs().compareTo(AddressChoice.PROBATION) < 0;
  }

  void begin(Ipv4 address) {
    underWay.add(address);
  }

  /** Nobody has answered. */
  void silent(Ipv4 address, Instant now) {
    underWay.remove(address);
    silent.values().removeIf(until -> !now.isBefore(until));
    silent.remove(address);
    silent.put(address, now.plus(SILENCE_REMEMBERED));
  }

  /** Somebody has. */
  void answered(Ipv4 address, Instant now) {
    underWay.remove(address);
    if (!isSamePeriod(now)) {
      foundSince = now;
      found = 0;
    }
    found++;
  }
}
