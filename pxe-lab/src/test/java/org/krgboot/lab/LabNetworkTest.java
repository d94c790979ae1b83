package org.krgboot.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/** With real namespaces. */
class LabNetworkTest {
  private static final Subnet SUBNET = Subnet.parse("10.11.12.0/24");
  private static final Ipv4 SERVER = Ipv4.parse("10.11.12.1");

  @BeforeEach
  void needs_root() {
    assumeTrue(
        LabTools.mayMakeNetworks() && LabTools.find("ip").isPresent(),
        "SKIPPED: a real network namespace needs root, /dev/net/tun and the package iproute2");
  }

  private static String inside(LabNetwork network, String... command) throws Exception {
    Process process =
        new ProcessBuilder(network.inside(List.of(command))).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  private static boolean exists(String namespace) {
    return Files.exists(Path.of("/run/netns", namespace));
  }

  @Test
  void the_server_has_its_address_on_the_bridge_and_each_node_a_tap() throws Exception {
    String namespace;
    try (LabNetwork network = LabNetwork.create(SUBNET, SERVER, 2)) {
      namespace = network.namespace();
      assertThat(inside(network, "ip", "-br", "addr", "show", "dev", LabNetwork.BRIDGE))
          .contains("10.11.12.1/24");
      assertThat(inside(network, "ip", "link", "show", "master", LabNetwork.BRIDGE))
          .contains("tap1", "tap2");
      assertThatThrownBy(() -> network.tap(3)).hasMessageContaining("nodes 1 to 2");
    }
    assertThat(exists(namespace)).isFalse();
  }

  @Test
  void two_labs_at_once_have_the_same_addresses_and_do_not_meet() throws Exception {
    try (LabNetwork one = LabNetwork.create(SUBNET, SERVER, 1);
        LabNetwork two = LabNetwork.create(SUBNET, SERVER, 1)) {
      assertThat(one.namespace()).isNotEqualTo(two.namespace());
      assertThat(inside(two, "ip", "link", "del", "tap1")).isEmpty();
      assertThat(inside(one, "ip", "-br", "link", "show", "tap1")).contains("tap1");
    }
  }

  @Test
  void a_network_that_is_half_made_is_removed() throws Exception {
    List<List<String>> setUp = new ArrayList<>(LabNetwork.setUp(SUBNET, SERVER, 1));
    setUp.add(List.of("link", "set", "no-such-tap", "up"));
    List<Path> before = namespaces();
    assertThatThrownBy(() -> LabNetwork.create(SERVER, 1, setUp))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("failed:");
    assertThat(namespaces()).isEqualTo(before);
  }

  private static List<Path> namespaces() throws Exception {
    Path directory = Path.of("/run/netns");
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    String ours = "krgboot-lab-" + ProcessHandle.current().pid() + "-";
    try (var list = Files.list(directory)) {
      return list.filter(p -> p.getFileName().toString().startsWith(ours)).toList();
    }
  }
}
