package org.krgboot.dhcp;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.krgboot.model.Ipv4;

/** All that a decision may look at. */
final class World {
  /** RFC 3011: the subnet that the client wants an address of. */
  static final int SUBNET_SELECTION = 118;

  private final DhcpConfig config;
  private final FixedHosts hosts;
  private final Predicate<Ipv4> inUse;
  private final List<Wire> wires = new ArrayList<>();
  private final AddressProbes probes = new AddressProbes();

  /** By the first address of their subnets. */
  private final NavigableMap<Ipv4, Wire> bySubnet = new TreeMap<>();

  private World(DhcpConfig config, Collection<Binding> saved, Predicate<Ipv4> inUse) {
    this.config = config;
    this.hosts = new FixedHosts(config.hosts());
    this.inUse = inUse;
    for (Network network : config.networks()) {
      List<Binding> held =
          saved.stream()
              .filter(binding -> network.subnetOf(binding.address()).isPresent())
              .map(binding -> binding.knownBy(config.policy().key()))
              .sorted(PoolAddresses.BY_EXPIRY)
              .toList();
      Wire wire = new Wire(network, hosts, held);
      wires.add(wire);
      network.subnets().forEach(served -> bySubnet.put(served.subnet().network(), wire));
    }
  }

  /** Leases of networks that are not served any more stay on disk and bind nobody. */
  static World of(DhcpConfig config, Collection<Binding> saved) {
    return of(config, saved, address -> false);
  }

  /**
   * The same, where other servers know who is still at work.
   *
   * @param inUse true for an address whose node uses it, whatever its lease says
   */
  static World of(DhcpConfig config, Collection<Binding> saved, Predicate<Ipv4> inUse) {
    return new World(config, saved, inUse);
  }

  DhcpConfig config() {
    return config;
  }

  /** The first network of the configuration; the only one of most. */
  Wire wire() {
    return wires.getFirst();
  }

  boolean isFixed(Ipv4 address) {
    return hosts.isFixed(address);
  }

  boolean isInUse(Ipv4 address) {
    return inUse.test(address);
  }

  boolean isOurs(Ipv4 server) {
    return wires.stream().anyMatch(wire -> wire.network().servers().contains(server));
  }

  Caller caller(DhcpRequest request) {
    RelayInformation relay = RelayInformation.of(request);
    List<NodeClass> classes = List.of();
    if (!config.classes().isEmpty()) {
      ClassMarks marks = new ClassMarks(request, relay);
      classes = config.classes().stream().filter(marks::areIn).toList();
    }
    return new Caller(
        request,
        ClientKey.of(request, config.policy().key()),
        relay,
        hosts.of(request, relay),
        classes);
  }

  /**
   * The network that the caller is on: as its relay says (RFC 3527, RFC 3011, giaddr); else, for
   * what was sent to us alone and may have come through routers, the one of the address that it
   * uses; else the one of the interface.
   */
  Optional<Wire> wireOf(Caller caller, Arrival arrival) {
    DhcpRequest request = caller.request();
    Optional<Ipv4> selected =
        caller.relay().link().or(() -> request.options().address(SUBNET_SELECTION));
    if (selected.isPresent() || request.isRelayed()) {
      return wireWith(selected.orElse(request.relay()));
    }
    Optional<Wire> ofAddress =
        arrival.cast() == Arrival.Cast.TO_US ? wireWith(request.current()) : Optional.empty();
    return ofAddress.or(() ->
        wires.stream()
            .filter(wire -> wire.network().isOurs())
            .filter(wire -> wire.network().server().equals(arrival.at()))
            .findFirst());
  }

  /** The network that has the address. */
  Optional<Wire> wireWith(Ipv4 address) {
    return Optional.ofNullable(bySubnet.floorEntry(address))
        .map(Map.Entry::getValue)
        .filter(wire -> wire.contains(address));
  }

  /** True if the configuration has no entry for the caller, and such are not served. */
  boolean isRefused(Caller caller) {
    return switch (config.policy().unknown()) {
      case ALLOWED -> false;
      case REFUSED -> caller.host().isEmpty();
    };
  }

  void tick(Instant now) {
    wires.forEach(wire -> wire.leases().tick(now));
  }

  void apply(Change change) {
    if (change instanceof Change.Probe(Ipv4 address)) {
      probes.begin(address);
    }
    wireWith(change.address()).ifPresent(wire -> wire.leases().apply(change));
  }

  /** The binding is on disk. */
  void saved(Binding binding) {
    wireWith(binding.address()).ifPresent(wire -> wire.leases().saved(binding));
  }

  AddressProbes probes() {
    return probes;
  }

  /** Nobody has answered in time from the address that was probed. */
  void unanswered(Ipv4 address, Instant now) {
    probes.silent(address, now);
  }

  /** Somebody unknown has: as if a node had declined it; unless a node has taken it meanwhile. */
  void answered(Ipv4 address, Instant now) {
    boolean isHeld =
        wireWith(address)
            .flatMap(wire -> wire.leases().holderOf(address))
            .filter(held -> held.isActive(now))
            .isPresent();
    if (isHeld) {
      probes.silent(address, now);
      return;
    }
    probes.answered(address, now);
    apply(new Change.Withdraw(address));
    apply(new Change.SetAside(address, now.plus(AddressChoice.PROBATION)));
  }
}
