package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.dhcp.Packets.NODE_1;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;
import org.krgboot.model.NodeName;

/** Leases that an older krgboot wrote, and those of nodes that are known by their client id. */
class LeaseSchemaTest {
  private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");

  @TempDir Path directory;

  private static Lease lease(String address) {
    return new Lease(NODE_1, Ipv4.parse(address), new NodeName("n"), NOW, NOW.plusSeconds(3600));
  }

  /** {@code sqlite3 .recover} keeps the tables, and makes the version 0. */
  @ParameterizedTest
  @ValueSource(ints = {1, 0})
  void leases_of_schema_1_are_taken_over_also_from_a_recovered_file(int version) throws Exception {
    Path file = directory.resolve("state.db");
    try (var database = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = database.createStatement()) {
      statement.execute(
          "CREATE TABLE lease (mac TEXT NOT NULL PRIMARY KEY, address TEXT NOT NULL UNIQUE,"
              + " name TEXT NOT NULL, since TEXT NOT NULL, renewed TEXT NOT NULL,"
              + " expires TEXT NOT NULL) WITHOUT ROWID");
      statement.execute(
          "INSERT INTO lease VALUES ('52:54:00:00:00:01', '10.11.12.101', 'n',"
              + " '2026-03-01T08:00:00Z', '2026-03-01T08:00:00Z', '2026-03-01T09:00:00Z')");
      statement.execute("PRAGMA user_version = " + version);
    }
    for (int open = 0; open < 2; open++) {
      try (LeaseStore store = SqliteLeaseStore.open(file, LeaseStoreTest.HISTORY)) {
        assertThat(store.load()).containsExactly(new Binding(lease("10.11.12.101"), NOW));
      }
    }
  }

  @Test
  void leases_of_this_schema_are_found_in_a_recovered_file() throws Exception {
    Path file = directory.resolve("state.db");
    Binding one = new Binding(lease("10.11.12.101"), NOW);
    try (LeaseStore store = SqliteLeaseStore.open(file, LeaseStoreTest.HISTORY)) {
      store.commit(List.of(new Change.Bind(one)), NOW);
    }
    try (var database = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = database.createStatement()) {
      statement.execute("PRAGMA user_version = 0");
    }
    try (LeaseStore store = SqliteLeaseStore.open(file, LeaseStoreTest.HISTORY)) {
      assertThat(store.load()).containsExactly(one);
    }
  }

  @Test
  void one_node_may_hold_several_addresses_and_a_client_id() throws Exception {
    Binding one = new Binding(lease("10.11.12.101"), NOW);
    Binding other =
        new Binding(lease("10.11.13.101"), NOW, Optional.of(Octets.parse("0x01525400000001")));
    try (LeaseStore store =
        SqliteLeaseStore.open(directory.resolve("state.db"), LeaseStoreTest.HISTORY)) {
      store.commit(List.of(new Change.Bind(one), new Change.Bind(other)), NOW);
    }
    try (LeaseStore store =
        SqliteLeaseStore.open(directory.resolve("state.db"), LeaseStoreTest.HISTORY)) {
      assertThat(store.load()).containsExactlyInAnyOrder(one, other);
    }
  }
}
