package org.krgboot.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.krgboot.model.Ipv4;

class WorkingNodesTest {
  private static final Ipv4 NODE = Ipv4.parse("10.11.12.101");

  private final Set<Ipv4> connected = new HashSet<>();
  private Instant now = Instant.parse("2026-03-01T08:00:00Z");
  private int asked;

  @Test
  void the_source_is_asked_at_most_once_a_second() {
    WorkingNodes working =
        new WorkingNodes(
            () -> {
              asked++;
              return Set.copyOf(connected);
            },
            () -> now);
    assertThat(working.test(NODE)).isFalse();
    connected.add(NODE);
    assertThat(working.test(NODE)).isFalse();
    now = now.plusSeconds(1);
    assertThat(working.test(NODE)).isTrue();
    connected.clear();
    now = now.minusSeconds(3600); // put back
    assertThat(working.test(NODE)).isFalse();
    assertThat(asked).isEqualTo(3);
  }
}
