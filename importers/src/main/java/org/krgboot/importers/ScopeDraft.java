package org.krgboot.importers;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** A scope while its statements are read. */
final class ScopeDraft {
  /** Values with the place where they were said. */
  private record Said(Place place, List<String> values) {}

  private final Map<ScopeKey, Said> said = new EnumMap<>(ScopeKey.class);
  private final NavigableMap<Integer, ExtraOption> extra = new TreeMap<>();
  private final List<ScopeDraft> branches = new ArrayList<>();
  private final Optional<ScopeDraft> outer;

  /** A scope that only the scope of the same kind is around. */
  ScopeDraft() {
    this(Optional.empty());
  }

  /**
   * A scope.
   *
   * @param outer the group that it stands in, whose statements are its own where it says nothing
   */
  ScopeDraft(Optional<ScopeDraft> outer) {
    this.outer = outer;
  }

  /** Of two values in one scope the later one holds, as with dhcpd. */
  void say(ScopeKey key, List<String> values, Place place, Report report) {
    Said before = said.put(key, new Said(place, List.copyOf(values)));
    if (before != null && !before.values().equals(values)) {
      report.conflict(
          before.place(),
          "line " + place.line() + " says " + shown(values) + " instead, which holds");
    }
    branches.forEach(branch -> branch.overridden(key, place, report));
  }

  /** What comes behind a condition holds for its nodes too, as with dhcpd. */
  private void overridden(ScopeKey key, Place by, Report report) {
    Said lost = said.remove(key);
    if (lost != null) {
      report.conflict(
          lost.place(), "line " + by.line() + " says it again for all nodes, which holds");
    }
  }

  /** Takes note of a condition among the statements of this scope. */
  void branch(ScopeDraft branch) {
    branches.add(branch);
  }

  private static String shown(List<String> values) {
    return values.isEmpty() ? "nothing" : "'" + String.join(", ", values) + "'";
  }

  void say(ScopeKey key, String value, Place place, Report report) {
    say(key, List.of(value), place, report);
  }

  void say(ExtraOption option) {
    extra.put(option.code(), option);
  }

  boolean says(ScopeKey key) {
    return said.containsKey(key) || outer.map(group -> group.says(key)).orElse(false);
  }

  /** The group that it stands in. */
  Optional<ScopeDraft> outer() {
    return outer;
  }

  /** Says what the other one says, unless this one says something about it. */
  void adopt(ScopeDraft other) {
    other.said.forEach(said::putIfAbsent);
    other.extra.forEach(extra::putIfAbsent);
  }

  /** Says what the other one says, whatever this one said. */
  void override(ScopeDraft other) {
    said.putAll(other.said);
    extra.putAll(other.extra);
  }

  /**
   * Before {@code to} says what {@code changed} says: of that, this one goes on saying what it
   * says, or what {@code to} has said so far.
   *
   * @return what neither has said anything of
   */
  List<String> keep(ScopeDraft changed, ScopeDraft to) {
    List<String> lost = new ArrayList<>();
    for (ScopeKey key : changed.said.keySet()) {
      Said before = to.said.get(key);
      if (before != null) {
        said.putIfAbsent(key, before);
      } else if (!says(key)) {
        lost.add(key.text());
      }
    }
    for (int code : changed.extra.keySet()) {
      ExtraOption before = to.extra.get(code);
      if (before != null) {
        extra.putIfAbsent(code, before);
      } else if (!extra.containsKey(code)) {
        lost.add("option " + code);
      }
    }
    return lost;
  }

  boolean isEmpty() {
    return said.isEmpty() && extra.isEmpty();
  }

  /** Whether it says this and nothing else. */
  boolean saysOnly(ScopeKey key) {
    return said.size() == 1 && extra.isEmpty() && said.containsKey(key);
  }

  /** What it says itself. */
  Optional<String> value(ScopeKey key) {
    return Optional.ofNullable(said.get(key)).flatMap(each -> each.values().stream().findFirst());
  }

  Optional<Place> placeOf(ScopeKey key) {
    return Optional.ofNullable(said.get(key)).map(Said::place);
  }

  /** What it says now, with the groups around it. */
  Scope scope() {
    Map<ScopeKey, List<String>> values = new EnumMap<>(ScopeKey.class);
    said.forEach((key, each) -> values.put(key, each.values()));
    Scope own = new Scope(values, extra);
    return outer.map(group -> own.over(group.scope())).orElse(own);
  }
}
