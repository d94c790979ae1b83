package org.krgboot.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

class LabPlanTest {
  private static LabPlan plan(int nodes, String server, String range) {
    return new LabPlan(
        nodes,
        Path.of("/r"),
        Path.of("/w"),
        Subnet.parse("10.11.12.0/24"),
        Ipv4.parse(server),
        AddressRange.parse(range),
        Duration.ofMinutes(3),
        768);
  }

  @Test
  void a_plan_that_cannot_work_is_refused_with_the_reason() {
    assertThat(plan(4, "10.11.12.1", "10.11.12.101-10.11.12.104").nodes()).isEqualTo(4);
    assertThatThrownBy(() -> plan(5, "10.11.12.1", "10.11.12.101-10.11.12.104"))
        .hasMessageContaining("too small for 5 nodes");
    assertThatThrownBy(() -> plan(1, "10.11.12.101", "10.11.12.101-10.11.12.104"))
        .hasMessageContaining("has the server's");
    assertThatThrownBy(() -> plan(1, "10.0.0.1", "10.11.12.101-10.11.12.104"))
        .hasMessageContaining("10.0.0.1 is not an address in 10.11.12.0/24");
    assertThatThrownBy(() -> plan(0, "10.11.12.1", "10.11.12.101-10.11.12.104"))
        .hasMessageContaining("1 to 64 nodes, not 0");
  }
}
