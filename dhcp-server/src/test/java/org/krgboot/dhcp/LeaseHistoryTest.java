package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.dhcp.Packets.NODE_1;
import static org.krgboot.dhcp.Packets.NODE_2;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

/** Who had which address when. Times are hours after the start; every lease is for two of them. */
class LeaseHistoryTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final Ipv4 FIRST = Ipv4.parse("10.0.0.1");
  private static final Ipv4 SECOND = Ipv4.parse("10.0.0.2");

  @TempDir Path directory;
  private LeaseStore store;

  @BeforeEach
  void open() throws IOException {
    store = SqliteLeaseStore.open(directory.resolve("state.db"), Duration.ofHours(100));
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  private static Instant at(int hour) {
    return START.plus(Duration.ofHours(hour));
  }

  private void bind(int hour, MacAddress mac, Ipv4 address, int since) throws IOException {
    Lease lease = new Lease(mac, address, new NodeName("n"), at(since), at(hour + 2));
    store.commit(List.of(new Change.Bind(new Binding(lease, at(hour)))), at(hour));
  }

  private static String told(PastLease past) {
    Lease lease = past.lease();
    return lease.mac().equals(NODE_1) ? "1" + times(lease, past) : "2" + times(lease, past);
  }

  private static String times(Lease lease, PastLease past) {
    return " "
        + lease.address().octet(3)
        + " "
        + Duration.between(START, lease.since()).toHours()
        + "-"
        + Duration.between(START, lease.expires()).toHours()
        + (past.standing() == PastLease.Standing.LATEST ? " latest" : "");
  }

  @Test
  void a_renewed_lease_is_one_entry() throws IOException {
    bind(0, NODE_1, FIRST, 0);
    bind(1, NODE_1, FIRST, 0);
    bind(2, NODE_1, FIRST, 0);
    assertThat(store.historyOf(FIRST))
        .extracting(LeaseHistoryTest::told)
        .containsExactly("1 1 0-4 latest");
  }

  @Test
  void an_address_tells_its_nodes_and_a_node_its_addresses() throws IOException {
    bind(0, NODE_1, FIRST, 0);
    bind(5, NODE_2, FIRST, 5); // the first one's had run out at 2
    bind(6, NODE_1, SECOND, 6);
    store.commit(List.of(new Change.Unbind(FIRST)), at(7));
    bind(7, NODE_2, SECOND, 7); // moved, which ends both at 7
    assertThat(store.historyOf(FIRST))
        .extracting(LeaseHistoryTest::told)
        .containsExactly("1 1 0-2", "2 1 5-7");
    assertThat(store.historyOf(NODE_2))
        .extracting(LeaseHistoryTest::told)
        .containsExactly("2 1 5-7", "2 2 7-9 latest");
    assertThat(store.historyOf(NODE_1))
        .extracting(LeaseHistoryTest::told)
        .containsExactly("1 1 0-2", "1 2 6-7");
  }

  @Test
  void a_break_makes_two_entries() throws IOException {
    bind(0, NODE_1, FIRST, 0);
    bind(9, NODE_1, FIRST, 9);
    assertThat(store.historyOf(NODE_1))
        .extracting(LeaseHistoryTest::told)
        .containsExactly("1 1 0-2", "1 1 9-11 latest");
  }

  @Test
  void a_lease_that_is_ended_is_remembered() throws IOException {
    bind(0, NODE_1, FIRST, 0);
    store.commit(List.of(new Change.Unbind(FIRST)), at(1));
    assertThat(store.historyOf(FIRST))
        .extracting(LeaseHistoryTest::told)
        .containsExactly("1 1 0-1");
  }

  @Test
  void what_ended_longer_ago_than_is_kept_is_forgotten() throws IOException {
    bind(0, NODE_1, FIRST, 0);
    bind(5, NODE_2, FIRST, 5);
    bind(50, NODE_1, FIRST, 50);
    store.tidy(at(102)); // 100 hours after 2
    assertThat(store.historyOf(FIRST)).hasSize(3);
    store.tidy(at(103));
    assertThat(store.historyOf(FIRST))
        .extracting(LeaseHistoryTest::told)
        .containsExactly("2 1 5-7", "1 1 50-52 latest");
  }

  @Test
  void what_is_to_be_forgotten_is_forgotten_a_thousand_at_a_time() throws IOException {
    List<Change.Durable> ends = new ArrayList<>();
    for (int i = 0; i < 2500; i++) {
      MacAddress mac = i % 2 == 0 ? NODE_1 : NODE_2;
      Lease lease = new Lease(mac, FIRST, new NodeName("n"), at(0).plusSeconds(i), at(2));
      ends.add(new Change.Bind(new Binding(lease, at(0))));
    }
    store.commit(ends, at(1));
    assertThat(store.tidy(at(103))).isEqualTo(LeaseStore.Rest.MORE_TO_DO);
    assertThat(store.historyOf(FIRST)).hasSize(1500);
    assertThat(store.tidy(at(103))).isEqualTo(LeaseStore.Rest.MORE_TO_DO);
    assertThat(store.tidy(at(103))).isEqualTo(LeaseStore.Rest.DONE);
    assertThat(store.historyOf(FIRST)).hasSize(1);
  }
}
