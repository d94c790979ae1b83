package org.krgboot.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RefusalThrottleTest {
  private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");
  private final RefusalThrottle throttle = new RefusalThrottle();

  private boolean tells(long second, int address) {
    return throttle.lets(new Ipv4(address), START.plusSeconds(second));
  }

  @Test
  void a_boot_loader_that_tries_many_names_is_told_in_full_and_a_flood_is_not() {
    assertThat(IntStream.range(0, 10_000).filter(_ -> tells(1, 1)).count()).isEqualTo(100);
    assertThat(tells(59, 2)).isTrue();
    assertThat(tells(60, 1)).isFalse();
    assertThat(tells(61, 1)).isTrue();
  }

  @Test
  void made_up_addresses_do_not_flood_the_log() {
    assertThat(IntStream.range(0, 50_000).filter(i -> tells(1, i)).count()).isEqualTo(5_000);
  }

  @Test
  void a_clock_put_back_does_not_silence_it() {
    IntStream.range(0, 200).forEach(_ -> tells(0, 1));
    assertThat(tells(-1_000_000, 1)).isTrue();
  }
}
