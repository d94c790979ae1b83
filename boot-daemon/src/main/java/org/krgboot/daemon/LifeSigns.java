package org.krgboot.daemon;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether each server still does its work: asked through the very threads that answer nodes, so
 * that one that hangs is seen. Strangers may ask too: so they are asked by one at a time, and what
 * they said holds for a moment.
 */
final class LifeSigns {
  static final Duration FRESH = Duration.ofSeconds(1);

  /**
   * No answer holds longer, so that one who asks and never hears does not keep an old one alive.
   */
  static final Duration BELIEVED = Duration.ofSeconds(20);

  private final Map<String, Predicate<Duration>> servers = new ConcurrentSkipListMap<>();
  private final LongSupplier nanoTime;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile @Nullable Seen last;

  private record Seen(long at, List<String> silent) {}

  /**
   * Of no server yet.
   *
   * @param nanoTime as of {@link System#nanoTime}
   */
  LifeSigns(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * From now on that server is asked too.
   *
   * @param answers whether it does its work within a time; may wait that long, throws nothing
   */
  void add(String server, Predicate<Duration> answers) {
    servers.put(server, answers);
  }

  /** All that are asked, by name. */
  Set<String> servers() {
    return servers.keySet();
  }

  /**
   * The servers that give no sign within the time, by name; none if all is well. While they are
   * being asked, it is what they said just before.
   *
   * @param within for each of them
   */
  List<String> silent(Duration within) {
    Seen seen = last;
    if (seen != null && isYounger(seen, asking.isLocked() ? BELIEVED : FRESH)) {
      return seen.silent();
    }
    asking.lock();
    try {
      seen = last;
      if (seen == null || !isYounger(seen, FRESH)) {
        seen = ask(within);
        last = seen;
      }
      return seen.silent();
    } finally {
      asking.unlock();
    }
  }

  private boolean isYounger(Seen seen, Duration age) {
    return nanoTime.getAsLong() - seen.at() < age.toNanos();
  }

  private Seen ask(Duration within) {
    List<String> silent =
        servers.entrySet().stream()
            .filter(server -> !server.getValue().test(within))
            .map(Map.Entry::getKey)
            .toList();
    return new Seen(nanoTime.getAsLong(), silent);
  }
}
