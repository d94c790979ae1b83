package org.krgboot.dhcp;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.krgboot.model.BootEvent;
import org.krgboot.model.MacAddress;

/**
 * Bounds what is told in a minute: a node that is refused asks again every few seconds, a stranger
 * can ask thousands of times a second, and can make up addresses.
 */
final class EventThrottle {
  private static final Duration PERIOD = Duration.ofMinutes(1);

  /** Each refusal once, and so many altogether. */
  private static final int MOST_REFUSALS = 100;

  /** A boot with ROM, iPXE, initrd and kernel is eight of them, some perhaps repeated. */
  private static final int MOST_OF_A_NODE = 30;

  /** More than ever boot within a minute. */
  private static final int MOST_NODES = 10_000;

  private final Set<BootEvent.AddressRefused> refusals = new HashSet<>();
  private final Map<MacAddress, Integer> ofNodes = new HashMap<>();
  private Instant periodStart = Instant.MIN;

  /** Whether the event is to be told; it counts as told then. */
  boolean lets(BootEvent.OfNode event) {
    Instant now = event.at();
    if (now.isBefore(periodStart) || !now.isBefore(endOf(periodStart))) {
      periodStart = now;
      refusals.clear();
      ofNodes.clear();
    }
    return event instanceof BootEvent.AddressRefused refused
        ? letsRefusal(refused)
        : letsStep(event.mac());
  }

  private boolean letsRefusal(BootEvent.AddressRefused event) {
    var key = new BootEvent.AddressRefused(Instant.EPOCH, event.mac(), event.why(), event.reason());
    return refusals.size() < MOST_REFUSALS && refusals.add(key);
  }

  private boolean letsStep(MacAddress mac) {
    boolean room = ofNodes.size() < MOST_NODES || ofNodes.containsKey(mac);
    return room && ofNodes.merge(mac, 1, Integer::sum) <= MOST_OF_A_NODE;
  }

  private static Instant endOf(Instant start) {
    return start.equals(Instant.MIN) ? start : start.plus(PERIOD);
  }
}
