package org.krgboot.dhcp;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/** Which address a node gets, and which it may keep. The MAC address alone is the key. */
sealed interface AddressChoice {
  /** How long a declined address is given to nobody. */
  Duration PROBATION = Duration.ofMinutes(10);

  record Chosen(Ipv4 address) implements AddressChoice {}

  /** No address; {@code reason} is for the operator and says what to do. */
  record None(String reason) implements AddressChoice {}

  /** For a DISCOVER: its own, its old one, the one it was offered, the one it asks for, any. */
  static AddressChoice of(DhcpRequest request, World world, Instant now) {
    MacAddress mac = request.mac();
    Optional<Ipv4> own = world.hosts().addressOf(mac);
    if (own.isPresent()) {
      return fixed(mac, own.get(), world, now);
    }
    return world
        .leases()
        .bindingOf(mac)
        .map(Binding::address)
        .filter(address -> mayHold(mac, address, world, now))
        .or(() -> world.leases().offerTo(mac).filter(a -> mayHold(mac, a, world, now)))
        .or(() -> request.requestedAddress().filter(a -> isUntouched(mac, a, world, now)))
        .or(() -> world.leases().freeAddress(now))
        .<AddressChoice>map(Chosen::new)
        .orElseGet(() -> new None(exhausted(world)));
  }

  /** True if the node may have the address: it is its own, or in the range and nobody else's. */
  static boolean mayHold(MacAddress mac, Ipv4 address, World world, Instant now) {
    Optional<Ipv4> own = world.hosts().addressOf(mac);
    boolean placed =
        own.isPresent()
            ? own.get().equals(address)
            : world.config().range().contains(address) && !world.hosts().isFixed(address);
    return placed && !world.leases().isBlockedFor(mac, address, now);
  }

  /** An address that a node names without holding it must not be what another one comes back to. */
  private static boolean isUntouched(MacAddress mac, Ipv4 address, World world, Instant now) {
    return mayHold(mac, address, world, now) && world.leases().holderOf(address).isEmpty();
  }

  private static AddressChoice fixed(MacAddress mac, Ipv4 address, World world, Instant now) {
    if (!world.leases().isBlockedFor(mac, address, now)) {
      return new Chosen(address);
    }
    if (world.leases().isSetAside(address)) {
      return new None(
          "its address "
              + address
              + " is used by another machine, as it said itself; find that machine and give it"
              + " another address");
    }
    String other =
        world.leases().holderOf(address).map(b -> b.mac().toString()).orElse("another node");
    return new None(
        "its address " + address + " is still held by " + other + "; restart that node first");
  }

  private static String exhausted(World world) {
    return "all addresses of "
        + world.config().range()
        + " are in use; widen the range or shorten the lease time";
  }
}
