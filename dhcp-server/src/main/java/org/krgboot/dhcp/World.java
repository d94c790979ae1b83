package org.krgboot.dhcp;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.krgboot.model.Ipv4;

/** All that a decision may look at. */
final class World {
  /** RFC 3011: the subnet that the client wants an address of. */
  static final int SUBNET_SELECTION = 118;

  private final DhcpConfig config;
  private final FixedHosts hosts;
  private final Surroundings surroundings;
  private final List<Wire> wires = new ArrayList<>();
  private final AddressProbes probes;

  /** By the first address of their subnets. */
  private final NavigableMap<Ipv4, Wire> bySubnet = new TreeMap<>();

  private World(
      DhcpConfig config,
      Collection<Binding> saved,
      Surroundings surroundings,
      AddressProbes probes) {
    this.config = config;
    this.hosts = new FixedHosts(config.hosts());
    this.surroundings = surroundings;
    this.probes = probes;
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
    return of(config, saved, Surroundings.UNKNOWN);
  }

  /** The same, where others know of the nodes too. */
  static World of(DhcpConfig config, Collection<Binding> saved, Surroundings surroundings) {
    return new World(config, saved, surroundings, new AddressProbes());
  }

  /**
   * The same nodes under another configuration: who holds, was offered or must not have an address
   * stays so where that address is still of one of the networks.
   *
   * @param onDisk all that was ever given, also in networks that were not served until now
   */
  World under(DhcpConfig next, Collection<Binding> onDisk) {
    List<Binding> all = new ArrayList<>();
    onDisk.stream().filter(binding -> wireWith(binding.address()).isEmpty()).forEach(all::add);
    wires.forEach(wire -> all.addAll(wire.leases().all()));
    World world = new World(next, all, surroundings, probes);
    for (Wire wire : wires) {
      wire.leases()
          .notOnDisk()
          .forEach(change ->
              world
                  .wireWith(change.address())
                  .ifPresent(theirs -> theirs.leases().takeOver(change)));
    }
    return world;
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
    return surroundings.inUse().test(address);
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

  /** Why the caller is not served, wherever it is; empty if it is. */
  Optional<Answer.Why> refusalOf(Caller caller) {
    return switch (surroundings.standing().apply(caller.mac())) {
      case REJECTED -> Optional.of(Answer.Why.REJECTED);
      case FENCED -> Optional.of(Answer.Why.FENCED);
      case SERVED -> caller.host().isPresent() ? Optional.empty() : refusalOfUnknown();
    };
  }

  private Optional<Answer.Why> refusalOfUnknown() {
    return switch (config.policy().unknown()) {
      case ALLOWED -> Optional.empty();
      case REFUSED -> Optional.of(Answer.Why.UNKNOWN_NODE);
      case WAITS -> Optional.of(Answer.Why.NOT_APPROVED);
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
