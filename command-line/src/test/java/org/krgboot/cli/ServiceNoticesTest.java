package org.krgboot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ServiceNoticesTest {
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final AtomicReference<List<String>> silent = new AtomicReference<>(List.of());
  private final AtomicReference<String> status = new AtomicReference<>("0 of 2 nodes up");
  private final ServiceNotices.Subject daemon =
      new ServiceNotices.Subject(_ -> silent.get(), status::get);

  private ServiceNotices notices(Map<String, String> environment) {
    return new ServiceNotices(told::add, daemon, environment);
  }

  private String next() throws InterruptedException {
    return String.valueOf(told.poll(1, TimeUnit.MINUTES));
  }

  @Test
  void the_watchdog_hears_of_a_daemon_that_works_and_the_status_is_told_when_it_changes()
      throws Exception {
    try (ServiceNotices notices = notices(Map.of("WATCHDOG_USEC", "20000"))) {
      notices.ready();
      assertThat(next()).isEqualTo("READY=1\nSTATUS=0 of 2 nodes up");
      assertThat(next()).isEqualTo("STATUS=0 of 2 nodes up\nWATCHDOG=1");
      assertThat(next()).isEqualTo("WATCHDOG=1");
      status.set("1 of 2 nodes up");
      String more = next();
      while (more.equals("WATCHDOG=1")) {
        more = next();
      }
      assertThat(more).isEqualTo("STATUS=1 of 2 nodes up\nWATCHDOG=1");
    }
  }

  @Test
  void the_watchdog_does_not_hear_of_a_daemon_whose_server_hangs() throws Exception {
    silent.set(List.of("dhcp"));
    try (ServiceNotices notices = notices(Map.of("WATCHDOG_USEC", "20000"))) {
      notices.ready();
      assertThat(next()).startsWith("READY=1");
      assertThat(next()).isEqualTo("STATUS=dhcp does not answer any more");
      silent.set(List.of());
      assertThat(next()).isEqualTo("STATUS=0 of 2 nodes up\nWATCHDOG=1");
    }
  }

  @Test
  void a_reload_is_told_from_its_begin_to_its_end_and_the_stop_before_it() throws Exception {
    ServiceNotices notices = notices(Map.of());
    notices.reloading();
    notices.reloaded();
    notices.close();
    assertThat(next()).matches("RELOADING=1\nMONOTONIC_USEC=\\d+");
    assertThat(next()).isEqualTo("READY=1");
    assertThat(next()).isEqualTo("STOPPING=1");
  }

  @Test
  void without_a_manager_the_daemon_is_not_asked() {
    AtomicInteger asked = new AtomicInteger();
    ServiceNotices notices =
        new ServiceNotices(
            _ -> false,
            new ServiceNotices.Subject(
                _ -> {
                  asked.incrementAndGet();
                  return List.of();
                },
                () -> ""),
            Map.of("WATCHDOG_USEC", "1000"));
    notices.ready();
    notices.close();
    assertThat(asked).hasValue(0);
  }

  @Test
  void the_watchdog_of_another_process_and_what_is_no_number_do_not_concern_us() {
    assertThat(ServiceNotices.watchdog(Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "7"), 7))
        .isEqualTo(Optional.of(Duration.ofSeconds(30)));
    assertThat(ServiceNotices.watchdog(Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "8"), 7))
        .isEmpty();
    assertThat(ServiceNotices.watchdog(Map.of("WATCHDOG_USEC", "soon"), 7)).isEmpty();
    assertThat(ServiceNotices.watchdog(Map.of("WATCHDOG_USEC", "0"), 7)).isEmpty();
    assertThat(ServiceNotices.watchdog(Map.of(), 7)).isEmpty();
  }
}
