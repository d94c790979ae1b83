package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.krgboot.model.AddressRange;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/**
 * Whatever nodes and strangers send, in whatever order: an answer, and never an address to two
 * nodes, nor one outside the networks, nor our own, nor one that is another's by the configuration.
 * The test keeps books of its own of what was acknowledged to whom.
 */
class EngineInvariantsTest {
  private static final Set<Ipv4> OURS =
      Set.of(Ipv4.parse(Cluster.SERVER), Ipv4.parse("10.11.13.1"));
  private static final MacAddress OWNER = new MacAddress(7);
  private static final Ipv4 OWNED = Ipv4.parse("10.11.12.103");

  /** What a node was told it may use, and until when. */
  private record Promise(MacAddress mac, Instant until) {}

  final World world =
      World.of(
          CONFIG, List.of(), new Surroundings(this::isWorking, _ -> Surroundings.Standing.SERVED));

  private final Map<Ipv4, Promise> promises = new HashMap<>();
  private final Set<Ipv4> working = new HashSet<>();

  /** Somebody has answered from there; until when it is given to nobody. */
  private final Map<Ipv4, Instant> usedByOthers = new HashMap<>();

  private Instant now = Script.START;

  private static final DhcpConfig CONFIG =
      Cluster.ofTheHowTo()
          .policy(Policy.STANDARD.with(Policy.Probing.PING))
          .range("10.11.12.101-10.11.12.104")
          .pool(
              new Pool(
                  AddressRange.parse("10.11.12.20-10.11.12.21"),
                  Set.of("known"),
                  Set.of(),
                  ScopeOptions.NONE))
          .and("10.11.13.0/24", "10.11.13.1", "10.11.13.101-10.11.13.103")
          .and("10.9.0.0/30", Cluster.SERVER, "10.9.0.1-10.9.0.2")
          .host(OWNER, OWNED.toString(), "owner")
          .host(new MacAddress(3), "", "")
          .host(new HostKey.CircuitId(Octets.parse("0x05")), "10.11.12.5", "")
          .config();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void no_sequence_of_requests_breaks_a_promise(long seed) {
    Random random = new Random(seed);
    for (int step = 0; step < 2000; step++) {
      ask(random::nextInt);
    }
  }

  private boolean isWorking(Ipv4 address) {
    return working.contains(address);
  }

  /** One request, at random, after some time; the choices are below the number given. */
  void ask(IntUnaryOperator choose) {
    now = now.plusSeconds(choose.applyAsInt(4) == 0 ? choose.applyAsInt(250) * 200L : 1);
    if (choose.applyAsInt(20) == 0) {
      Ipv4 address = address(choose);
      if (!working.remove(address)) {
        working.add(address);
      }
    }
    DhcpRequest request = packet(choose).decoded();
    Arrival arrival =
        new Arrival(
            choose.applyAsInt(2) == 0 ? Ipv4.parse(Cluster.SERVER) : Ipv4.parse("10.11.13.1"),
            choose.applyAsInt(2) == 0 ? Arrival.Cast.TO_ALL : Arrival.Cast.TO_US,
            68);
    world.tick(now);
    Answer answer = DhcpEngine.decide(request, arrival, world, now);
    for (int tries = 0; answer.outcome() instanceof Answer.Probe(Ipv4 address); tries++) {
      assertThat(tries).as("probes of one request").isLessThan(20);
      answer.changes().forEach(world::apply);
      if (choose.applyAsInt(3) == 0) {
        world.answered(address, now);
        usedByOthers.put(address, now.plus(AddressChoice.PROBATION));
      } else {
        world.unanswered(address, now);
      }
      answer = DhcpEngine.decide(request, arrival, world, now);
    }
    check(answer, request);
    answer.changes().forEach(world::apply);
    // A node that takes another address leaves the one that it had.
    answer.changes().stream()
        .filter(Change.Unbind.class::isInstance)
        .forEach(change -> promises.remove(change.address()));
    answer.changes().stream()
        .filter(Change.Bind.class::isInstance)
        .map(change -> ((Change.Bind) change).binding())
        .forEach(world::saved);
  }

