package org.krgboot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.krgboot.daemon.NodeRow;

class NodesCommandTest {
  private static final Instant NOW = Instant.parse("2026-11-22T01:00:00Z");

  @Test
  void nodes_are_shown_one_a_line_in_columns() {
    NodeRow running =
        new NodeRow(
            "krgnode101",
            "10.11.12.101",
            "52:54:00:00:00:01",
            "reading",
            NOW.minusSeconds(42),
            NOW,
            "",
            "memtest once",
            "");
    NodeRow refused =
        new NodeRow(
            "",
            "",
            "52:54:00:00:00:02",
            "dhcp",
            NOW.minusSeconds(7300),
            NOW,
            "not in the cluster",
            "",
            "");
    assertThat(NodesCommand.table(List.of(running, refused), NOW))
        .isEqualTo(
            """
            NAME        ADDRESS       MAC                STAGE    SINCE       TARGET        TROUBLE
            krgnode101  10.11.12.101  52:54:00:00:00:01  reading  42 s        memtest once
            -           -             52:54:00:00:00:02  dhcp     2 h 01 min  -             not in the cluster\
            """);
  }

  @Test
  void no_nodes_is_said_in_words() {
    assertThat(NodesCommand.table(List.of(), NOW)).contains("no node has asked");
  }
}
