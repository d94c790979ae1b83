package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.dhcp.Packets.NODE_1;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.krgboot.model.Ipv4;

class ForeignServersTest {
  private static final Instant START = Script.START;
  private static final Ipv4 REAL = Ipv4.parse("10.11.12.254");

  private final Counters counters = new Counters();
  private final ForeignServers servers = new ForeignServers(counters);

  private long told() {
    return counters.snapshot().getOrDefault("dhcp.foreign-servers", 0L);
  }

  private void strangerInvents(int many, Instant when) {
    for (int i = 0; i < many; i++) {
      servers.chosen(new Ipv4(i), NODE_1, when);
    }
  }

  @Test
  void each_server_is_told_of_once() {
    servers.chosen(REAL, NODE_1, START);
    servers.chosen(REAL, NODE_1, START.plusSeconds(3600));
    servers.chosen(Ipv4.parse("10.11.12.253"), NODE_1, START);
    assertThat(told()).isEqualTo(2);
  }

  @Test
  void a_stranger_who_makes_up_servers_fills_no_memory_and_no_log() {
    strangerInvents(1000, START);
    assertThat(told()).isEqualTo(8);
    assertThat(counters.snapshot()).containsEntry("dhcp.foreign-servers.untold", 992L);
  }

  @Test
  void a_stranger_who_makes_up_servers_hides_a_real_one_for_a_minute_at_most() {
    for (int minute = 0; minute < 20; minute++) {
      strangerInvents(100, START.plusSeconds(60L * minute));
    }
    servers.chosen(REAL, NODE_1, START.plusSeconds(60 * 19)); // not told now
    long before = told();
    servers.chosen(REAL, NODE_1, START.plusSeconds(60 * 20));
    assertThat(told()).isEqualTo(before + 1);
  }

  @Test
  void a_clock_that_is_put_back_silences_nobody() {
    strangerInvents(100, START);
    long before = told();
    servers.chosen(REAL, NODE_1, START.minusSeconds(3600));
    assertThat(told()).isEqualTo(before + 1);
  }
}
