package org.krgboot.dhcp;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

/** Decides what to answer, RFC 2131 section 4.3. Pure: changes nothing, knows no clock. */
final class DhcpEngine {
  /** A ROM that gets two offers waits some seconds before it chooses; iPXE at most 30. */
  private static final Duration OFFER_TIME = Duration.ofSeconds(60);

  /** A node that comes back within this to its own address is not kept waiting for a probe. */
  private static final Duration LATELY = Duration.ofHours(1);

  private static final String WRONG_NETWORK = "wrong network";
  private static final String NOT_AVAILABLE = "address not available";

  private final Caller caller;
  private final DhcpRequest request;
  private final Arrival arrival;
  private final Wire wire;
  private final World world;
  private final Instant now;

  private DhcpEngine(Caller caller, Arrival arrival, Wire wire, World world, Instant now) {
    this.caller = caller;
    this.request = caller.request();
    this.arrival = arrival;
    this.wire = wire;
    this.world = world;
    this.now = now;
  }

  /** What to do about {@code request}; the same for the same arguments. */
  static Answer decide(DhcpRequest request, Arrival arrival, World world, Instant now) {
    Caller caller = world.caller(request);
    Optional<Answer.Why> refusal = world.refusalOf(caller);
    if (refusal.isPresent()) {
      return refusal(request, now, refusal.get(), refusal.get().toOperator(request.mac()));
    }
    Optional<Wire> wire = world.wireOf(caller, arrival);
    return wire.isEmpty()
        ? fromElsewhere(caller, world, now)
        : new DhcpEngine(caller, arrival, wire.get(), world, now).answer();
  }

  private Answer answer() {
    return switch (request.type()) {
      case DISCOVER -> discover();
      case REQUEST -> request();
      case DECLINE -> decline();
      case RELEASE -> release();
      case INFORM -> inform();
      case OFFER, ACK, NAK -> throw new IllegalArgumentException("not a request: " + request);
    };
  }

  /** What is heard beside relayed requests, where we have no network, is no business of ours. */
  private static Answer fromElsewhere(Caller caller, World world, Instant now) {
    DhcpRequest request = caller.request();
    if (!request.isRelayed()) {
      return Answer.silence(Answer.Why.OTHER_NETWORK);
    }
    String link = caller.relay().link().map(address -> " on the link " + address).orElse("");
    return refusal(
        request,
        now,
        Answer.Why.OTHER_NETWORK,
        "it is behind the relay "
            + request.relay()
            + link
            + ", which is outside "
            + String.join(", ", world.config().networks().stream().map(Network::toString).toList())
            + "; serve that network, or stop that relay from sending here");
  }

  private MacAddress mac() {
    return request.mac();
  }

  private LeaseTable leases() {
    return wire.leases();
  }

  private Answer discover() {
    return switch (AddressChoice.of(caller, wire, world, now)) {
      case AddressChoice.Chosen(Ipv4 address) ->
          switch (probing(address)) {
            case DUE, UNDER_WAY -> probe(address);
            case NOT_NOW -> commitsAtOnce() ? grant(address) : offer(address);
          };
      case AddressChoice.None(String reason) ->
          refusal(request, now, Answer.Why.NO_ADDRESS, reason);
    };
  }

  /**
   * A host's own address is its own, whoever else uses it. One that the node has, or had a moment
   * ago, it may answer at itself. Of 127.0.0.0/8, this machine answers for all.
   */
  private AddressProbes.Standing probing(Ipv4 address) {
    boolean isWanted =
        switch (world.config().policy().probing()) {
          case PING -> address.octet(0) != 127 && caller.ownAddress(wire).isEmpty();
          case NONE -> false;
        };
    return isWanted && !hadItLately(address)
        ? world.probes().standing(address, now)
        : AddressProbes.Standing.NOT_NOW;
  }

  private boolean hadItLately(Ipv4 address) {
    return leases()
        .bindingOf(caller.key())
        .filter(b -> b.address().equals(address))
        .filter(b -> now.isBefore(b.lease().expires().plus(LATELY)))
        .isPresent();
  }

  /** The address is kept for the node meanwhile. */
  private Answer probe(Ipv4 address) {
    return new Answer(
        new Answer.Probe(address),
        List.of(
            new Change.Offer(caller.key(), address, now.plus(OFFER_TIME)),
            new Change.Probe(address)),
        List.of());
  }

  private boolean commitsAtOnce() {
    return switch (world.config().policy().commit()) {
      case AFTER_AN_OFFER -> false;
      case RAPID -> request.wantsRapidCommit();
    };
  }

