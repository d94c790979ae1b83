package org.krgboot.dhcp;

import java.util.Set;
import org.krgboot.model.AddressRange;

/**
 * Addresses for nodes that have none of their own.
 *
 * @param allow classes whose nodes get addresses here, {@code known} and {@code unknown} among
 *     them; empty if all do
 * @param deny classes whose nodes do not
 */
public record Pool(AddressRange range, Set<String> allow, Set<String> deny, ScopeOptions options) {
  /** The table keeps a bit for each address. */
  private static final long MAX_RANGE = 1 << 16;

  /** Refuses a range too large. */
  public Pool {
    allow = Set.copyOf(allow);
    deny = Set.copyOf(deny);
    if (range.size() > MAX_RANGE) {
      throw new IllegalArgumentException(
          "the range " + range + " has more than " + MAX_RANGE + " addresses; make it smaller");
    }
  }

  /** A pool for all. */
  public static Pool of(AddressRange range) {
    return new Pool(range, Set.of(), Set.of(), ScopeOptions.NONE);
  }

  boolean admits(Set<String> classes) {
    return (allow.isEmpty() || classes.stream().anyMatch(allow::contains))
        && classes.stream().noneMatch(deny::contains);
  }
}
