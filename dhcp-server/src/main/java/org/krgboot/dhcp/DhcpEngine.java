package org.krgboot.dhcp;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;
import org.krgboot.model.MacAddress;

/** Decides what to answer, RFC 2131 section 4.3. Pure: changes nothing, knows no clock. */
final class DhcpEngine {
  /** A ROM that gets two offers waits some seconds before it chooses; iPXE at most 30. */
  private static final Duration OFFER_TIME = Duration.ofSeconds(60);

  private final DhcpRequest request;
  private final World world;
  private final Instant now;

  private DhcpEngine(DhcpRequest request, World world, Instant now) {
    this.request = request;
    this.world = world;
    this.now = now;
  }

  /** What to do about {@code request}; the same for the same arguments. */
  static Answer decide(DhcpRequest request, World world, Instant now) {
    DhcpEngine engine = new DhcpEngine(request, world, now);
    if (world.isRefused(request.mac())) {
      return engine.refuse(
          Answer.Why.UNKNOWN_NODE,
          "it is not among the nodes of the configuration, and unknown nodes are refused; add its"
              + " MAC address as a node, or allow unknown nodes");
    }
    return switch (request.type()) {
      case DISCOVER -> engine.discover();
      case REQUEST -> engine.request();
      case DECLINE -> engine.decline();
      case RELEASE -> engine.release();
      case INFORM -> engine.inform();
      case OFFER, ACK, NAK -> throw new IllegalArgumentException("not a request: " + request);
    };
  }

  private MacAddress mac() {
    return request.mac();
  }

  private Answer discover() {
    if (isFromElsewhere()) {
      return refuse(
          Answer.Why.OTHER_NETWORK,
          "it is behind the relay "
              + request.relay()
              + ", which is outside "
              + world.config().subnet()
              + "; serve that network, or stop that relay from sending here");
    }
    return switch (AddressChoice.of(request, world, now)) {
      case AddressChoice.Chosen(Ipv4 address) -> offer(address);
      case AddressChoice.None(String reason) -> refuse(Answer.Why.NO_ADDRESS, reason);
    };
  }

  private Answer offer(Ipv4 address) {
    DhcpOptions options =
        ReplyOptions.granting(
            request, MessageType.OFFER, address, world.config().leaseTime(), world);
    DhcpReply reply =
        DhcpReply.to(request, MessageType.OFFER)
            .yours(address)
            .boot(world.config().options())
            .options(options);
    return new Answer(
        new Answer.Reply(reply, relayOrAll()),
        List.of(new Change.Offer(mac(), address, now.plus(OFFER_TIME))),
        List.of(new BootEvent.AddressOffered(now, mac(), address, request.client())));
  }

  /** Which of the four kinds it is, is told by its fields: RFC 2131 section 4.3.2, table 4. */
  private Answer request() {
    Optional<Ipv4> server = request.chosenServer();
    if (server.isPresent() && !server.get().equals(world.config().options().server())) {
      return new Answer(
          new Answer.Silence(Answer.Why.OTHER_SERVER),
          List.of(new Change.Withdraw(mac())),
          List.of());
    }
    boolean hasAddress = !request.current().equals(Ipv4.ANY);
    boolean selecting = server.isPresent();
    if (hasAddress && !selecting) {
      return renew(request.current());
    }
    return request
        .requestedAddress()
        .or(() -> hasAddress ? Optional.of(request.current()) : Optional.empty())
        .map(this::take)
        .orElseGet(() -> Answer.silence(Answer.Why.NOTHING_ASKED));
  }

  /** SELECTING and INIT-REBOOT: the node wants the address that it was offered or had before. */
  private Answer take(Ipv4 address) {
    if (isFromElsewhere() || !world.config().subnet().contains(address)) {
      return nak(address, "wrong network");
    }
    return isDueTo(address) ? grant(address) : nak(address, "address not available");
  }

  /**
   * RENEWING and REBINDING: the node uses the address. One of another subnet may be another
   * server's on the same wire, so it hears nothing from us.
   */
  private Answer renew(Ipv4 address) {
    if (!world.config().subnet().contains(address)) {
      return Answer.silence(Answer.Why.OTHER_NETWORK);
    }
    if (isFromElsewhere()) {
      return nak(address, "wrong network");
    }
    return isDueTo(address) ? grant(address) : nak(address, "address not available");
  }

  /**
   * A node without a record gets a free address that it names: we may have lost an offer by a
   * restart, or its lease with the database.
   */
  private boolean isDueTo(Ipv4 address) {
    return AddressChoice.mayHold(mac(), address, world, now)
        && world
            .leases()
            .offerTo(mac())
            .or(() -> world.leases().bindingOf(mac()).map(Binding::address))
            .filter(other -> !other.equals(address))
            .filter(other -> AddressChoice.mayHold(mac(), other, world, now))
            .isEmpty();
  }

  private Answer grant(Ipv4 address) {
    Binding binding = bindingTo(address);
    Duration time = ReplyOptions.left(binding, now, world.config().leaseTime());
    DhcpReply reply =
        DhcpReply.to(request, MessageType.ACK)
            .current(request.current())
            .yours(address)
            .boot(world.config().options())
            .options(ReplyOptions.granting(request, MessageType.ACK, address, time, world));
    return new Answer(
        new Answer.Reply(reply, nodeOrRelayOrAll()),
        changesFor(binding),
        List.of(
            new BootEvent.AddressAcknowledged(
                now, mac(), address, binding.lease().name(), request.client())));
  }