  private void check(Answer answer, DhcpRequest request) {
    for (BootEvent event : answer.events()) {
      if (event instanceof BootEvent.AddressReturned returned) {
        promises.remove(returned.address());
      }
    }
    if (answer.outcome() instanceof Answer.Reply(DhcpReply reply, Destination _)
        && !reply.yours().equals(Ipv4.ANY)) {
      Ipv4 address = reply.yours();
      assertThat(OURS).doesNotContain(address);
      assertThat(isServed(address)).as("%s is served", address).isTrue();
      assertThat(usedByOthers.getOrDefault(address, now)).isBeforeOrEqualTo(now);
      assertThat(address.equals(OWNED) && !request.mac().equals(OWNER)).isFalse();
      Promise other = promises.get(address);
      if (other != null && !other.mac().equals(request.mac())) {
        assertThat(other.until()).as("%s is %s", address, other).isBeforeOrEqualTo(now);
        assertThat(working.contains(address) && !request.current().equals(address)).isFalse();
      }
      if (reply.type() == MessageType.ACK) {
        long seconds =
            Integer.toUnsignedLong(
                ByteBuffer.wrap(reply.options().bytes(OptionCode.LEASE_TIME)).getInt());
        promises.put(address, new Promise(request.mac(), now.plus(Duration.ofSeconds(seconds))));
      }
    }
  }

  private static boolean isServed(Ipv4 address) {
    return CONFIG.ranges().stream().anyMatch(range -> range.contains(address))
        || address.equals(OWNED)
        || address.equals(Ipv4.parse("10.11.12.5"));
  }

  private static Ipv4 address(IntUnaryOperator choose) {
    return switch (choose.applyAsInt(6)) {
      case 0 -> Ipv4.parse("10.11.13." + (100 + choose.applyAsInt(5)));
      case 1 -> Ipv4.parse("10.9.0." + choose.applyAsInt(4));
      case 2 -> Ipv4.parse("10.11.12." + choose.applyAsInt(22));
      case 3 -> new Ipv4(choose.applyAsInt(256) << 24 | choose.applyAsInt(256));
      default -> Ipv4.parse("10.11.12." + (100 + choose.applyAsInt(6)));
    };
  }

  private static Packets packet(IntUnaryOperator choose) {
    int[] types = {1, 1, 3, 3, 3, 3, 4, 7, 8};
    Packets packet =
        Packets.from(new MacAddress(1 + choose.applyAsInt(9)))
            .option(53, types[choose.applyAsInt(types.length)]);
    if (choose.applyAsInt(2) == 0) {
      packet.address(50, address(choose).toString());
    }
    if (choose.applyAsInt(3) == 0) {
      packet.address(54, choose.applyAsInt(4) == 0 ? "10.0.0.9" : Cluster.SERVER);
    }
    if (choose.applyAsInt(3) == 0) {
      packet.current(address(choose).toString());
    }
    if (choose.applyAsInt(4) == 0) {
      packet.relay(choose.applyAsInt(2) == 0 ? "10.9.0.1" : "10.11.12.2");
    }
    if (choose.applyAsInt(4) == 0) {
      packet.option(61, 1, choose.applyAsInt(3));
    }
    return withRelayInformation(packet, choose);
  }

  private static Packets withRelayInformation(Packets packet, IntUnaryOperator choose) {
    return switch (choose.applyAsInt(10)) {
      case 0 -> packet.option(82, 1, 1, 5);
      case 1 -> packet.option(82, 5, 4, 10, 11, 13, choose.applyAsInt(256));
      case 2 -> packet.option(82, choose.applyAsInt(20), choose.applyAsInt(5), 1, 2, 3);
      case 3 -> packet.option(118, 10, 11, 12, 0);
      default -> packet;
    };
  }
}
