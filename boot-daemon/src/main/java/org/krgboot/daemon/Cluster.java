package org.krgboot.daemon;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.krgboot.model.BootEvent;
import org.krgboot.model.BootStage;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeProgress;

/**
 * How far every node has got: the fold of all events. TFTP and NFS know a node by its address; the
 * newest DHCP acknowledgement tells whose it is. Thread-safe.
 */
final class Cluster {
  /**
   * A stranger can invent MAC addresses, and beside another DHCP server the addresses that it says
   * it took; past this many, new ones are not remembered.
   */
  static final int MOST_NODES = 65_536;

  private final Map<MacAddress, NodeProgress> nodes = new HashMap<>();
  private final Map<Ipv4, MacAddress> holders = new HashMap<>();

  /** Who was refused last for want of approval. */
  private final Set<MacAddress> waiting = new HashSet<>();

  /** Takes in one event; events of addresses that no node holds change nothing. */
  synchronized void accept(BootEvent event) {
    if (event instanceof BootEvent.AddressAcknowledged acknowledged
        && (holders.size() < MOST_NODES || holders.containsKey(acknowledged.address()))) {
      holders.put(acknowledged.address(), acknowledged.mac());
    }
    macOf(event)
        .filter(mac -> !mac.equals(MacAddress.OF_A_CHECK))
        .ifPresent(mac -> {
          noteWaiting(mac, event);
          step(mac, event);
        });
  }

  private void noteWaiting(MacAddress mac, BootEvent event) {
    if (event instanceof BootEvent.AddressRefused refused
        && refused.why() == BootEvent.Refusal.NOT_APPROVED) {
      if (waiting.size() < MOST_NODES) {
        waiting.add(mac);
      }
    } else if (!waiting.isEmpty()) {
      waiting.remove(mac);
    }
  }

  /** Whether what was seen last of it is that it was refused for want of approval. */
  synchronized boolean isWaiting(MacAddress mac) {
    return waiting.contains(mac);
  }

  /** All addresses that it took last, and nobody else since. */
  synchronized Set<Ipv4> addressesOf(MacAddress mac) {
    Set<Ipv4> addresses = new HashSet<>();
    holders.forEach((address, holder) -> {
      if (holder.equals(mac)) {
        addresses.add(address);
      }
    });
    return addresses;
  }

  private void step(MacAddress mac, BootEvent event) {
    NodeProgress known = nodes.get(mac);
    if (known != null) {
      nodes.put(mac, known.after(event));
    } else if (event instanceof BootEvent.NodeOrdered) {
      return; // nothing was seen of the node itself
    } else if (nodes.size() < MOST_NODES) {
      nodes.put(mac, NodeProgress.first(mac, event));
    }
  }

  /** The node that an event speaks of, if it is known. */
  synchronized Optional<MacAddress> macOf(BootEvent event) {
    return switch (event) {
      case BootEvent.OfNode node -> Optional.of(node.mac());
      case BootEvent.OfAddress address -> Optional.ofNullable(holders.get(address.address()));
      case BootEvent.OfServer _ -> Optional.empty();
    };
  }

  /** The node that holds the address, as far as our DHCP has seen. */
  synchronized Optional<MacAddress> holder(Ipv4 address) {
    return Optional.ofNullable(holders.get(address));
  }

  /** Whether another node runs from its root at that address, as far as we have seen. */
  synchronized boolean isOfAnother(Ipv4 address, MacAddress node) {
    return holder(address)
        .filter(holder -> !holder.equals(node))
        .map(nodes::get)
        .filter(other -> other.stage().compareTo(BootStage.MOUNTED) >= 0)
        .isPresent();
  }

  /** How far the node has got. */
  synchronized Optional<NodeProgress> node(MacAddress mac) {
    return Optional.ofNullable(nodes.get(mac));
  }

  /** What the log calls the node: its name, else its MAC address, else its address. */
  synchronized String label(BootEvent event) {
    Optional<NodeProgress> node = macOf(event).map(nodes::get);
    return node.flatMap(NodeProgress::name)
        .map(Object::toString)
        .orElseGet(() ->
            switch (event) {
              case BootEvent.OfNode of -> of.mac().toString();
              case BootEvent.OfAddress of -> of.address().toString();
              case BootEvent.OfServer _ -> "krgboot";
            });
  }

  /** All nodes, by name; those without one last. */
  synchronized List<NodeProgress> nodes() {
    return nodes.values().stream()
        .sorted(
            Comparator.comparing(
                    (NodeProgress node) -> node.name().map(Object::toString).orElse("~"))
                .thenComparing(NodeProgress::mac))
        .toList();
  }
}
