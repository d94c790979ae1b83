package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.krgboot.dhcp.Packets.NODE_1;
import static org.krgboot.dhcp.Packets.NODE_2;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DhcpConfigTest {
  private static void refused(Cluster cluster, String message) {
    assertThatThrownBy(cluster::config)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static Cluster cluster() {
    return Cluster.ofTheHowTo();
  }

  @Test
  void the_how_tos_cluster_is_accepted() {
    assertThat(cluster().config().ranges().getFirst().size()).isEqualTo(99);
  }

  @Test
  void addresses_that_cannot_be_served_are_refused_with_the_remedy() {
    refused(cluster().range("10.11.13.1-10.11.13.9"), "choose one inside");
    refused(cluster().range("10.11.12.0-10.11.12.9"), "leaves the machines");
    refused(cluster().range("10.11.12.1-10.11.12.9"), "the server's own 10.11.12.1; leave it out");
    refused(cluster().on("10.0.0.0/8", "10.0.0.1", "10.1.0.0-10.9.0.0"), "make it smaller");
    refused(cluster().on("10.11.12.0/24", "10.11.12.0", "10.11.12.2"), "is not a machine of");
    refused(cluster().host(NODE_1, "10.11.13.5", ""), "is not one of 10.11.12.0/24");
    refused(cluster().host(NODE_1, "10.11.12.1", ""), "is the server's own");
  }

  @Test
  void two_hosts_may_not_share_mac_address_or_name() {
    refused(cluster().host(NODE_1, "", "").host(NODE_1, "", ""), "is given to two hosts");
    refused(
        cluster().host(NODE_1, "10.11.12.5", "").host(NODE_2, "10.11.12.5", ""), "10.11.12.5 is");
    refused(cluster().host(NODE_1, "", "a").host(NODE_2, "", "A"), "a is given to two hosts");
  }

  @Test
  void what_has_no_room_in_a_packet_is_refused() {
    refused(cluster().rootPath("/" + "x".repeat(230)), "there is room for");
    refused(cluster().rootPath("relative"), "must begin with '/'");
    refused(cluster().rootPath("/a,b"), "comma");
    refused(cluster().serverName("s".repeat(64)), "room for 63");
    refused(cluster().serverName("a\nb"), "control character");
    refused(cluster().leaseTime(Duration.ofSeconds(10)), "use 60s to 365d");
  }

  @Test
  void a_listener_is_checked() {
    assertThatThrownBy(() -> DhcpListen.on(null, 70000, Optional.empty()))
        .hasMessageContaining("use 67");
  }
}
