package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/** Packets and times, as the loop would have them: decide, apply, and the disk has it. */
final class Script {
  static final Instant START = Instant.parse("2026-03-01T08:00:00.5Z");

  private final Set<Ipv4> working = new HashSet<>();
  private final Map<MacAddress, Surroundings.Standing> standings = new HashMap<>();
  private World world;
  private boolean slowDisk;
  private Answer last;

  Script(Cluster cluster) {
    this(cluster.config());
  }

  Script(DhcpConfig config) {
    this(config, List.of());
  }

  Script(DhcpConfig config, List<Binding> saved) {
    this.world =
        World.of(
            config,
            saved,
            new Surroundings(
                working::contains,
                mac -> standings.getOrDefault(mac, Surroundings.Standing.SERVED)));
  }

  void withSlowDisk() {
    slowDisk = true;
  }

  /** The address that is in use whatever its lease says. */
  void withWorkingNodeAt(String address) {
    working.add(Ipv4.parse(address));
  }

  /** What an operator says of the node. */
  void with(MacAddress mac, Surroundings.Standing standing) {
    standings.put(mac, standing);
  }

  /** From now on another configuration holds; the disk knows nothing that the table does not. */
  void reconfigured(DhcpConfig next) {
    world = world.under(next, List.of());
  }

  /** Broadcast on the wire of the first network, or passed on by a relay. */
  Script at(String when, Packets packet) {
    return at(when, world.config().networks().getFirst().server().toString(), packet);
  }

  /** Broadcast on the wire where we have that address. */
  Script at(String when, String server, Packets packet) {
    return at(when, new Arrival(Ipv4.parse(server), Arrival.Cast.TO_ALL, 67), packet);
  }

  Script at(String when, Arrival arrival, Packets packet) {
    Instant now = START.plus(duration(when));
    world.tick(now);
    last = DhcpEngine.decide(packet.decoded(), arrival, world, now);
    for (Change change : last.changes()) {
      world.apply(change);
      if (change instanceof Change.Bind(Binding binding) && !slowDisk) {
        world.saved(binding);
      }
    }
    return this;
  }

  /** What was decided last waits for an echo from there. */
  Script probes(String address) {
    assertThat(last.outcome()).isEqualTo(new Answer.Probe(Ipv4.parse(address)));
    return this;
  }

  /** None has come in time. */
  Script noEcho(String when, String address) {
    world.unanswered(Ipv4.parse(address), START.plus(duration(when)));
    return this;
  }

  Script echo(String when, String address) {
    world.answered(Ipv4.parse(address), START.plus(duration(when)));
    return this;
  }

  private static Duration duration(String text) {
    boolean negative = text.startsWith("-");
    String plain = negative ? text.substring(1) : text;
    Duration length = Duration.parse("PT" + plain);
    return negative ? length.negated() : length;
  }

  /** DISCOVER and REQUEST at the start. */
  void boot(MacAddress mac, String address) {
    at("0s", Packets.discover(mac)).offers(address);
    at("1s", Packets.selecting(mac, address, Cluster.SERVER)).acks(address);
  }

  Script offers(String address) {
    return says(MessageType.OFFER, address);
  }

  Script acks(String address) {
    return says(MessageType.ACK, address);
  }

  Script naks() {
    return says(MessageType.NAK, "0.0.0.0");
  }

  private Script says(MessageType type, String address) {
    assertThat(last.outcome()).isInstanceOf(Answer.Reply.class);
    assertThat(reply().type()).isEqualTo(type);
    assertThat(reply().yours()).hasToString(address);
    return this;
  }

  Script isSilent() {
    assertThat(last.outcome()).isInstanceOf(Answer.Silence.class);
    return this;
  }

  Script names(String name) {
    assertThat(text(OptionCode.HOST_NAME)).isEqualTo(name);
    return this;
  }

  Script refuses(String remedy) {
    assertThat(event()).isInstanceOf(BootEvent.AddressRefused.class);
    assertThat(((BootEvent.AddressRefused) event()).reason()).contains(remedy);
    return this;
  }

  Script writes() {
    assertThat(last.changes()).hasAtLeastOneElementOfType(Change.Durable.class);
    return this;
  }

  Script writesNothing() {
    assertThat(last.changes()).doesNotHaveAnyElementsOfTypes(Change.Durable.class);
    return this;
  }

  /** Option 51, to the second before or after. */
  Script tells(Duration leaseTime) {
    int seconds = ByteBuffer.wrap(option(OptionCode.LEASE_TIME)).getInt();
    assertThat((long) seconds).isBetween(leaseTime.toSeconds() - 1, leaseTime.toSeconds() + 1);
    return this;
  }

  Answer answer() {
    return last;
  }

  DhcpReply reply() {
    return ((Answer.Reply) last.outcome()).reply();
  }

  Destination to() {
    return ((Answer.Reply) last.outcome()).to();
  }

  BootEvent event() {
    assertThat(last.events()).hasSize(1);
    return last.events().getFirst();
  }

  byte[] option(int code) {
    return reply().options().bytes(code);
  }

  String text(int code) {
    return new String(option(code), StandardCharsets.US_ASCII);
  }
}
