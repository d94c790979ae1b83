package org.krgboot.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RatesTest {
  private final Rates rates = new Rates();

  private static Instant at(long seconds) {
    return Instant.ofEpochSecond(seconds);
  }

  @Test
  void a_rate_is_what_was_counted_between_two_looks_each_second() {
    assertThat(rates.add(at(0), Map.of("dhcp.received", 5L))).isEmpty();
    assertThat(
            rates.add(
                at(5),
                Map.of(
                    "dhcp.received",
                    15L,
                    "tftp.sent.bytes",
                    100L,
                    "http.sent.bytes",
                    400L,
                    "nfs.calls.read",
                    20L,
                    "nfs.calls.getattr",
                    30L,
                    "nfs.bytes-read",
                    600L,
                    "nfs.bytes-written",
                    400L,
                    "nfs.bytes-in",
                    5000L)))
        .contains(new Rates.Point(at(5), 2, 100, 10, 200));
  }

  @Test
  void a_clock_that_stands_or_goes_back_gives_no_rate() {
    rates.add(at(5), Map.of());
    assertThat(rates.add(at(5), Map.of("dhcp.received", 5L))).isEmpty();
    assertThat(rates.add(at(1), Map.of("dhcp.received", 9L))).isEmpty();
    assertThat(rates.all()).isEmpty();
  }

  @Test
  void the_last_ten_minutes_are_kept() {
    for (int i = 0; i <= Rates.KEPT + 10; i++) {
      rates.add(at(i * 5L), Map.of("dhcp.received", (long) i));
    }
    assertThat(rates.all()).hasSize(Rates.KEPT);
    assertThat(rates.all().getFirst().at()).isEqualTo(at(55));
  }
}
