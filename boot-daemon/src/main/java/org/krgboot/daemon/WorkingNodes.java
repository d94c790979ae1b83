package org.krgboot.daemon;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.krgboot.model.Ipv4;

/**
 * Which addresses have a node at work, for DHCP to give them to no other when their lease has run
 * out. As of a second ago at most. Used by one thread.
 */
final class WorkingNodes implements Predicate<Ipv4> {
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final Supplier<Set<Ipv4>> source;
  private final InstantSource clock;
  private Set<Ipv4> known = Set.of();
  private Instant asked = Instant.MIN;

  /**
   * Knows what the source says.
   *
   * @param source those at work now; too slow to be asked for each address
   */
  WorkingNodes(Supplier<Set<Ipv4>> source, InstantSource clock) {
    this.source = source;
    this.clock = clock;
  }

  @Override
  public boolean test(Ipv4 address) {
    Instant now = clock.instant();
    if (asked.equals(Instant.MIN) || Duration.between(asked, now).abs().compareTo(FRESH) >= 0) {
      asked = now;
      known = source.get();
    }
    return known.contains(address);
  }
}