  private Answer offer(Ipv4 address) {
    Terms terms = wire.terms(caller, address);
    NodeName name = Grant.nameOf(caller, address, terms);
    DhcpReply reply =
        DhcpReply.to(request, MessageType.OFFER)
            .yours(address)
            .boot(terms.node())
            .options(
                ReplyOptions.granting(
                    request, MessageType.OFFER, name, terms.node().leaseTime(), terms));
    return new Answer(
        new Answer.Reply(reply, toNewcomer(address)),
        List.of(new Change.Offer(caller.key(), address, now.plus(OFFER_TIME))),
        List.of(new BootEvent.AddressOffered(now, mac(), address, request.client())));
  }

  /** Which of the four kinds it is, is told by its fields: RFC 2131 section 4.3.2, table 4. */
  private Answer request() {
    boolean selecting = request.chosenServer().isPresent();
    if (selecting && isMeantForAnother()) {
      return leftForAnother();
    }
    boolean hasAddress = !request.current().equals(Ipv4.ANY);
    if (hasAddress && !selecting) {
      return renew(request.current());
    }
    return request
        .requestedAddress()
        .or(() -> hasAddress ? Optional.of(request.current()) : Optional.empty())
        .map(this::take)
        .orElseGet(() -> Answer.silence(Answer.Why.NOTHING_ASKED));
  }

  private Answer leftForAnother() {
    List<Change> changes = new ArrayList<>();
    leases().offerTo(caller.key()).map(Change.Withdraw::new).ifPresent(changes::add);
    return new Answer(
        new Answer.Silence(Answer.Why.OTHER_SERVER),
        changes,
        request.chosenServer().stream()
            .<BootEvent.OfNode>map(server -> new BootEvent.OtherOfferTaken(now, mac(), server))
            .toList());
  }

  /** SELECTING and INIT-REBOOT: the node wants the address that it was offered or had before. */
  private Answer take(Ipv4 address) {
    if (!wire.contains(address)) {
      return nak(address, WRONG_NETWORK);
    }
    return isDueTo(address) ? grant(address) : nak(address, NOT_AVAILABLE);
  }

  /**
   * RENEWING and REBINDING: the node uses the address. One of a network that we do not serve may be
   * another server's on the same wire, so it hears nothing from us.
   */
  private Answer renew(Ipv4 address) {
    if (wire.contains(address)) {
      return isDueTo(address) ? grant(address) : nak(address, NOT_AVAILABLE);
    }
    return request.isRelayed() || world.wireWith(address).isPresent()
        ? nak(address, WRONG_NETWORK)
        : Answer.silence(Answer.Why.OTHER_NETWORK);
  }

  /**
   * A node without a record gets a free address that it names: we may have lost an offer by a
   * restart, or its lease with the database.
   */
  private boolean isDueTo(Ipv4 address) {
    return AddressChoice.mayHold(caller, address, wire, world, now)
        && leases()
            .offerTo(caller.key())
            .or(() -> leases().bindingOf(caller.key()).map(Binding::address))
            .filter(other -> !other.equals(address))
            .filter(other -> AddressChoice.mayHold(caller, other, wire, world, now))
            .isEmpty();
  }

  private Answer grant(Ipv4 address) {
    Terms terms = wire.terms(caller, address);
    Grant grant = Grant.of(caller, address, terms, leases(), now);
    NodeName name = grant.binding().lease().name();
    DhcpReply reply =
        DhcpReply.to(request, MessageType.ACK)
            .current(request.current())
            .yours(address)
            .boot(terms.node())
            .options(ReplyOptions.granting(request, MessageType.ACK, name, grant.time(), terms));
    return new Answer(
        new Answer.Reply(reply, toNodeWith(address)),
        grant.changes(),
        List.of(new BootEvent.AddressAcknowledged(now, mac(), address, name, request.client())));
  }

  /** RFC 2131 sections 3.2 and 4.1: by broadcast, also behind a relay. */
  private Answer nak(Ipv4 address, String reason) {
    if (!hasAuthority()) {
      return Answer.silence(Answer.Why.NOT_AUTHORITATIVE);
    }
    DhcpReply reply =
        DhcpReply.to(request, MessageType.NAK)
            .broadcastFlag()
            .options(ReplyOptions.refusing(request, reason, wire.serverId(caller, address)));
    String told = "it asked for " + address + " (" + reason + ") and was told to ask anew";
    // A renewal that came through routers comes from a wire that our broadcast does not reach.
    Destination to =
        request.isRelayed()
            ? toRelay()
            : wire.network().isOurs()
                ? new Destination.ToAll()
                : new Destination.ToNode(request.current());
    return new Answer(
        new Answer.Reply(reply, to),
        List.of(),
        List.of(new BootEvent.AddressRefused(now, mac(), BootEvent.Refusal.OTHER_ADDRESS, told)));
  }

