package org.krgboot.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LifeSignsTest {
  private static final Duration SOON = Duration.ofMillis(200);

  private final AtomicLong now = new AtomicLong(-5);
  private final LifeSigns signs = new LifeSigns(now::get);

  @Test
  void the_servers_that_hang_are_named() {
    signs.add("tftp", _ -> false);
    signs.add("dhcp", _ -> true);
    signs.add("http", _ -> false);
    assertThat(signs.silent(SOON)).isEqualTo(List.of("http", "tftp"));
  }

  @Test
  void who_asks_again_at_once_gets_the_same_answer_and_later_a_new_one() {
    AtomicInteger asked = new AtomicInteger();
    signs.add("nfs", _ -> asked.incrementAndGet() == 1);
    assertThat(signs.silent(SOON)).isEmpty();
    now.addAndGet(LifeSigns.FRESH.toNanos() - 1);
    assertThat(signs.silent(SOON)).isEmpty();
    now.addAndGet(1);
    assertThat(signs.silent(SOON)).isEqualTo(List.of("nfs"));
    assertThat(asked).hasValue(2);
  }

  @Test
  void while_one_waits_for_a_server_that_hangs_others_get_the_last_answer() throws Exception {
    CountDownLatch isAsked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    signs.add(
        "nfs",
        _ -> {
          if (asked.incrementAndGet() == 1) {
            return true;
          }
          isAsked.countDown();
          try {
            goOn.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return false;
        });
    assertThat(signs.silent(SOON)).isEmpty();
    now.addAndGet(LifeSigns.FRESH.toNanos());
    Thread first = Thread.ofVirtual().start(() -> signs.silent(SOON));
    isAsked.await();
    assertThat(signs.silent(SOON)).as("does not wait").isEmpty();
    now.addAndGet(LifeSigns.BELIEVED.toNanos());
    Thread watchdog = Thread.ofVirtual().start(() -> signs.silent(SOON));
    assertThat(watchdog.join(SOON)).as("has an answer that is old").isFalse();
    goOn.countDown();
    first.join();
    watchdog.join();
    assertThat(signs.silent(SOON)).isEqualTo(List.of("nfs"));
    assertThat(asked).hasValue(2);
  }
}
