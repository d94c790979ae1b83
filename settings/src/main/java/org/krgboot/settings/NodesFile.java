package org.krgboot.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.krgboot.model.MacAddress;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/**
 * The file of node records that our own commands write, {@code krgboot.d/nodes.toml}. It is read
 * like any other file of the configuration, after all others.
 *
 * @param nodes no MAC address twice
 */
public record NodesFile(List<NodeRecord> nodes) {
  /** Its name within the configuration's directory. */
  public static final String NAME = "nodes.toml";

  private static final String HEAD =
      "# Written by krgboot; change it by `krgboot set`, or by hand: comments are not kept.\n";

  public NodesFile {
    nodes = List.copyOf(nodes);
  }

  /**
   * Reads its text.
   *
   * @throws SettingsException if it is no such file; has all that is wrong with it
   */
  public static NodesFile parse(String text) throws SettingsException {
    return of(Toml.parse(text));
  }

  static NodesFile of(TomlParseResult toml) throws SettingsException {
    Problems problems = new Problems();
    RawSettings raw = new RawSettings(problems);
    raw.read(NAME, toml);
    List<Placed<NodeRecord>> read = new NodeReader(problems).records(raw.tables(NodeReader.NODES));
    problems.throwIfAny();
    return new NodesFile(Placed.values(read));
  }

  /** What it says of that node; nothing but its MAC address if nothing else. */
  public NodeRecord of(MacAddress mac) {
    return nodes.stream()
        .filter(node -> node.values().getOrDefault(NodeKey.MAC, "").equals(mac.toString()))
        .findFirst()
        .orElseGet(() -> NodeRecord.of(mac));
  }

  /** Those with a MAC address. */
  public Map<MacAddress, NodeRecord> byMac() {
    Map<MacAddress, NodeRecord> all = new LinkedHashMap<>();
    nodes.forEach(node -> node.mac().ifPresent(mac -> all.put(mac, node)));
    return all;
  }

  /** With this in the place of what it said of the same nodes. */
  public NodesFile with(List<NodeRecord> changed) {
    Map<String, NodeRecord> all = new LinkedHashMap<>();
    nodes.forEach(node -> all.put(who(node), node));
    changed.forEach(node -> all.put(who(node), node));
    return new NodesFile(new ArrayList<>(all.values()));
  }

  /** With this in the place of what it said of the same node. */
  public NodesFile with(NodeRecord changed) {
    return with(List.of(changed));
  }

  /** Without those nodes. */
  public NodesFile without(Collection<MacAddress> macs) {
    Set<MacAddress> gone = Set.copyOf(macs);
    return new NodesFile(
        nodes.stream().filter(node -> node.mac().filter(gone::contains).isEmpty()).toList());
  }

  private static String who(NodeRecord node) {
    return node.value(NodeKey.MAC).or(() -> node.value(NodeKey.NAME)).orElseThrow();
  }

  /** As TOML. */
  public String text() {
    StringBuilder text = new StringBuilder(HEAD);
    for (NodeRecord node : nodes) {
      text.append("\n[[node]]\n");
      node.values().forEach((key, value) -> text.append(key.line(value)).append('\n'));
    }
    return text.toString();
  }
}
