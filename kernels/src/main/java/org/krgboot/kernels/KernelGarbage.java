package org.krgboot.kernels;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which kernels nobody needs. */
public final class KernelGarbage {
  /** From a boot configuration to the last octet of the initrd, also over a bad line. */
  public static final Duration LOADING = Duration.ofMinutes(15);

  /** Somebody who needs a kernel: "used by krgnode101", "named in the configuration". */
  public record Need(int number, String why) {}

  private KernelGarbage() {}

  /**
   * Why each kernel is kept; those that are not in it can go.
   *
   * @param needs of nodes, which loaded it last, and of the configuration
   * @param newest so many of the newest are kept in any case
   */
  public static Map<Integer, String> kept(
      KernelStore store, List<Need> needs, int newest, Instant now) throws IOException {
    Map<Integer, String> kept = new LinkedHashMap<>();
    List<Integer> numbers = store.numbers().stream().sorted(Comparator.reverseOrder()).toList();
    Set<Integer> pins = store.pins();
    for (int number : numbers) {
      List<String> reasons = new ArrayList<>(ofStore(store, number, now));
      if (pins.contains(number)) {
        reasons.add("pinned");
      }
      needs.stream()
          .filter(need -> need.number() == number)
          .forEach(need -> reasons.add(need.why()));
      if (reasons.isEmpty() && numbers.indexOf(number) < newest) {
        reasons.add("one of the newest " + newest);
      }
      if (!reasons.isEmpty()) {
        kept.put(number, String.join("; ", reasons));
      }
    }
    return kept;
  }

  private static List<String> ofStore(KernelStore store, int number, Instant now)
      throws IOException {
    List<String> reasons = new ArrayList<>();
    List<String> names = store.namesOf(number);
    if (!names.isEmpty()) {
      reasons.add("published as " + String.join(" and ", names));
    }
    for (String name : store.namesEver()) {
      if (store.previous(name).equals(Optional.of(number))) {
        reasons.add("the one before at " + name);
      }
    }
    Optional<Instant> replaced = store.replacedAt(number);
    if (reasons.isEmpty()
        && replaced.isPresent()
        && Duration.between(replaced.get(), now).compareTo(LOADING) < 0) {
      reasons.add("published until a moment ago: a node may be loading it");
    }
    return reasons;
  }

  /** Removes all others; gives their numbers. */
  public static List<Integer> remove(KernelStore store, Set<Integer> kept) throws IOException {
    List<Integer> removed = new ArrayList<>();
    for (int number : store.numbers()) {
      if (!kept.contains(number)) {
        store.remove(number);
        removed.add(number);
      }
    }
    return removed;
  }
}
