package org.krgboot.dhcp;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.krgboot.model.Ipv4;

/** Which address a node gets on a wire, and which it may keep. */
sealed interface AddressChoice {
  /** How long a declined address is given to nobody. */
  Duration PROBATION = Duration.ofMinutes(10);

  record Chosen(Ipv4 address) implements AddressChoice {}

  /** No address; {@code reason} is for the operator and says what to do. */
  record None(String reason) implements AddressChoice {}

  /** For a DISCOVER: its own, its old one, the one it was offered, the one it asks for, any. */
  static AddressChoice of(Caller caller, Wire wire, World world, Instant now) {
    Optional<Ipv4> own = caller.ownAddress(wire);
    if (own.isPresent()) {
      return fixed(caller, own.get(), wire, world, now);
    }
    LeaseTable leases = wire.leases();
    List<Pool> pools = wire.poolsFor(caller.classNames());
    return leases
        .bindingOf(caller.key())
        .map(Binding::address)
        .filter(address -> mayHold(caller, address, wire, world, now))
        .or(() -> leases.offerTo(caller.key()).filter(a -> mayHold(caller, a, wire, world, now)))
        .or(() ->
            caller
                .request()
                .requestedAddress()
                .filter(a -> isUntouched(caller, a, wire, world, now)))
        .or(() -> leases.freeAddress(pools, world::isInUse, now))
        .<AddressChoice>map(Chosen::new)
        .orElseGet(() -> new None(exhausted(pools, wire)));
  }

  /** True if the node may have the address: it is its own, or of a pool and nobody else's. */
  static boolean mayHold(Caller caller, Ipv4 address, Wire wire, World world, Instant now) {
    Optional<Ipv4> own = caller.ownAddress(wire);
    boolean placed =
        own.isPresent()
            ? own.get().equals(address)
            : isPlaced(caller, address, wire, now) && !world.isFixed(address);
    return (placed || worksAt(caller, address, wire, world, now))
        && !wire.leases().isBlockedFor(caller.key(), heldAs(caller, address, wire), address, now)
        && !isInUseByAnother(caller, address, wire, world);
  }

  /**
   * A node whose root hangs on an address renews it whatever the configuration has become since; it
   * gets its new one when it boots.
   */
  private static boolean worksAt(Caller caller, Ipv4 address, Wire wire, World world, Instant now) {
    return caller.request().current().equals(address)
        && wire.leases()
            .bindingOf(caller.key())
            .filter(b -> b.address().equals(address) && b.isActive(now))
            .isPresent()
        && world.isInUse(address);
  }

  /**
   * By what the node is known that may hold the address. Where client ids count, it is the caller
   * under another one if its MAC address holds the caller's own address, since firmware and kernel
   * say different ones; or the address that the caller works with, since before, client ids did not
   * count or it said none.
   */
  private static ClientKey heldAs(Caller caller, Ipv4 address, Wire wire) {
    boolean isItsOwn = caller.ownAddress(wire).filter(address::equals).isPresent();
    boolean worksThere = caller.request().current().equals(address);
    return wire.leases()
        .holderOf(address)
        .filter(held -> held.mac().equals(caller.mac()))
        .filter(held -> isItsOwn || (worksThere && held.clientId().isEmpty()))
        .map(Binding::key)
        .orElse(caller.key());
  }

  /**
   * A node keeps the address that it holds, whatever its class is by now: the same node is of one
   * vendor class as firmware and of another as kernel.
   */
  private static boolean isPlaced(Caller caller, Ipv4 address, Wire wire, Instant now) {
    return wire.leases()
        .poolOf(address)
        .filter(pool ->
            pool.admits(caller.classNames())
                || wire.leases()
                    .bindingOf(caller.key())
                    .filter(b -> b.address().equals(address) && b.isActive(now))
                    .isPresent())
        .isPresent();
  }

  /**
   * A node is at work there, and it is not this one: as the record says; without one, as it seems,
   * since a node that boots works nowhere yet.
   */
  private static boolean isInUseByAnother(Caller caller, Ipv4 address, Wire wire, World world) {
    boolean isTheCallers =
        wire.leases()
            .holderOf(address)
            .map(held -> held.key().equals(heldAs(caller, address, wire)))
            .orElseGet(() -> caller.request().current().equals(address));
    return !isTheCallers && world.isInUse(address);
  }

  /** An address that a node names without holding it must not be what another one comes back to. */
  private static boolean isUntouched(
      Caller caller, Ipv4 address, Wire wire, World world, Instant now) {
    return mayHold(caller, address, wire, world, now) && wire.leases().holderOf(address).isEmpty();
  }

  private static AddressChoice fixed(
      Caller caller, Ipv4 address, Wire wire, World world, Instant now) {
    LeaseTable leases = wire.leases();
    if (mayHold(caller, address, wire, world, now)) {
      return new Chosen(address);
    }
    if (leases.isSetAside(address)) {
      return new None(
          "its address "
              + address
              + " is used by another machine, as it said itself; find that machine and give it"
              + " another address");
    }
    String other = leases.holderOf(address).map(b -> b.mac().toString()).orElse("another node");
    return new None(
        "its address " + address + " is still used by " + other + "; restart that node first");
  }

  private static String exhausted(List<Pool> pools, Wire wire) {
    if (pools.isEmpty()) {
      return "no range of "
          + wire.network()
          + " is for nodes of its classes, and it has no address of its own; add a range or a host";
    }
    return "all addresses of "
        + String.join(", ", pools.stream().map(pool -> pool.range().toString()).toList())
        + " are in use; widen the range or shorten the lease time";
  }
}