  private boolean hasAuthority() {
    return switch (world.config().policy().authority()) {
      case AUTHORITATIVE -> true;
      case ONE_OF_SEVERAL ->
          caller.ownAddress(wire).isPresent()
              || leases().bindingOf(caller.key()).isPresent()
              || leases().offerTo(caller.key()).isPresent();
    };
  }

  /** RFC 2131 section 4.3.3. Only of an address that the node was given by us. */
  private Answer decline() {
    Optional<Ipv4> address = request.requestedAddress().filter(this::isGivenToIt);
    if (address.isEmpty() || isMeantForAnother()) {
      return Answer.silence(Answer.Why.NONE_DUE);
    }
    List<Change> changes = new ArrayList<>();
    leases().offerTo(caller.key()).map(Change.Withdraw::new).ifPresent(changes::add);
    leases()
        .bindingOf(caller.key())
        .map(b -> new Change.Unbind(b.address()))
        .ifPresent(changes::add);
    changes.add(new Change.SetAside(address.get(), now.plus(AddressChoice.PROBATION)));
    return new Answer(
        new Answer.Silence(Answer.Why.NONE_DUE),
        changes,
        List.of(
            new BootEvent.AddressReturned(
                now,
                mac(),
                address.get(),
                BootEvent.GivenBack.DECLINED,
                "declined, another machine uses it; find that machine and give it another"
                    + " address")));
  }

  /** RFC 2131 section 4.3.4. The node gets the same address again unless another needs it. */
  private Answer release() {
    Optional<Binding> held =
        leases()
            .bindingOf(caller.key())
            .filter(b -> b.address().equals(request.current()) && b.isActive(now));
    if (held.isEmpty() || isMeantForAnother()) {
      return Answer.silence(Answer.Why.NONE_DUE);
    }
    Instant end = now.truncatedTo(ChronoUnit.SECONDS);
    return new Answer(
        new Answer.Silence(Answer.Why.NONE_DUE),
        List.of(new Change.Bind(held.get().endedAt(end))),
        List.of(
            new BootEvent.AddressReturned(
                now, mac(), request.current(), BootEvent.GivenBack.RELEASED, "released")));
  }

  /** RFC 2131 section 4.3.5: the node has an address from elsewhere and wants the rest. */
  private Answer inform() {
    Ipv4 address = request.current();
    if (wire.network().subnetOf(address).filter(s -> s.subnet().isHost(address)).isEmpty()) {
      return Answer.silence(Answer.Why.OTHER_NETWORK);
    }
    Terms terms = wire.terms(caller, address);
    Optional<NodeName> name =
        Optional.of(address).filter(this::isGivenToIt).map(a -> Grant.nameOf(caller, a, terms));
    DhcpReply reply =
        DhcpReply.to(request, MessageType.ACK)
            .current(address)
            .boot(terms.node())
            .options(ReplyOptions.informing(request, name, terms));
    return new Answer(
        new Answer.Reply(reply, new Destination.ToNode(address)), List.of(), List.of());
  }

  private static Answer refusal(DhcpRequest request, Instant now, Answer.Why why, String reason) {
    return new Answer(
        new Answer.Silence(why),
        List.of(),
        List.of(new BootEvent.AddressRefused(now, request.mac(), why.toldAs(), reason)));
  }

  /** RFC 5107 section 4: the relay may have told the node its own address for ours. */
  private boolean isMeantForAnother() {
    return request
        .chosenServer()
        .filter(server -> !world.isOurs(server))
        .filter(server -> !caller.relay().serverId().equals(Optional.of(server)))
        .isPresent();
  }

  private boolean isGivenToIt(Ipv4 address) {
    return leases().offerTo(caller.key()).filter(address::equals).isPresent()
        || leases()
            .bindingOf(caller.key())
            .map(Binding::address)
            .filter(address::equals)
            .isPresent()
        || caller.ownAddress(wire).filter(address::equals).isPresent();
  }

  /** RFC 8357 section 5.1: a relay with a port of its own is answered there. */
  private Destination toRelay() {
    return new Destination.ToRelay(
        request.relay(),
        caller.relay().hasOwnPort() ? OptionalInt.of(arrival.sourcePort()) : OptionalInt.empty());
  }

  /** RFC 2131 section 4.1. */
  private Destination toNewcomer(Ipv4 address) {
    if (request.isRelayed()) {
      return toRelay();
    }
    boolean toAll =
        switch (world.config().policy().delivery()) {
          case BY_FLAG -> (request.flags() & DhcpReply.BROADCAST_FLAG) != 0;
          case BROADCAST -> true;
        };
    return toAll ? new Destination.ToAll() : new Destination.ToNewcomer(address, mac());
  }

  private Destination toNodeWith(Ipv4 address) {
    return request.isRelayed() || request.current().equals(Ipv4.ANY)
        ? toNewcomer(address)
        : new Destination.ToNode(request.current());
  }
}
