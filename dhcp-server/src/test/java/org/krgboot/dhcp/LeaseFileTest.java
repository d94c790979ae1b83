package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.krgboot.dhcp.LeaseStoreTest.HISTORY;
import static org.krgboot.dhcp.LeaseStoreTest.binding;
import static org.krgboot.dhcp.Packets.NODE_1;
import static org.krgboot.dhcp.Packets.NODE_2;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.MacAddress;

/** The file of the leases deleted, damaged, locked or old: never an empty start without a word. */
class LeaseFileTest {
  private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("state.db");
  }

  private void fill() throws IOException {
    try (LeaseStore store = SqliteLeaseStore.open(file(), HISTORY)) {
      List<Change.Durable> many = new ArrayList<>();
      for (int i = 1; i <= 2000; i++) {
        many.add(new Change.Bind(binding(new MacAddress(i), "10.0." + i / 250 + "." + i % 250)));
      }
      store.commit(many, NOW);
    }
  }

  private void assertRefused(String... told) {
    var thrown =
        assertThatThrownBy(() -> SqliteLeaseStore.open(file(), HISTORY).load())
            .isInstanceOf(IOException.class);
    for (String part : told) {
      thrown.hasMessageContaining(part);
    }
  }

  @Test
  void a_file_that_was_deleted_is_missed_with_the_remedy() throws IOException {
    fill();
    Files.delete(file());
    assertRefused("state.db is gone", "krgboot leases restore", "state.db.made");
    Files.delete(directory.resolve("state.db.made"));
    try (LeaseStore store = SqliteLeaseStore.open(file(), HISTORY)) {
      assertThat(store.load()).isEmpty();
    }
  }

  @Test
  void a_file_that_is_deleted_while_it_is_used_is_noticed_and_welcome_back() throws IOException {
    try (LeaseStore store = SqliteLeaseStore.open(file(), HISTORY)) {
      store.commit(List.of(new Change.Bind(binding(NODE_1, "10.0.0.1"))), NOW);
      Files.move(file(), directory.resolve("elsewhere"));
      List<Change.Durable> next = List.of(new Change.Bind(binding(NODE_2, "10.0.0.2")));
      assertThatThrownBy(() -> store.commit(next, NOW)).hasMessageContaining("was deleted");
      assertThatThrownBy(() -> store.commit(next, NOW)).hasMessageContaining("is gone");
      Files.move(directory.resolve("elsewhere"), file());
      store.commit(next, NOW);
      assertThat(store.load()).hasSize(2);
    }
  }

  @Test
  void another_file_in_its_place_is_not_written_to_however_often_it_is_tried() throws IOException {
    fill();
    Files.copy(file(), directory.resolve("backup"));
    try (LeaseStore store = SqliteLeaseStore.open(file(), HISTORY)) {
      store.commit(List.of(new Change.Bind(binding(NODE_1, "10.9.0.1"))), NOW);
      Files.move(file(), directory.resolve("elsewhere"));
      Files.copy(directory.resolve("backup"), file());
      List<Change.Durable> next = List.of(new Change.Bind(binding(NODE_2, "10.9.0.2")));
      for (int attempt = 0; attempt < 3; attempt++) {
        assertThatThrownBy(() -> store.commit(next, NOW)).hasMessageContaining("replaced");
      }
      Files.delete(file());
      Files.move(directory.resolve("elsewhere"), file());
      store.commit(next, NOW);
      assertThat(store.load()).hasSize(2002);
    }
  }

  @Test
  void a_file_that_has_the_inode_of_a_deleted_one_is_another() throws IOException {
    fill();
    byte[] backup = Files.readAllBytes(file());
    try (LeaseStore store = SqliteLeaseStore.open(file(), HISTORY)) {
      List<Change.Durable> next = List.of(new Change.Bind(binding(NODE_2, "10.9.0.2")));
      store.commit(next, NOW);
      Files.delete(file());
      assertThatThrownBy(() -> store.commit(next, NOW)).hasMessageContaining("was deleted");
      Files.write(file(), backup);
      assertThatThrownBy(() -> store.commit(next, NOW)).hasMessageContaining("replaced");
    }
  }

  @Test
  void a_damaged_file_is_refused_with_the_remedy() throws IOException {
    fill();
    try (RandomAccessFile damage = new RandomAccessFile(file().toFile(), "rw")) {
      for (long at = 4096; at < damage.length(); at += 4096) {
        damage.seek(at);
        damage.write("damage".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      }
    }
    assertRefused("damaged", "krgboot leases restore");
  }

  @Test
  void a_file_cut_to_nothing_is_refused_too() throws IOException {
    fill();
    Files.write(file(), new byte[0]);
    assertRefused("damaged", "krgboot leases restore");
  }

  @Test
  void a_locked_file_is_refused_by_the_name_of_the_cause() throws Exception {
    fill();
    try (var other = DriverManager.getConnection("jdbc:sqlite:" + file());
        var statement = other.createStatement()) {
      statement.execute("PRAGMA locking_mode = EXCLUSIVE");
      statement.execute("BEGIN EXCLUSIVE");
      statement.execute("CREATE TABLE other (x)");
      assertRefused("locked", "fuser");
    }
  }

  @Test
  void a_file_of_the_first_schema_keeps_its_leases() throws Exception {
    try (var old = DriverManager.getConnection("jdbc:sqlite:" + file());
        var statement = old.createStatement()) {
      statement.execute(
          "CREATE TABLE lease (mac TEXT NOT NULL PRIMARY KEY, address TEXT NOT NULL UNIQUE,"
              + " name TEXT NOT NULL, since TEXT NOT NULL, renewed TEXT NOT NULL,"
              + " expires TEXT NOT NULL) WITHOUT ROWID");
      statement.execute(
          "INSERT INTO lease VALUES ('"
              + NODE_1
              + "', '10.0.0.1', 'n', '2026-03-01T08:00:00Z', '2026-03-01T08:00:00Z',"
              + " '2026-03-01T09:00:00Z')");
      statement.execute("PRAGMA user_version = 1");
    }
    try (LeaseStore store = SqliteLeaseStore.open(file(), HISTORY)) {
      assertThat(store.load()).containsExactly(binding(NODE_1, "10.0.0.1"));
    }
  }
}
