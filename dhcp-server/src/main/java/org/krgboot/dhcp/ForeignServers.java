package org.krgboot.dhcp;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Other DHCP servers on our wires. What they offer is sent to the nodes and not to us, but a node
 * that takes an offer says to all whose: RFC 2131 section 3.1. On one loop.
 */
final class ForeignServers {
  private static final Logger LOG = LoggerFactory.getLogger(ForeignServers.class);

  /** A stranger can make up any number of servers; the one named longest ago is forgotten. */
  private static final int MOST = 64;

  /** What is not told for this is not remembered either, so a real server has its turn later. */
  private static final int MOST_IN_A_PERIOD = 8;

  private static final Duration PERIOD = Duration.ofMinutes(1);

  /** Those named last are at the end. */
  private final SequencedSet<Ipv4> known = new LinkedHashSet<>();

  private final Counters counters;
  private Instant periodStart = Instant.MIN;
  private int told;

  ForeignServers(Counters counters) {
    this.counters = counters;
  }

  /** The node has taken the offer of that server, and not ours; told once for each server. */
  void chosen(Ipv4 server, MacAddress node, Instant now) {
    if (known.remove(server)) {
      known.addLast(server);
      return;
    }
    if (!mayTell(now)) {
      counters.foreignServerUntold();
      return;
    }
    known.addLast(server);
    if (known.size() > MOST) {
      known.removeFirst();
    }
    counters.foreignServer();
    LOG.warn(
        "another DHCP server is on this network, {}: {} took its offer; stop it, or say mode ="
            + " \"proxy\" under [dhcp] to leave the addresses to it",
        server,
        node);
  }

  private boolean mayTell(Instant now) {
    boolean same =
        !periodStart.equals(Instant.MIN)
            && Duration.between(periodStart, now).abs().compareTo(PERIOD) < 0;
    if (!same) {
      periodStart = now;
      told = 0;
    }
    told++;
    return told <= MOST_IN_A_PERIOD;
  }
}
