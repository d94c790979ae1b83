package org.krgboot.daemon;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How much the servers do a second, over the last minutes. Pure but for what it keeps. */
final class Rates {
  /** Ten minutes. */
  static final int KEPT = 120;

  static final Duration EVERY = Duration.ofSeconds(5);

  /**
   * Rates between two samples, each a second.
   *
   * @param dhcp requests
   * @param boot octets of boot files
   * @param calls of NFS
   * @param root octets that nodes read from their root, and write to it
   */
  record Point(Instant at, double dhcp, double boot, double calls, double root) {}

  private record Sample(Instant at, long dhcp, long boot, long calls, long root) {
    static Sample of(Instant at, Map<String, Long> counters) {
      return new Sample(
          at,
          sum(counters, "dhcp.received"),
          sum(counters, "tftp.sent.bytes") + sum(counters, "http.sent.bytes"),
          sum(counters, "nfs.calls."),
          sum(counters, "nfs.bytes-read") + sum(counters, "nfs.bytes-written"));
    }

    private static long sum(Map<String, Long> counters, String prefix) {
      return counters.entrySet().stream()
          .filter(counter -> counter.getKey().startsWith(prefix))
          .mapToLong(Map.Entry::getValue)
          .sum();
    }
  }

  private final Deque<Point> points = new ArrayDeque<>();
  private @Nullable Sample last;

  /** Takes in what has been counted until then; the rates since the last time, if there was one. */
  synchronized Optional<Point> add(Instant at, Map<String, Long> counters) {
    Sample sample = Sample.of(at, counters);
    Sample before = last;
    last = sample;
    if (before == null || !at.isAfter(before.at())) {
      return Optional.empty();
    }
    double seconds = Duration.between(before.at(), at).toNanos() / 1e9;
    Point point =
        new Point(
            at,
            (sample.dhcp() - before.dhcp()) / seconds,
            (sample.boot() - before.boot()) / seconds,
            (sample.calls() - before.calls()) / seconds,
            (sample.root() - before.root()) / seconds);
    points.add(point);
    if (points.size() > KEPT) {
      points.removeFirst();
    }
    return Optional.of(point);
  }

  /** Oldest first. */
  synchronized List<Point> all() {
    return List.copyOf(points);
  }
}
