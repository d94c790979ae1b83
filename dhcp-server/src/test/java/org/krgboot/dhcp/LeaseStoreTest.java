package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.krgboot.dhcp.Packets.NODE_1;
import static org.krgboot.dhcp.Packets.NODE_2;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

class LeaseStoreTest {
  private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("state.db");
  }

  static Binding binding(MacAddress mac, String address) {
    Lease lease =
        new Lease(mac, Ipv4.parse(address), new NodeName("n"), NOW, NOW.plusSeconds(3600));
    return new Binding(lease, NOW);
  }

  private static Change.Bind bind(MacAddress mac, String address) {
    return new Change.Bind(binding(mac, address));
  }

  @Test
  void what_was_committed_is_there_after_a_restart() throws IOException {
    try (LeaseStore store = LeaseStore.open(file())) {
      store.commit(List.of(bind(NODE_1, "10.11.12.101"), bind(NODE_2, "10.11.12.102")));
      store.commit(List.of(new Change.Unbind(Ipv4.parse("10.11.12.102"))));
    }
    try (LeaseStore store = LeaseStore.open(file())) {
      assertThat(store.load()).containsExactly(binding(NODE_1, "10.11.12.101"));
    }
  }

  @Test
  void an_address_that_moves_leaves_its_old_node() throws IOException {
    try (LeaseStore store = LeaseStore.open(file())) {
      store.commit(List.of(bind(NODE_1, "10.11.12.101")));
      store.commit(List.of(bind(NODE_2, "10.11.12.101")));
      assertThat(store.load()).containsExactly(binding(NODE_2, "10.11.12.101"));
    }
  }

  @Test
  void a_failed_write_changes_nothing_and_the_store_recovers() throws Exception {
    try (LeaseStore store = LeaseStore.open(file());
        var other = DriverManager.getConnection("jdbc:sqlite:" + file());
        var statement = other.createStatement()) {
      statement.execute(
          "CREATE TRIGGER full BEFORE INSERT ON lease WHEN new.name = 'n'"
              + " BEGIN SELECT RAISE(ABORT, 'disk full'); END");
      assertThatThrownBy(() -> store.commit(List.of(bind(NODE_1, "10.11.12.101"))))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("disk full");
      statement.execute("DROP TRIGGER full");
      assertThat(store.load()).isEmpty();
      store.commit(List.of(bind(NODE_1, "10.11.12.101")));
      assertThat(store.load()).hasSize(1);
    }
  }

  @Test
  void the_file_may_hold_tables_of_others() throws Exception {
    try (var other = DriverManager.getConnection("jdbc:sqlite:" + file());
        var statement = other.createStatement()) {
      statement.execute("CREATE TABLE journal (line TEXT)");
    }
    LeaseStore.open(file()).close();
    LeaseStore.open(file()).close();
  }

  @Test
  void a_file_of_a_newer_version_is_refused_with_the_remedy() throws Exception {
    try (var other = DriverManager.getConnection("jdbc:sqlite:" + file());
        var statement = other.createStatement()) {
      statement.execute("PRAGMA user_version = 99");
    }
    assertThatThrownBy(() -> LeaseStore.open(file()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("newer krgboot");
  }

  @Test
  void what_is_no_database_is_refused_by_name() throws IOException {
    Files.writeString(file(), "this is not a database, and it is long enough to be read as one");
    assertThatThrownBy(() -> LeaseStore.open(file()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("state.db");
    assertThatThrownBy(() -> LeaseStore.open(directory.resolve("none/state.db")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not exist");
  }

  @Test
  @Timeout(60)
  void a_process_killed_while_it_commits_loses_nothing_it_had_committed() throws Exception {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                file().toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int committed = 0;
    try (BufferedReader lines = writer.inputReader()) {
      while (committed < 50 && lines.readLine() != null) {
        committed++;
      }
      writer.destroyForcibly().waitFor();
    }
    assertThat(committed).isEqualTo(50);
    try (LeaseStore store = LeaseStore.open(file())) {
      assertThat(store.load())
          .hasSizeGreaterThanOrEqualTo(committed)
          .contains(binding(new MacAddress(50), "10.0.0.50"));
    }
  }

  /** Commits one lease after the other without end, and says so after each. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) throws IOException {
      try (LeaseStore store = LeaseStore.open(Path.of(args[0]))) {
        for (int i = 1; i < 1 << 20; i++) {
          store.commit(List.of(bind(new MacAddress(i), new Ipv4(0x0a000000 + i).toString())));
          System.out.println(i);
        }
      }
    }
  }
}
