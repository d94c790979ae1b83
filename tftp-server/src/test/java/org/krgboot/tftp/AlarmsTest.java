package org.krgboot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlarmsTest {
  private final Alarms alarms = new Alarms();

  private static Alarms.Alarm alarm() {
    return new Alarms.Alarm(() -> {});
  }

  @Test
  void none_is_due_before_its_time_and_each_is_once() {
    Alarms.Alarm late = alarm();
    Alarms.Alarm early = alarm();
    alarms.set(late, 20);
    alarms.set(early, 10);
    assertThat(alarms.due(9)).isNull();
    assertThat(alarms.due(20)).isSameAs(early);
    assertThat(early.isSet()).isFalse();
    assertThat(alarms.due(20)).isSameAs(late);
    assertThat(alarms.due(20)).isNull();
  }

  @Test
  void one_that_is_set_anew_or_cancelled_is_not_due_at_its_old_time() {
    Alarms.Alarm moved = alarm();
    Alarms.Alarm cancelled = alarm();
    alarms.set(moved, 10);
    alarms.set(cancelled, 10);
    alarms.set(moved, 30);
    alarms.cancel(cancelled);
    alarms.cancel(cancelled);
    assertThat(alarms.due(29)).isNull();
    assertThat(alarms.due(30)).isSameAs(moved);
  }

  /** The clock of {@link System#nanoTime} may start anywhere. */
  @Test
  void times_are_compared_by_their_difference() {
    Alarms.Alarm before = alarm();
    Alarms.Alarm after = alarm();
    alarms.set(after, Long.MIN_VALUE + 5);
    alarms.set(before, Long.MAX_VALUE - 5);
    assertThat(alarms.due(Long.MAX_VALUE)).isSameAs(before);
    assertThat(alarms.due(Long.MAX_VALUE)).isNull();
    assertThat(alarms.due(Long.MIN_VALUE + 6)).isSameAs(after);
  }

  @Test
  void what_is_no_longer_set_is_not_held_on_to() throws InterruptedException {
    List<WeakReference<Alarms.Alarm>> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Alarms.Alarm one = alarm();
      alarms.set(one, i);
      all.add(new WeakReference<>(one));
    }
    while (alarms.due(10) != null) {}
    for (int i = 0; i < 50 && all.stream().anyMatch(one -> !one.refersTo(null)); i++) {
      System.gc();
      Thread.sleep(20); // what is cleared is told a little later
    }
    assertThat(all).allMatch(one -> one.refersTo(null));
    assertThat(alarms.first()).isNull();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void they_are_due_in_order_whatever_was_set_moved_and_cancelled(long seed) {
    Random random = new Random(seed);
    List<Alarms.Alarm> all = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      all.add(alarm());
    }
    for (int i = 0; i < 20_000; i++) {
      Alarms.Alarm one = all.get(random.nextInt(all.size()));
      if (random.nextInt(4) == 0) {
        alarms.cancel(one);
      } else {
        alarms.set(one, random.nextInt(5000));
      }
    }
    List<Long> expected =
        all.stream()
            .filter(Alarms.Alarm::isSet)
            .map(Alarms.Alarm::at)
            .sorted(Comparator.naturalOrder())
            .toList();
    List<Long> rung = new ArrayList<>();
    for (Alarms.Alarm due = alarms.due(5000); due != null; due = alarms.due(5000)) {
      rung.add(due.at());
    }
    assertThat(rung).as("seed %s", seed).isEqualTo(expected);
  }
}
