package org.krgboot.settings;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

/**
 * What the configuration says of one node, a table {@code [[node]]}. Who has no MAC address here is
 * whichever node has the name.
 *
 * @param values each as {@link NodeKey#value} spells it
 */
public record NodeRecord(Map<NodeKey, String> values) {
  /** Refuses what names no node, or gives an address to none. */
  public NodeRecord {
    Map<NodeKey, String> checked = new EnumMap<>(NodeKey.class);
    values.forEach((key, value) -> checked.put(key, key.value(value)));
    values = Collections.unmodifiableMap(checked);
    if (!values.containsKey(NodeKey.MAC)) {
      if (!values.containsKey(NodeKey.NAME)) {
        throw new IllegalArgumentException("a node needs its mac, or its name");
      }
      if (values.containsKey(NodeKey.ADDRESS) || values.containsKey(NodeKey.REJECTED)) {
        throw new IllegalArgumentException(
            "only a node with its mac can have an address of its own, or be rejected");
      }
    }
  }

  /** Of which nothing else is said. */
  public static NodeRecord of(MacAddress mac) {
    return new NodeRecord(Map.of(NodeKey.MAC, mac.toString()));
  }

  public Optional<MacAddress> mac() {
    return value(NodeKey.MAC).map(MacAddress::parse);
  }

  public Optional<NodeName> name() {
    return value(NodeKey.NAME).map(NodeName::new);
  }

  public Optional<Ipv4> address() {
    return value(NodeKey.ADDRESS).map(Ipv4::parse);
  }

  /** Nobody wants it: it gets no address. */
  public boolean isRejected() {
    return value(NodeKey.REJECTED).filter("true"::equals).isPresent();
  }

  Optional<String> value(NodeKey key) {
    return Optional.ofNullable(values.get(key));
  }

  /**
   * With another value.
   *
   * @throws IllegalArgumentException if it is none of that key; the message says what is right
   */
  public NodeRecord with(NodeKey key, String value) {
    Map<NodeKey, String> more = new EnumMap<>(values);
    more.put(key, key.value(value));
    return new NodeRecord(more);
  }

  /** Without a value for that key. */
  public NodeRecord without(NodeKey key) {
    Map<NodeKey, String> fewer = new EnumMap<>(values);
    fewer.remove(key);
    return new NodeRecord(fewer);
  }

  /** With what another says of the same node laid over it. */
  NodeRecord under(NodeRecord later) {
    Map<NodeKey, String> both = new EnumMap<>(values);
    both.putAll(later.values);
    return new NodeRecord(both);
  }
}
