package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.krgboot.dhcp.LeaseStoreTest.HISTORY;
import static org.krgboot.dhcp.Packets.NODE_1;
import static org.krgboot.dhcp.Packets.NODE_2;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeaseDumpTest {
  private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
  private static final String GOOD =
      "10.0.0.1 52:54:00:00:00:01 a 2026-03-01T08:00:00Z 2026-03-01T08:00:00Z 2026-03-01T09:00:00Z -";

  @TempDir Path directory;

  private SqliteLeaseStore store() throws IOException {
    return SqliteLeaseStore.open(directory.resolve("state.db"), HISTORY);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("dump"), text);
  }

  @Test
  void what_is_dumped_can_be_restored_elsewhere() throws IOException {
    Binding first = LeaseStoreTest.binding(NODE_1, "10.11.12.101");
    Binding second = LeaseStoreTest.binding(NODE_2, "10.11.12.99");
    String dump;
    try (LeaseStore store = store()) {
      store.commit(List.of(new Change.Bind(first), new Change.Bind(second)), NOW);
      dump = LeaseDump.of(store, NOW);
    }
    assertThat(dump.lines())
        .contains("end 2", "# krgboot leases, 2026-03-01T08:00:00Z")
        .element(2)
        .asString()
        .startsWith("10.11.12.99 " + NODE_2);
    try (LeaseStore other = SqliteLeaseStore.toRestore(directory.resolve("other.db"))) {
      assertThat(LeaseDump.restore(file(dump), other, NOW)).isEqualTo(2);
      assertThat(other.load()).containsExactlyInAnyOrder(first, second);
    }
  }

  @Test
  void a_restore_replaces_what_was_there_and_remembers_it() throws IOException {
    try (LeaseStore store = store()) {
      store.commit(List.of(new Change.Bind(LeaseStoreTest.binding(NODE_1, "10.11.12.101"))), NOW);
      LeaseDump.restore(file(GOOD + "\nend 1\n"), store, NOW.plusSeconds(60));
      assertThat(store.leases())
          .extracting(lease -> lease.address().toString())
          .containsExactly("10.0.0.1");
      assertThat(store.historyOf(NODE_1).getFirst().lease().expires())
          .isEqualTo(NOW.plusSeconds(60));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense|dump:1: 'nonsense' is not",
        GOOD + "%n" + GOOD + "%nend 2|dump:2: 10.0.0.1 has a lease in line 1 already",
        "#%n" + GOOD + "%nend 2|dump:3: 'end 2', but there are 1 leases above",
        GOOD + "|dump:2: the line 'end 1' is missing, so the file was cut",
        GOOD + "%nend 1%nend 1|dump:2: there is more after the end",
        "10.0.0.256 52:54:00:00:00:01 a x y z -%nend 1|dump:1: ",
        "10.0.0.1 52:54:00:00:00:01 a 2026-03-01T08:00:00.5Z 2026-03-01T08:00:00Z 2026-03-01T09:00:00Z -%nend 1|whole seconds"
      })
  void a_dump_with_a_fault_is_refused_by_its_line_and_changes_nothing(String text, String told)
      throws IOException {
    Path dump = file(text.replace("%n", "\n"));
    try (LeaseStore store = store()) {
      Binding held = LeaseStoreTest.binding(NODE_1, "10.11.12.101");
      store.commit(List.of(new Change.Bind(held)), NOW);
      assertThatThrownBy(() -> LeaseDump.restore(dump, store, NOW))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(told);
      assertThat(store.load()).containsExactly(held);
    }
  }

  @Test
  void what_is_no_text_is_refused_by_name() throws IOException {
    Path dump = Files.write(directory.resolve("dump"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    try (LeaseStore store = store()) {
      assertThatThrownBy(() -> LeaseDump.restore(dump, store, NOW))
          .hasMessageContaining("not text");
      assertThatThrownBy(() -> LeaseDump.restore(directory.resolve("none"), store, NOW))
          .hasMessageContaining("there is no file");
    }
  }

  @FuzzTest
  void any_text_gives_leases_or_our_own_refusal(byte[] bytes) {
    try {
      LeaseDump.parse("dump", new String(bytes, StandardCharsets.ISO_8859_1).lines().toList());
    } catch (IOException refusal) {
      assertThat(refusal).hasMessageStartingWith("dump:");
    }
  }
}
