package org.krgboot.settings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;
import org.krgboot.model.NodeRange;

/** The tables {@code [[node]]} and {@code [[group]]}. */
final class NodeReader {
  static final String NODES = "node";
  static final String GROUPS = "group";

  private static final Set<String> NODE_KEYS =
      Arrays.stream(NodeKey.values()).map(NodeKey::text).collect(Collectors.toUnmodifiableSet());
  private static final Set<String> GROUP_KEYS = Set.of("name", "nodes");

  /** Any node does: only the groups are looked at. */
  private static final NodeRange.Identity SOMEBODY =
      new NodeRange.Identity(
          Optional.empty(), MacAddress.parse("02:00:00:00:00:00"), Optional.empty());

  private final Problems problems;

  NodeReader(Problems problems) {
    this.problems = problems;
  }

  /** The groups by name; ranges in them are complete. */
  Map<String, NodeRange> groups(List<WrittenTable> tables) {
    Map<String, NodeRange> groups = new LinkedHashMap<>();
    for (WrittenTable table : tables) {
      table.allow(GROUP_KEYS);
      Optional<String> name = table.get("name", text -> new NodeName(text).text());
      Optional<NodeRange> nodes = table.get("nodes", NodeRange::parse);
      if (!table.has("name") || !table.has("nodes")) {
        problems.add(
            table.place(),
            "a group needs name and nodes: name = \"rack1\", nodes = \"krgnode[01-15]\"");
      } else if (name.isPresent() && nodes.isPresent()) {
        if (groups.putIfAbsent(name.get(), nodes.get()) != null) {
          problems.add(table.placeOf("name"), "there is another group " + name.get());
        }
      }
    }
    for (WrittenTable table : tables) {
      table.get("nodes", text -> known(text, groups));
    }
    return groups;
  }

  /**
   * A range whose groups are all there.
   *
   * @throws IllegalArgumentException if one is not, or holds itself
   */
  static NodeRange known(String text, Map<String, NodeRange> groups) {
    NodeRange range = NodeRange.parse(text);
    range.has(SOMEBODY, groups);
    return range;
  }

  /** As they stand there, each by itself. */
  List<Placed<NodeRecord>> records(List<WrittenTable> tables) {
    List<Placed<NodeRecord>> records = new ArrayList<>();
    Map<String, String> seen = new HashMap<>();
    for (WrittenTable table : tables) {
      table.allow(NODE_KEYS);
      record(table)
          .ifPresent(record -> {
            String who =
                record.value(NodeKey.MAC).or(() -> record.value(NodeKey.NAME)).orElseThrow();
            String other = seen.put(table.fileOf("") + " " + who, table.place());
            if (other != null) {
              problems.add(table.place(), who + " is a node at " + other + " already; make it one");
            }
            records.add(new Placed<>(table.place(), record));
          });
    }
    return records;
  }

  private Optional<NodeRecord> record(WrittenTable table) {
    Map<NodeKey, String> values = new EnumMap<>(NodeKey.class);
    for (NodeKey key : NodeKey.values()) {
      table.get(key.text(), key::value).ifPresent(value -> values.put(key, value));
    }
    boolean isWhole =
        Arrays.stream(NodeKey.values())
            .allMatch(key -> values.containsKey(key) == table.has(key.text()));
    try {
      return isWhole ? Optional.of(new NodeRecord(values)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      problems.add(table.place(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /**
   * Each node once: what is said later of a MAC address, or of the name of one, is laid over what
   * was said before.
   *
   * @param names MAC addresses that the tables {@code [[host]]} name
   */
  static List<Placed<NodeRecord>> together(
      List<Placed<NodeRecord>> records, Map<NodeName, MacAddress> names) {
    Map<String, String> macs = new HashMap<>();
    names.forEach((name, mac) -> macs.put(name.text(), mac.toString()));
    for (Placed<NodeRecord> placed : records) {
      NodeRecord node = placed.value();
      node.value(NodeKey.MAC)
          .ifPresent(mac -> node.value(NodeKey.NAME).ifPresent(name -> macs.put(name, mac)));
    }
    Map<String, Placed<NodeRecord>> all = new LinkedHashMap<>();
    for (Placed<NodeRecord> placed : records) {
      Placed<NodeRecord> node = withMac(placed, macs);
      String who =
          node.value().value(NodeKey.MAC).or(() -> node.value().value(NodeKey.NAME)).orElseThrow();
      all.merge(
          who,
          node,
          (before, later) -> new Placed<>(later.place(), before.value().under(later.value())));
    }
    return List.copyOf(all.values());
  }

  private static Placed<NodeRecord> withMac(Placed<NodeRecord> placed, Map<String, String> macs) {
    NodeRecord node = placed.value();
    if (node.values().containsKey(NodeKey.MAC)) {
      return placed;
    }
    String mac = macs.get(node.value(NodeKey.NAME).orElseThrow());
    return mac == null ? placed : new Placed<>(placed.place(), node.with(NodeKey.MAC, mac));
  }
}
