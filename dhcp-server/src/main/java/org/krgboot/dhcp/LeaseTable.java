package org.krgboot.dhcp;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.krgboot.model.Ipv4;

/**
 * Who holds which address of a network, who was offered one, and which are set aside. It may be
 * ahead of the disk: a binding reserves its address from the decision on, and {@link #isSaved}
 * tells whether it is durable. Used by one thread.
 */
final class LeaseTable {
  /** The clock is taken to have been put back if it goes back further than this. */
  private static final Duration CLOCK_NOISE = Duration.ofSeconds(5);

  private final Predicate<Ipv4> reserved;

  /** By the first address of their range. */
  private final NavigableMap<Ipv4, PoolAddresses> pools = new TreeMap<>();

  private final Map<ClientKey, Binding> bindings = new HashMap<>();
  private final Map<Ipv4, Binding> holders = new HashMap<>();
  private final Map<ClientKey, Binding> unsaved = new HashMap<>();

  /** In the order of their ends, since all live equally long. */
  private final Map<ClientKey, Change.Offer> offers = new LinkedHashMap<>();

  private final Map<Ipv4, ClientKey> offered = new HashMap<>();

  /** In the order of their ends too. */
  private final Map<Ipv4, Instant> setAside = new LinkedHashMap<>();

  private Instant latest = Instant.MIN;

  /**
   * @param reserved addresses that nobody gets out of a pool
   */
  LeaseTable(List<Pool> pools, Predicate<Ipv4> reserved, Collection<Binding> saved) {
    this.reserved = reserved;
    for (Pool pool : pools) {
      this.pools.put(pool.range().first(), new PoolAddresses(pool));
      pool.range().addresses().filter(reserved).forEach(this::mark);
    }
    saved.forEach(this::put);
  }

  Optional<Binding> bindingOf(ClientKey client) {
    return Optional.ofNullable(bindings.get(client));
  }

  Optional<Ipv4> offerTo(ClientKey client) {
    return Optional.ofNullable(offers.get(client)).map(Change.Offer::address);
  }

  /** The binding of the address, active or not. */
  Optional<Binding> holderOf(Ipv4 address) {
    return Optional.ofNullable(holders.get(address));
  }

  boolean isSetAside(Ipv4 address) {
    return setAside.containsKey(address);
  }

  /**
   * True if the address is offered to, or actively held by, another node, or set aside.
   *
   * @param holder by what the node may be known that holds it
   */
  boolean isBlockedFor(ClientKey client, ClientKey holder, Ipv4 address, Instant now) {
    ClientKey other = offered.get(address);
    return (other != null && !other.equals(client))
        || isSetAside(address)
        || holderOf(address).filter(b -> !b.key().equals(holder) && b.isActive(now)).isPresent();
  }

  /** True if what the node holds is durable; without it, no ACK may leave. */
  boolean isSaved(ClientKey client) {
    return !unsaved.containsKey(client);
  }

  /** The pool that has the address. */
  Optional<Pool> poolOf(Ipv4 address) {
    return Optional.ofNullable(addressesWith(address)).map(PoolAddresses::pool);
  }

  /**
   * The lowest address that nobody has ever had, else the one that has been unused longest.
   *
   * @param allowed the pools to choose from, the preferred ones first
   * @param inUse addresses that are not to be given away though their time is up
   */
  Optional<Ipv4> freeAddress(List<Pool> allowed, Predicate<Ipv4> inUse, Instant now) {
    for (Pool pool : allowed) {
      Optional<Ipv4> unused = addressesOf(pool).neverHad(inUse);
      if (unused.isPresent()) {
        return unused;
      }
    }
    return allowed.stream()
        .flatMap(pool -> addressesOf(pool).firstEnded(now, inUse).stream())
        .min(PoolAddresses.BY_EXPIRY)
        .map(Binding::address);
  }

  private PoolAddresses addressesOf(Pool pool) {
    PoolAddresses found = pools.get(pool.range().first());
    if (found == null) {
      throw new IllegalArgumentException("no pool of this network: " + pool);
    }
    return found;
  }

  private @Nullable PoolAddresses addressesWith(Ipv4 address) {
    Map.Entry<Ipv4, PoolAddresses> below = pools.floorEntry(address);
    return below == null || !below.getValue().pool().range().contains(address)
        ? null
        : below.getValue();
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
        boolean onDisk = isSaved(binding.key());
        put(binding.restartedAt(now));
        if (!onDisk) {
          unsaved.put(binding.key(), binding.restartedAt(now));
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
      case Change.Bind(Binding binding) -> {
        withdraw(binding.key());
        put(binding);
        unsaved.put(binding.key(), binding);
      }
      case Change.Unbind(Ipv4 address) ->
          holderOf(address).map(Binding::key).ifPresent(this::remove);
      case Change.Offer offer -> offer(offer);
      case Change.Withdraw(Ipv4 address) ->
          Optional.ofNullable(offered.get(address)).ifPresent(this::withdraw);
      case Change.SetAside aside -> {
        setAside.remove(aside.address());
        setAside.put(aside.address(), aside.until());
        mark(aside.address());
      }
      case Change.Probe _ -> {} // the offer that goes with it keeps the address
    }
  }

  /** All that it holds. */
  Collection<Binding> all() {
    return List.copyOf(holders.values());
  }

  /** What was decided and is not on disk, or never comes there; in the order of its ends. */
  List<Change> notOnDisk() {
    List<Change> changes = new ArrayList<>();
    unsaved.values().forEach(binding -> changes.add(new Change.Bind(binding)));
    changes.addAll(offers.values());
    setAside.forEach((address, until) -> changes.add(new Change.SetAside(address, until)));
    return changes;
  }

  /** One of these, of the table before; what it binds is here already. */
  void takeOver(Change change) {
    if (change instanceof Change.Bind(Binding binding)) {
      unsaved.put(binding.key(), binding);
    } else {
      apply(change);
    }
  }

  /** The binding is on disk. */
  void saved(Binding binding) {
    unsaved.remove(binding.key(), binding);
  }

  private void put(Binding binding) {
    remove(binding.key());
    holderOf(binding.address()).map(Binding::key).ifPresent(this::remove);
    bindings.put(binding.key(), binding);
    holders.put(binding.address(), binding);
    mark(binding.address());
  }

  private void remove(ClientKey client) {
    Binding old = bindings.remove(client);
    if (old != null) {
      holders.remove(old.address());
      unsaved.remove(client);
      PoolAddresses pool = addressesWith(old.address());
      if (pool != null) {
        pool.stays(old);
      }
      mark(old.address());
    }
  }

  private void offer(Change.Offer offer) {
    withdraw(offer.client());
    offers.put(offer.client(), offer);
    offered.put(offer.address(), offer.client());
    mark(offer.address());
  }

  private void withdraw(ClientKey client) {
    Change.Offer old = offers.remove(client);
    if (old != null) {
      offered.remove(old.address());
      mark(old.address());
    }
  }

  /** Tells the pool what has become of its address. */
  private void mark(Ipv4 address) {
    PoolAddresses pool = addressesWith(address);
    if (pool == null) {
      return;
    }
    boolean kept =
        reserved.test(address) || offered.containsKey(address) || setAside.containsKey(address);
    Binding binding = holders.get(address);
    if (binding != null && kept) {
      pool.stays(binding);
    } else if (binding != null) {
      pool.mayGiveWay(binding);
    }
    if (binding != null || kept) {
      pool.take(address);
    } else {
      pool.free(address);
    }
  }
}
