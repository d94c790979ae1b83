package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.image.RootRecipe;
import org.krgboot.lab.QemuNode;

/** Two nodes with the network cards of real machines share one read-write root at the same time. */
@Tag("nightly")
class TwoNodesTest {
  private static final Duration COMMAND = Duration.ofMinutes(3);

  @TempDir Path directory;

  @Test
  void two_nodes_with_other_network_cards_share_one_root() throws Exception {
    try (NodeLab lab = NodeLab.make("standard-node-root", RootRecipe.Size.STANDARD, directory, 2)) {
      QemuNode first = lab.powerOn(QemuNode.Nic.E1000);
      QemuNode second = lab.powerOn(QemuNode.Nic.RTL8139);
      String one = first.console().login("root", NodeLab.PASSWORD, NodeLab.BOOT);
      String other = second.console().login("root", NodeLab.PASSWORD, NodeLab.BOOT);
      assertThat(Set.of(one, other)).containsExactlyInAnyOrder("krgnode101", "krgnode102");
      assertThat(first.console().run("echo seen > /var/tmp/by-first; sync", COMMAND).status())
          .isZero();
      assertThat(second.console().run("cat /var/tmp/by-first", COMMAND).output()).contains("seen");
      String ids =
          first.console().run("cat /etc/machine-id", COMMAND).output()
              + second.console().run("cat /etc/machine-id", COMMAND).output();
      assertThat(ids.lines().filter(line -> line.matches("[0-9a-f]{32}")).distinct()).hasSize(2);
      for (QemuNode node : new QemuNode[] {first, second}) {
        assertThat(node.console().run("systemctl --failed --no-legend | wc -l", COMMAND).output())
            .startsWith("0");
      }
    }
  }
}
