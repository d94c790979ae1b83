package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.dhcp.Packets.NODE_1;
import static org.krgboot.dhcp.Packets.NODE_2;

import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

class EventThrottleTest {
  private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");
  private static final Ipv4 ADDRESS = Ipv4.parse("10.11.12.101");
  private final EventThrottle throttle = new EventThrottle();

  private boolean tells(long second, MacAddress mac, String reason) {
    return throttle.lets(new BootEvent.AddressRefused(START.plusSeconds(second), mac, reason));
  }

  @Test
  void the_same_refusal_is_told_once_a_minute() {
    assertThat(tells(0, NODE_1, "full")).isTrue();
    assertThat(tells(30, NODE_1, "full")).isFalse();
    assertThat(tells(30, NODE_1, "unknown")).isTrue();
    assertThat(tells(30, NODE_2, "full")).isTrue();
    assertThat(tells(60, NODE_1, "full")).isTrue();
  }

  @Test
  void made_up_addresses_do_not_flood_the_log() {
    int told = 0;
    for (int i = 0; i < 10_000; i++) {
      told += tells(1, new MacAddress(i), "full") ? 1 : 0;
    }
    assertThat(told).isEqualTo(100);
  }

  private boolean offers(long second, MacAddress mac) {
    var offered = new BootEvent.AddressOffered(START.plusSeconds(second), mac, ADDRESS, "iPXE");
    return throttle.lets(offered);
  }

  @Test
  void a_node_that_asks_without_end_does_not_flood_the_log() {
    long told = IntStream.range(0, 10_000).filter(_ -> offers(1, NODE_1)).count();
    assertThat(told).isEqualTo(30);
    assertThat(offers(1, NODE_2)).isTrue();
    assertThat(offers(61, NODE_1)).isTrue();
  }

  @Test
  void a_storm_of_thousands_of_nodes_is_told_and_one_of_made_up_nodes_is_bounded() {
    long told = IntStream.range(0, 50_000).filter(i -> offers(1, new MacAddress(i))).count();
    assertThat(told).isEqualTo(10_000);
  }

  @Test
  void a_clock_put_back_does_not_silence_it() {
    assertThat(tells(0, NODE_1, "full")).isTrue();
    assertThat(tells(-1_000_000, NODE_1, "full")).isTrue();
  }
}