  /** What is on disk, if it is good for most of a lease time; else a new binding. */
  private Binding bindingTo(Ipv4 address) {
    Duration leaseTime = world.config().leaseTime();
    Optional<Binding> old =
        world.leases().bindingOf(mac()).filter(b -> b.address().equals(address));
    Instant enough = now.plus(leaseTime.multipliedBy(3).dividedBy(4));
    return old.filter(b -> world.leases().isSaved(mac()))
        .filter(b -> b.lease().name().equals(world.nameOf(mac(), address)))
        .filter(b -> !b.lease().expires().isBefore(enough))
        .orElseGet(() -> newBinding(address, old.filter(b -> b.isActive(now)), leaseTime));
  }

  /** Ends on a whole second, as it is on disk; never before what the node is told. */
  private Binding newBinding(Ipv4 address, Optional<Binding> old, Duration leaseTime) {
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    Lease lease =
        new Lease(
            mac(),
            address,
            world.nameOf(mac(), address),
            old.map(b -> b.lease().since()).orElse(second),
            second.plusSeconds(1).plus(leaseTime));
    return new Binding(lease, second);
  }

  private List<Change> changesFor(Binding binding) {
    List<Change> changes = new ArrayList<>();
    if (world.leases().bindingOf(mac()).filter(binding::equals).isPresent()
        && world.leases().isSaved(mac())) {
      changes.add(new Change.Withdraw(mac()));
      return changes;
    }
    world
        .leases()
        .holderOf(binding.address())
        .filter(holder -> !holder.mac().equals(mac()))
        .ifPresent(holder -> changes.add(new Change.Unbind(holder.mac())));
    changes.add(new Change.Bind(binding));
    return changes;
  }

  private Answer nak(Ipv4 address, String reason) {
    DhcpReply reply =
        DhcpReply.to(request, MessageType.NAK)
            .broadcastFlag()
            .options(ReplyOptions.refusing(request, reason, world));
    String told = "it asked for " + address + " (" + reason + ") and was told to ask anew";
    return new Answer(
        new Answer.Reply(reply, relayOrAll()),
        List.of(),
        List.of(new BootEvent.AddressRefused(now, mac(), told)));
  }

  /** RFC 2131 section 4.3.3. Only of an address that the node was given by us. */
  private Answer decline() {
    Optional<Ipv4> address = request.requestedAddress().filter(this::isGivenToIt);
    if (address.isEmpty() || isMeantForAnother()) {
      return Answer.silence(Answer.Why.NONE_DUE);
    }
    return new Answer(
        new Answer.Silence(Answer.Why.NONE_DUE),
        List.of(
            new Change.Withdraw(mac()),
            new Change.Unbind(mac()),
            new Change.SetAside(address.get(), now.plus(AddressChoice.PROBATION))),
        List.of(
            new BootEvent.AddressReturned(
                now,
                mac(),
                address.get(),
                "declined, another machine uses it; find that machine and give it another"
                    + " address")));
  }

  /** RFC 2131 section 4.3.4. The node gets the same address again unless another needs it. */
  private Answer release() {
    Optional<Binding> held =
        world
            .leases()
            .bindingOf(mac())
            .filter(b -> b.address().equals(request.current()) && b.isActive(now));
    if (held.isEmpty() || isMeantForAnother()) {
      return Answer.silence(Answer.Why.NONE_DUE);
    }
    Instant end = now.truncatedTo(ChronoUnit.SECONDS);
    return new Answer(
        new Answer.Silence(Answer.Why.NONE_DUE),
        List.of(new Change.Bind(held.get().endedAt(end))),
        List.of(new BootEvent.AddressReturned(now, mac(), request.current(), "released")));
  }

  /** RFC 2131 section 4.3.5: the node has an address from elsewhere and wants the rest. */
  private Answer inform() {
    Ipv4 address = request.current();
    if (!world.config().subnet().isHost(address)) {
      return Answer.silence(Answer.Why.OTHER_NETWORK);
    }
    Optional<Ipv4> named = Optional.of(address).filter(this::isGivenToIt);
    DhcpReply reply =
        DhcpReply.to(request, MessageType.ACK)
            .current(address)
            .boot(world.config().options())
            .options(ReplyOptions.informing(request, named, world));
    return new Answer(
        new Answer.Reply(reply, new Destination.ToNode(address)), List.of(), List.of());
  }

  private Answer refuse(Answer.Why why, String reason) {
    return new Answer(
        new Answer.Silence(why),
        List.of(),
        List.of(new BootEvent.AddressRefused(now, mac(), reason)));
  }

  private boolean isFromElsewhere() {
    return request.isRelayed() && !world.config().subnet().contains(request.relay());
  }

  private boolean isMeantForAnother() {
    return request
        .chosenServer()
        .filter(server -> !server.equals(world.config().options().server()))
        .isPresent();
  }

  private boolean isGivenToIt(Ipv4 address) {
    return world.leases().offerTo(mac()).filter(address::equals).isPresent()
        || world.leases().bindingOf(mac()).map(Binding::address).filter(address::equals).isPresent()
        || world.hosts().addressOf(mac()).filter(address::equals).isPresent();
  }

  private Destination relayOrAll() {
    return request.isRelayed() ? new Destination.ToRelay(request.relay()) : new Destination.ToAll();
  }

  private Destination nodeOrRelayOrAll() {
    return request.isRelayed() || request.current().equals(Ipv4.ANY)
        ? relayOrAll()
        : new Destination.ToNode(request.current());
  }
}
