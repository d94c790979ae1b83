package org.krgboot.nfs;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What happened how often, by name. Names come from our code alone, so there are few. */
final class Counters {
  private final Map<String, LongAdder> byName = new ConcurrentHashMap<>();

  /** The counter of that name, at 0 if it is new. */
  LongAdder of(String name) {
    return byName.computeIfAbsent(name, _ -> new LongAdder());
  }

  void count(String name) {
    of(name).increment();
  }

  Map<String, Long> snapshot() {
    Map<String, Long> all = new TreeMap<>();
    byName.forEach((name, adder) -> all.put(name, adder.sum()));
    return all;
  }
}
