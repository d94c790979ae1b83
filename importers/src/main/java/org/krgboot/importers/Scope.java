package org.krgboot.importers;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What a part of the configuration says to its nodes. What it leaves out, the part around it says.
 *
 * @param said each with its values as they are written in our configuration; an empty list says
 *     "none"
 * @param extra options by code
 */
public record Scope(Map<ScopeKey, List<String>> said, NavigableMap<Integer, ExtraOption> extra) {
  static final Scope NONE = new Scope(Map.of(), new TreeMap<>());

  public Scope {
    Map<ScopeKey, List<String>> copy = new EnumMap<>(ScopeKey.class);
    said.forEach((key, values) -> copy.put(key, List.copyOf(values)));
    said = Collections.unmodifiableMap(copy);
    extra = Collections.unmodifiableNavigableMap(new TreeMap<>(extra));
  }

  public boolean isEmpty() {
    return said.isEmpty() && extra.isEmpty();
  }

  /** The same, but what {@code outer} says where this one says nothing. */
  Scope over(Scope outer) {
    Map<ScopeKey, List<String>> all = new EnumMap<>(ScopeKey.class);
    all.putAll(outer.said);
    all.putAll(said);
    NavigableMap<Integer, ExtraOption> options = new TreeMap<>(outer.extra);
    options.putAll(extra);
    return new Scope(all, options);
  }
}
