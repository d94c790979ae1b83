package org.krgboot.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;

class StageTableTest {
  private static StageSource.Sight at(Stage stage) {
    return new StageSource.Sight(
        Optional.of(Ipv4.parse("10.11.12.101")), Optional.of(new NodeName("krgnode101")), stage);
  }

  @Test
  void the_serial_line_shows_how_far_a_node_is() {
    assertThat(Stage.shownIn("")).isEmpty();
    assertThat(Stage.shownIn("\nPXELINUX 6.04 PXE\nLoading vmlinuz...")).contains(Stage.LOADER);
    assertThat(Stage.shownIn("PXELINUX 6.04\n[    0.000000] Linux version 6.1.0"))
        .contains(Stage.KERNEL);
    assertThat(Stage.shownIn("Linux version 6.1\nWelcome to Debian GNU/Linux 12 (bookworm)!"))
        .contains(Stage.INIT);
    assertThat(Stage.shownIn("Debian GNU/Linux 12 krgnode101 ttyS0\n\nkrgnode101 login: "))
        .contains(Stage.LOGIN);
    assertThat(Stage.shownIn("Starting systemd-logind.service - User Login Management..."))
        .isEmpty();
  }

  @Test
  void a_node_only_goes_forward_and_each_stage_keeps_its_first_time() {
    StageTable table = new StageTable(1);
    assertThat(table.saw(1, at(Stage.KERNEL), Duration.ofMillis(9_100)))
        .contains("   9.1 s  krgnode101   kernel");
    assertThat(table.saw(1, at(Stage.LOADER), Duration.ofSeconds(10))).isEmpty();
    assertThat(table.saw(1, at(Stage.KERNEL), Duration.ofSeconds(11))).isEmpty();
    assertThat(table.rows().getFirst().reached(Stage.KERNEL)).contains(Duration.ofMillis(9_100));
    assertThat(table.rows().getFirst().reached(Stage.LOADER)).isEmpty();
  }

  @Test
  void a_node_that_is_up_stops_counting_and_others_go_on() {
    StageTable table = new StageTable(2);
    table.saw(1, at(Stage.LOGIN), Duration.ofSeconds(34));
    assertThat(table.lines(Duration.ofSeconds(60)))
        .containsExactly(
            "krgnode101     10.11.12.101    up                 34.0 s",
            "node 2         -               switched on        60.0 s");
    assertThat(table.allUp()).isFalse();
    assertThat(table.timings())
        .containsExactly(
            "seconds        has an address boot loader   kernel root mounted     init       up",
            "krgnode101                  -           -        -            -        -     34.0",
            "node 2                      -           -        -            -        -        -");
  }

  @Test
  void the_newest_prompt_tells_the_nodes_name() {
    assertThat(Stage.nameAtPrompt("\nlocalhost login: \nkrgnode101 login: "))
        .contains("krgnode101");
    assertThat(Stage.nameAtPrompt("Linux version 6.1")).isEmpty();
  }
}
