package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.dhcp.Packets.NODE_1;

import org.junit.jupiter.api.Test;
import org.krgboot.model.Ipv4;

class ForeignServersTest {
  @Test
  void each_server_is_counted_once() {
    Counters counters = new Counters();
    ForeignServers servers = new ForeignServers(counters);
    servers.chosen(Ipv4.parse("10.11.12.254"), NODE_1);
    servers.chosen(Ipv4.parse("10.11.12.254"), NODE_1);
    servers.chosen(Ipv4.parse("10.11.12.253"), NODE_1);
    assertThat(counters.snapshot()).containsEntry("dhcp.foreign-servers", 2L);
  }

  @Test
  void a_stranger_who_makes_up_servers_fills_no_memory_and_no_log() {
    Counters counters = new Counters();
    ForeignServers servers = new ForeignServers(counters);
    for (int i = 0; i < 100; i++) {
      servers.chosen(new Ipv4(i), NODE_1);
    }
    assertThat(counters.snapshot()).containsEntry("dhcp.foreign-servers", 64L);
  }
}
