package org.krgboot.dhcp;

import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/**
 * Who holds which address, who was offered one, and which are set aside. It may be ahead of the
 * disk: a binding reserves its address from the decision on, and {@link #isSaved} tells whether it
 * is durable. Used by one thread.
 */
final class LeaseTable {
  /** The clock is taken to have been put back if it goes back further than this. */
  private static final Duration CLOCK_NOISE = Duration.ofSeconds(5);

  private final AddressRange range;
  private final Predicate<Ipv4> reserved;
  private final Map<MacAddress, Binding> bindings = new HashMap<>();
  private final Map<Ipv4, MacAddress> holders = new HashMap<>();
  private final Map<MacAddress, Binding> unsaved = new HashMap<>();
  private final NavigableSet<Binding> byExpiry =
      new TreeSet<>(
          Comparator.comparing((Binding b) -> b.lease().expires()).thenComparing(Binding::address));

  /** In the order of their ends, since all live equally long. */
  private final Map<MacAddress, Change.Offer> offers = new LinkedHashMap<>();

  private final Map<Ipv4, MacAddress> offered = new HashMap<>();

  /** In the order of their ends too. */
  private final Map<Ipv4, Instant> setAside = new LinkedHashMap<>();

  /** Addresses of the range, by distance from its first, that are in any of the maps above. */
  private final BitSet taken = new BitSet();

  private Instant latest = Instant.MIN;

  /**
   * @param reserved addresses that nobody gets out of the range
   */
  LeaseTable(AddressRange range, Predicate<Ipv4> reserved, Collection<Binding> saved) {
    this.range = range;
    this.reserved = reserved;
    range.addresses().filter(reserved).forEach(this::mark);
    saved.forEach(this::put);
  }

  Optional<Binding> bindingOf(MacAddress mac) {
    return Optional.ofNullable(bindings.get(mac));
  }

  Optional<Ipv4> offerTo(MacAddress mac) {
    return Optional.ofNullable(offers.get(mac)).map(Change.Offer::address);
  }

  /** The binding of the address, active or not. */
  Optional<Binding> holderOf(Ipv4 address) {
    return Optional.ofNullable(holders.get(address)).map(bindings::get);
  }

  boolean isSetAside(Ipv4 address) {
    return setAside.containsKey(address);
  }

  /** True if the address is offered to, or actively held by, another node, or set aside. */
  boolean isBlockedFor(MacAddress mac, Ipv4 address, Instant now) {
    MacAddress other = offered.get(address);
    return (other != null && !other.equals(mac))
        || isSetAside(address)
        || holderOf(address).filter(b -> !b.mac().equals(mac) && b.isActive(now)).isPresent();
  }

  /** True if what the node holds is durable; without it, no ACK may leave. */
  boolean isSaved(MacAddress mac) {
    return !unsaved.containsKey(mac);
  }

  /** The lowest address that nobody has ever had, else the one that has been unused longest. */
  Optional<Ipv4> freeAddress(Instant now) {
    int index = taken.nextClearBit(0);
    if (index < range.size()) {
      return Optional.of(new Ipv4(range.first().bits() + index));
    }
    for (Binding binding : byExpiry) {
      if (binding.isActive(now)) {
        return Optional.empty();
      }
      Ipv4 address = binding.address();
      if (range.contains(address)
          && !reserved.test(address)
          && !offered.containsKey(address)
          && !isSetAside(address)) {
        return Optional.of(address);
      }
    }
    return Optional.empty();
  }

  /**
   * Forgets what has run out. If the clock was put back, no deadline is further off than it was.
   */
  void tick(Instant now) {
    boolean first = latest.equals(Instant.MIN);
    boolean putBack = !first && now.isBefore(latest.minus(CLOCK_NOISE));
    if (putBack) {
      List.copyOf(offers.keySet()).forEach(this::withdraw);
      setAside.replaceAll((address, until) -> now.plus(AddressChoice.PROBATION));
    }
    if (first || putBack) {
      restartBindingsOfTheFuture(now);
    }
    latest = putBack || now.isAfter(latest) ? now : latest;
    dropEnded(now);
  }

  private void restartBindingsOfTheFuture(Instant now) {
    for (Binding binding : List.copyOf(bindings.values())) {
      if (binding.renewed().isAfter(now.plus(CLOCK_NOISE))) {
        boolean onDisk = isSaved(binding.mac());
        put(binding.restartedAt(now));
        if (!onDisk) {
          unsaved.put(binding.mac(), binding.restartedAt(now));
        }
      }
    }
  }

  private void dropEnded(Instant now) {
    while (!offers.isEmpty() && !offers.values().iterator().next().until().isAfter(now)) {
      withdraw(offers.keySet().iterator().next());
    }
    while (!setAside.isEmpty() && !setAside.values().iterator().next().isAfter(now)) {
      Ipv4 address = setAside.keySet().iterator().next();
      setAside.remove(address);
      mark(address);
    }
  }

  void apply(Change change) {
    switch (change) {
      case Change.Bind bind -> {
        withdraw(bind.binding().mac());
        put(bind.binding());
        unsaved.put(bind.binding().mac(), bind.binding());
      }
      case Change.Unbind unbind -> remove(unbind.mac());
      case Change.Offer offer -> offer(offer);
      case Change.Withdraw withdraw -> withdraw(withdraw.mac());
      case Change.SetAside aside -> {
        setAside.remove(aside.address());
        setAside.put(aside.address(), aside.until());
        mark(aside.address());
      }
    }
  }

  /** The binding is on disk. */
  void saved(Binding binding) {
    unsaved.remove(binding.mac(), binding);
  }

  private void put(Binding binding) {
    remove(binding.mac());
    holderOf(binding.address()).map(Binding::mac).ifPresent(this::remove);
    bindings.put(binding.mac(), binding);
    holders.put(binding.address(), binding.mac());
    byExpiry.add(binding);
    mark(binding.address());
  }

  private void remove(MacAddress mac) {
    Binding old = bindings.remove(mac);
    if (old != null) {
      holders.remove(old.address());
      byExpiry.remove(old);
      unsaved.remove(mac);
      mark(old.address());
    }
  }

  private void offer(Change.Offer offer) {
    withdraw(offer.mac());
    offers.put(offer.mac(), offer);
    offered.put(offer.address(), offer.mac());
    mark(offer.address());
  }

  private void withdraw(MacAddress mac) {
    Change.Offer old = offers.remove(mac);
    if (old != null) {
      offered.remove(old.address());
      mark(old.address());
    }
  }

  private void mark(Ipv4 address) {
    if (range.contains(address)) {
      taken.set(
          address.bits() - range.first().bits(),
          reserved.test(address)
              || holders.containsKey(address)
              || offered.containsKey(address)
              || setAside.containsKey(address));
    }
  }
}
