package org.krgboot.model;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Bounds the refusals that are told in a minute: a stranger can ask for what is not there thousands
 * of times a second, from made-up addresses. Safe for any thread.
 */
public final class RefusalThrottle {
  private static final Duration PERIOD = Duration.ofMinutes(1);

  /** PXELINUX and GRUB try some dozens of names in a boot. */
  private static final int MOST_OF_AN_ADDRESS = 100;

  private static final int MOST = 5_000;

  private final Map<Ipv4, Integer> told = new HashMap<>();
  private Instant periodStart = Instant.EPOCH;
  private int all;

  /** Whether a refusal of this client is to be told; it counts as told then. */
  public synchronized boolean lets(Ipv4 client, Instant now) {
    if (now.isBefore(periodStart) || !now.isBefore(periodStart.plus(PERIOD))) {
      periodStart = now;
      told.clear();
      all = 0;
    }
    if (all >= MOST || told.merge(client, 1, Integer::sum) > MOST_OF_AN_ADDRESS) {
      return false;
    }
    all++;
    return true;
  }
}
