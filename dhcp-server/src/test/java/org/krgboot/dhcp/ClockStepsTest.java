package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.dhcp.LeaseStoreTest.HISTORY;
import static org.krgboot.dhcp.Packets.NODE_1;
import static org.krgboot.dhcp.Packets.NODE_2;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.MacAddress;

/** The clock of a boot server without a battery: stepped far while the server was down. */
class ClockStepsTest {
  private static final Instant THEN = Instant.parse("2026-03-01T08:00:00Z");

  /** One address only, so that it is seen at once who may have it. */
  private final DhcpConfig config =
      Cluster.ofTheHowTo().range("10.11.12.101-10.11.12.101").config();

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("state.db");
  }

  /** One run of the server: a node boots, and it is told which address it got, or "none". */
  private String boot(MacAddress mac, Instant now) throws IOException {
    try (LeaseStore store = SqliteLeaseStore.open(file(), HISTORY)) {
      World world = World.of(config, store.load());
      world.tick(now);
      Answer offer = decide(Packets.discover(mac), world, now);
      if (offer.granted().isEmpty()) {
        return "none";
      }
      String address = offer.granted().get().toString();
      offer.changes().forEach(world::apply);
      Answer ack = decide(Packets.selecting(mac, address, Cluster.SERVER), world, now);
      store.commit(
          ack.changes().stream()
              .filter(Change.Durable.class::isInstance)
              .map(Change.Durable.class::cast)
              .toList(),
          now);
      return ack.granted().orElseThrow().toString();
    }
  }

  private static Answer decide(Packets packet, World world, Instant now) {
    return DhcpEngine.decide(packet.decoded(), Cluster.ARRIVAL, world, now);
  }

  @Test
  void a_clock_put_back_over_a_restart_takes_no_address_from_its_node() throws IOException {
    assertThat(boot(NODE_1, THEN)).isEqualTo("10.11.12.101");
    Instant yearsBack = THEN.minus(Duration.ofDays(2000));
    assertThat(boot(NODE_2, yearsBack)).isEqualTo("none");
    assertThat(boot(NODE_1, yearsBack.plusSeconds(60))).isEqualTo("10.11.12.101");
    assertThat(boot(NODE_2, yearsBack.plusSeconds(120))).isEqualTo("none");
  }

  @Test
  void a_clock_put_back_holds_no_address_longer_than_a_lease_from_then_on() throws IOException {
    boot(NODE_1, THEN);
    Instant yearsBack = THEN.minus(Duration.ofDays(2000));
    try (LeaseStore store = SqliteLeaseStore.open(file(), HISTORY)) {
      World world = World.of(config, store.load());
      world.tick(yearsBack);
      Instant justBefore = yearsBack.plus(Cluster.LEASE_TIME).minusSeconds(10);
      world.tick(justBefore);
      assertThat(decide(Packets.discover(NODE_2), world, justBefore).granted()).isEmpty();
      Instant after = yearsBack.plus(Cluster.LEASE_TIME).plusSeconds(10);
      world.tick(after);
      assertThat(decide(Packets.discover(NODE_2), world, after).granted()).isPresent();
    }
  }

  @Test
  void a_clock_put_forward_ends_leases_and_their_nodes_come_back_to_them_first()
      throws IOException {
    boot(NODE_1, THEN);
    Instant yearsAhead = THEN.plus(Duration.ofDays(2000));
    assertThat(boot(NODE_1, yearsAhead)).isEqualTo("10.11.12.101");
    assertThat(boot(NODE_2, yearsAhead.plusSeconds(60))).isEqualTo("none");
  }

  @Test
  void history_of_a_clock_put_back_is_still_told_and_in_order() throws IOException {
    boot(NODE_1, THEN);
    Instant back = THEN.minus(Duration.ofDays(1));
    boot(NODE_1, back);
    try (LeaseStore store = SqliteLeaseStore.open(file(), HISTORY)) {
      List<PastLease> history = store.historyOf(NODE_1);
      assertThat(history).isNotEmpty();
      assertThat(history.getLast().holds(back.plusSeconds(60))).isTrue();
    }
  }
}
