package org.krgboot.dhcp;

import java.time.Instant;
import java.util.BitSet;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.krgboot.model.Ipv4;

/** Which addresses of one pool can be given away, found without looking at the others. */
final class PoolAddresses {
  static final Comparator<Binding> BY_EXPIRY =
      Comparator.comparing((Binding b) -> b.lease().expires()).thenComparing(Binding::address);

  private final Pool pool;

  /** By distance from the pool's first address: all that somebody has, had, or must not have. */
  private final BitSet taken = new BitSet();

  /** None below this is clear in {@link #taken}. */
  private int lowest;

  /** Bindings that give way to others once they have run out. */
  private final NavigableSet<Binding> givingWay = new TreeSet<>(BY_EXPIRY);

  PoolAddresses(Pool pool) {
    this.pool = pool;
  }

  Pool pool() {
    return pool;
  }

  /** Nobody has had it. */
  void free(Ipv4 address) {
    int index = indexOf(address);
    taken.clear(index);
    lowest = Math.min(lowest, index);
  }

  void take(Ipv4 address) {
    int index = indexOf(address);
    taken.set(index);
    if (index == lowest) {
      lowest = taken.nextClearBit(index);
    }
  }

  void mayGiveWay(Binding binding) {
    givingWay.add(binding);
  }

  void stays(Binding binding) {
    givingWay.remove(binding);
  }

  /** The lowest address that nobody has ever had. */
  Optional<Ipv4> neverHad(Predicate<Ipv4> inUse) {
    for (int index = lowest; index < pool.range().size(); index = taken.nextClearBit(index + 1)) {
      Ipv4 address = new Ipv4(pool.range().first().bits() + index);
      if (!inUse.test(address)) {
        return Optional.of(address);
      }
    }
    return Optional.empty();
  }

  /** The binding that ran out first, of those whose address nobody uses. */
  Optional<Binding> firstEnded(Instant now, Predicate<Ipv4> inUse) {
    for (Binding binding : givingWay) {
      if (binding.isActive(now)) {
        return Optional.empty();
      }
      if (!inUse.test(binding.address())) {
        return Optional.of(binding);
      }
    }
    return Optional.empty();
  }

  private int indexOf(Ipv4 address) {
    return address.bits() - pool.range().first().bits();
  }
}
