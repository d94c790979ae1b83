package org.krgboot.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.krgboot.linux.LinuxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd that the daemon is ready, how its nodes are, and that it does its work:
 * sd_notify(3) and sd_watchdog_enabled(3). Where nobody listens, it says nothing.
 */
final class ServiceNotices implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("krgboot");
  private static final Duration STATUS_EVERY = Duration.ofSeconds(5);

  /** Takes a state as sd_notify does; false if nobody listens. */
  @FunctionalInterface
  interface Manager {
    boolean take(String state) throws LinuxException;
  }

  /**
   * The daemon, as far as it is asked.
   *
   * @param silent the servers that do not answer within a time
   * @param status one line for {@code systemctl status}
   */
  record Subject(Function<Duration, List<String>> silent, Supplier<String> status) {}

  private final Manager manager;
  private final Subject subject;
  private final Optional<Duration> watchdog;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private String lastStatus = "";
  private List<String> lastSilent = List.of();
  private boolean failed;

  /**
   * Has said nothing yet.
   *
   * @param environment where systemd says how often it wants to hear of us
   */
  ServiceNotices(Manager manager, Subject subject, Map<String, String> environment) {
    this.manager = manager;
    this.subject = subject;
    this.watchdog =
        watchdog(environment, ProcessHandle.current().pid()).map(often -> often.dividedBy(2));
    this.thread = Thread.ofPlatform().name("service-notices").daemon().unstarted(this::run);
  }

  /** All servers run: units that come after ours start now. From here on it is told how it goes. */
  void ready() {
    if (tell("READY=1\nSTATUS=" + status())) {
      thread.start();
    }
  }

  /** How long systemd waits for a sign; empty if it does not, or not for this process. */
  static Optional<Duration> watchdog(Map<String, String> environment, long pid) {
    @Nullable String microseconds = environment.get("WATCHDOG_USEC");
    String whose = environment.getOrDefault("WATCHDOG_PID", "" + pid);
    if (microseconds == null || !whose.equals("" + pid)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Duration.ofNanos(Long.parseLong(microseconds) * 1_000))
          .filter(often -> often.toMillis() > 0);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Before the configuration is read again; {@link #reloaded} is to follow. */
  void reloading() {
    // HotSpot's nanoTime is CLOCK_MONOTONIC on Linux, which is what systemd compares it with.
    tell("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1_000);
  }

  void reloaded() {
    tell("READY=1");
  }

  private void run() {
    Duration often = watchdog.filter(w -> w.compareTo(STATUS_EVERY) < 0).orElse(STATUS_EVERY);
    try {
      while (!closing.await(often.toMillis(), TimeUnit.MILLISECONDS)) {
        round(often);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A server that hangs keeps the watchdog from hearing of us: systemd then starts us anew. */
  private void round(Duration within) {
    List<String> silent = subject.silent().apply(within);
    if (!silent.isEmpty() && !silent.equals(lastSilent)) {
      log.error("{} does not answer any more", String.join(", ", silent));
    }
    lastSilent = silent;
    String status =
        silent.isEmpty() ? status() : String.join(", ", silent) + " does not answer any more";
    String news = status.equals(lastStatus) ? "" : "STATUS=" + status;
    lastStatus = status;
    String sign = watchdog.isPresent() && silent.isEmpty() ? "WATCHDOG=1" : "";
    String state = (news + "\n" + sign).strip();
    if (!state.isEmpty()) {
      tell(state);
    }
  }

  private String status() {
    return subject.status().get();
  }

  private boolean tell(String state) {
    try {
      return manager.take(state);
    } catch (LinuxException e) {
      if (!failed) {
        log.warn("systemd could not be told {}: {}", state.replace('\n', ' '), e.getMessage());
      }
      failed = true;
      return true;
    }
  }

  /** Says that the daemon stops now, and no more. */
  @Override
  public void close() {
    closing.countDown();
    tell("STOPPING=1");
  }
}
