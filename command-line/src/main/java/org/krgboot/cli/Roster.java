package org.krgboot.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

/**
 * Names that are still to be given, in their order, and who has had one.
 *
 * @param configuration what it says: a node that stands there is known
 */
record Roster(List<Place> places, Set<MacAddress> named, String configuration) {
  /** A name, and perhaps an address that goes with it. */
  record Place(NodeName name, Optional<Ipv4> address) {}

  Roster {
    places = List.copyOf(places);
    named = Set.copyOf(named);
  }

  /**
   * All that the configuration does not have yet.
   *
   * @param addresses one for each name, or none at all
   */
  static Roster of(List<NodeName> names, List<Ipv4> addresses, Collection<String> configuration) {
    String text = String.join("\n", configuration).toLowerCase(Locale.ROOT);
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (!text.contains("\"" + names.get(i) + "\"")) {
        places.add(
            new Place(
                names.get(i),
                addresses.isEmpty() ? Optional.empty() : Optional.of(addresses.get(i))));
      }
    }
    return new Roster(places, Set.of(), text);
  }

  int left() {
    return places.size();
  }

  /** Whether this node is to have a name: it has none, and nothing is said of it. */
  boolean isNew(MacAddress node) {
    return !named.contains(node)
        && !configuration.contains(node.toString())
        && !configuration.contains(node.dashed());
  }

  /** The next of them. */
  Place next() {
    return places.getFirst();
  }

  /** What is left when that node has the next name. */
  Roster taken(MacAddress node) {
    Set<MacAddress> now = new HashSet<>(named);
    now.add(node);
    return new Roster(places.subList(1, places.size()), now, configuration);
  }
}
