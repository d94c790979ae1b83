package org.krgboot.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

class ClusterTest {
  private static final MacAddress MAC = MacAddress.parse("52:54:00:12:34:01");
  private static final MacAddress OTHER = MacAddress.parse("52:54:00:12:34:02");

  private static BootEvent taken(MacAddress mac, int address) {
    return new BootEvent.AddressAcknowledged(
        Instant.EPOCH, mac, new Ipv4(address), new NodeName("n"), "");
  }

  @Test
  void a_stranger_that_says_it_took_every_address_is_remembered_with_a_bounded_number_of_them() {
    Cluster cluster = new Cluster();
    for (int address = 0; address <= Cluster.MOST_NODES; address++) {
      cluster.accept(taken(MAC, address));
    }
    assertThat(cluster.holder(new Ipv4(Cluster.MOST_NODES - 1))).contains(MAC);
    assertThat(cluster.holder(new Ipv4(Cluster.MOST_NODES))).isEmpty();
    cluster.accept(taken(OTHER, 0));
    assertThat(cluster.holder(new Ipv4(0))).contains(OTHER);
  }
}
