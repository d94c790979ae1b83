package org.krgboot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.daemon.StateLock;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;
import picocli.CommandLine;

class LeasesCommandTest {
  private static final Instant NOW = Instant.parse("2026-11-22T01:00:00Z");
  private static final String DUMP =
      """
      10.11.12.101 52:54:00:00:00:01 krgnode101 2026-11-22T00:00:00Z 2026-11-22T00:00:00Z 2026-11-22T12:00:01Z -
      end 1
      """;

  @TempDir Path state;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private int run(String... arguments) {
    PrintStream stdout = System.out;
    PrintStream stderr = System.err;
    try (PrintStream both = new PrintStream(out, true, StandardCharsets.UTF_8)) {
      System.setOut(both);
      System.setErr(both);
      return new CommandLine(new KrgbootCommand()).execute(arguments);
    } finally {
      System.setOut(stdout);
      System.setErr(stderr);
    }
  }

  private String told() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private Path dump(String text) throws IOException {
    return Files.writeString(state.resolve("dump"), text);
  }

  @Test
  void leases_are_shown_by_address_with_their_ends() {
    MacAddress mac = MacAddress.parse("52:54:00:00:00:01");
    Lease active =
        new Lease(mac, Ipv4.parse("10.11.12.9"), new NodeName("a"), NOW, NOW.plusSeconds(43_200));
    Lease ended =
        new Lease(mac, Ipv4.parse("10.11.12.101"), new NodeName("b"), NOW, NOW.minusSeconds(60));
    assertThat(LeasesCommand.table(List.of(ended, active), NOW))
        .isEqualTo(
            """
            ADDRESS       MAC                NAME  SINCE                 ENDS
            10.11.12.9    52:54:00:00:00:01  a     2026-11-22T01:00:00Z  in 12 h
            10.11.12.101  52:54:00:00:00:01  b     2026-11-22T01:00:00Z  ended 60 s ago\
            """);
  }

  @Test
  void leases_are_restored_shown_told_of_and_dumped() throws IOException {
    String at = "--state-dir=" + state;
    assertThat(run("leases", "restore", at, dump(DUMP).toString())).isZero();
    assertThat(run("leases", at)).isZero();
    assertThat(run("leases", "history", at, "10.11.12.101")).isZero();
    assertThat(run("leases", "history", at, "52:54:00:00:00:01")).isZero();
    assertThat(run("leases", "history", at, "10.11.12.102")).isZero();
    assertThat(run("leases", "dump", at, state.resolve("again").toString())).isZero();
    assertThat(told())
        .contains(
            "1 leases are restored", "krgnode101", "FROM", "nothing is known of 10.11.12.102");
    assertThat(Files.readString(state.resolve("again"))).endsWith(DUMP);
  }

  @Test
  void a_dump_with_a_fault_is_refused_by_its_line() throws IOException {
    Path bad = dump(DUMP.replace("end 1", "end 2"));
    assertThat(run("leases", "restore", "--state-dir=" + state, bad.toString())).isEqualTo(1);
    assertThat(told()).contains(bad + ":2: ");
  }

  @Test
  void a_running_daemon_keeps_its_leases() throws IOException {
    try (StateLock _ = StateLock.take(state)) {
      assertThat(run("leases", "restore", "--state-dir=" + state, dump(DUMP).toString()))
          .isEqualTo(1);
    }
    assertThat(told()).contains("is in use by another krgboot");
    assertThat(Files.exists(state.resolve("state.db"))).isFalse();
  }

  @Test
  void without_a_database_there_is_a_word_of_it_and_none_is_made() {
    assertThat(run("leases", "--state-dir=" + state)).isEqualTo(1);
    assertThat(told()).contains("state.db");
    assertThat(Files.exists(state.resolve("state.db"))).isFalse();
  }
}
