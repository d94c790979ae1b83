package org.krgboot.dhcp;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.krgboot.model.BootEvent;

/**
 * Lets each refusal through once a minute, and a bounded number of them altogether: a node that is
 * refused asks again every few seconds, and a stranger can make up addresses.
 */
final class RefusalThrottle {
  private static final Duration PERIOD = Duration.ofMinutes(1);
  private static final int MAX_PER_PERIOD = 100;

  private final Set<BootEvent.AddressRefused> told = new HashSet<>();
  private Instant periodStart = Instant.MIN;

  boolean lets(BootEvent.AddressRefused event) {
    Instant now = event.at();
    if (now.isBefore(periodStart) || !now.isBefore(endOf(periodStart))) {
      periodStart = now;
      told.clear();
    }
    if (told.size() >= MAX_PER_PERIOD) {
      return false;
    }
    var key = new BootEvent.AddressRefused(Instant.EPOCH, event.mac(), event.reason());
    return told.add(key);
  }

  private static Instant endOf(Instant start) {
    return start.equals(Instant.MIN) ? start : start.plus(PERIOD);
  }
}
