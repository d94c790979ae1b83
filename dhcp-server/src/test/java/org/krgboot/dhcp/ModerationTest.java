package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ModerationTest {
  private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(500);

  private final Moderation moderation = new Moderation();
  private long now = TimeUnit.HOURS.toNanos(1);

  /** Reads of so many packets, at that distance; the last pause. */
  private long reads(int times, int packets, long microseconds) {
    long pause = 0;
    for (int i = 0; i < times; i++) {
      now += TimeUnit.MICROSECONDS.toNanos(microseconds);
      pause = moderation.pauseAfter(packets, now);
    }
    return pause;
  }

  @Test
  void few_requests_are_answered_one_by_one() {
    assertThat(reads(100, 1, 1000)).isZero();
  }

  @Test
  void many_requests_are_let_come_together() {
    assertThat(reads(200, 1, 250)).isEqualTo(PAUSE);
  }

  @Test
  void what_has_come_together_already_is_not_waited_for() {
    reads(200, 1, 250);
    assertThat(reads(1, 16, 250)).isZero();
  }

  @Test
  void the_first_after_a_silence_is_answered_at_once() {
    assertThat(reads(200, 1, 250)).isEqualTo(PAUSE);
    assertThat(reads(1, 1, 1_000_000)).isZero();
  }
}
