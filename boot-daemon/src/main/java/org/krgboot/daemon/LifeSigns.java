package org.krgboot.daemon;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;

/**
 * Whether each server still does its work: asked through the very threads that answer nodes, so
 * that one that hangs is seen.
 */
final class LifeSigns {
  private final Map<String, Predicate<Duration>> servers = new ConcurrentSkipListMap<>();

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
   * The servers that give no sign within the time, by name; none if all is well.
   *
   * @param within for each of them
   */
  List<String> silent(Duration within) {
    return servers.entrySet().stream()
        .filter(server -> !server.getValue().test(within))
        .map(Map.Entry::getKey)
        .toList();
  }
}
