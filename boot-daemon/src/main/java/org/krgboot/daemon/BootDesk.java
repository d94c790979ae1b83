package org.krgboot.daemon;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.krgboot.bootfiles.BootMenu;
import org.krgboot.dhcp.FixedHost;
import org.krgboot.dhcp.HostKey;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeProgress;
import org.krgboot.model.NodeRange;

/** Knows what each node is to boot: an operator's order, else what the configuration says. */
final class BootDesk implements BootEvent.Sink {
  /** Clears an order: the node does again what the configuration says. */
  static final String DEFAULT = "default";

  private final BootPlan plan;
  private final BootOrders orders;
  private final Cluster cluster;
  private final List<FixedHost> hosts;
  private final Executor disk;

  /**
   * Has nothing to do yet.
   *
   * @param hosts of the configuration: they can be ordered before they were ever seen
   * @param disk where a done order is written down
   */
  BootDesk(
      BootPlan plan, BootOrders orders, Cluster cluster, List<FixedHost> hosts, Executor disk) {
    this.plan = plan;
    this.orders = orders;
    this.cluster = cluster;
    this.hosts = List.copyOf(hosts);
    this.disk = disk;
  }

  /** The menu of boot files, with what each node takes of it. */
  BootMenu menu() {
    return BootMenu.of(plan.programs(), this::pick);
  }

  private BootMenu.Pick pick(Ipv4 address) {
    Optional<MacAddress> mac = cluster.holder(address);
    BootMenu.Pick configured =
        plan.of(
            new NodeRange.Node(
                mac.flatMap(cluster::node).flatMap(NodeProgress::name), Optional.of(address), mac));
    return mac.flatMap(orders::of).map(order -> ordered(order, configured)).orElse(configured);
  }

  /** What is done once is done at once: nobody at the node need choose it. */
  static BootMenu.Pick ordered(BootOrders.Order order, BootMenu.Pick configured) {
    return switch (order.times()) {
      case ONCE -> new BootMenu.Pick(order.target(), 0);
      case ALWAYS -> new BootMenu.Pick(order.target(), configured.seconds());
    };
  }

  /** What an operator ordered of the node; empty if nothing. */
  String orderOf(MacAddress node) {
    return orders.of(node).map(BootOrders.Order::toString).orElse("");
  }

  /**
   * Orders it of all nodes that are meant.
   *
   * @return who they are
   * @throws IllegalArgumentException if no node is meant, or there is no such target
   * @throws IOException if it cannot be kept; then nothing is ordered
   */
  List<String> order(String nodes, String target, BootOrders.Times times) throws IOException {
    Optional<BootOrders.Order> order =
        target.equals(DEFAULT)
            ? Optional.empty()
            : Optional.of(new BootOrders.Order(plan.target(target).name(), times));
    Map<MacAddress, String> meant = meant(NodeRange.parse(nodes));
    if (meant.isEmpty()) {
      throw new IllegalArgumentException(
          "no node is known as "
              + nodes
              + "; `krgboot nodes` lists those that are, and a MAC address always works");
    }
    orders.give(meant.keySet(), order);
    return new ArrayList<>(meant.values());
  }

  private Map<MacAddress, String> meant(NodeRange range) {
    Map<MacAddress, String> meant = new LinkedHashMap<>();
    for (NodeProgress node : cluster.nodes()) {
      if (range.has(new NodeRange.Node(node.name(), node.address(), Optional.of(node.mac())))) {
        meant.put(
            node.mac(), node.name().map(Object::toString).orElseGet(() -> node.mac().toString()));
      }
    }
    for (FixedHost host : hosts) {
      if (host.key() instanceof HostKey.Mac(MacAddress mac)
          && range.has(new NodeRange.Node(host.name(), host.address(), Optional.of(mac)))) {
        meant.putIfAbsent(mac, host.name().map(Object::toString).orElseGet(mac::toString));
      }
    }
    range.macs().forEach(mac -> meant.putIfAbsent(mac, mac.toString()));
    return meant;
  }

  @Override
  public void accept(BootEvent event) {
    if (event instanceof BootEvent.FileSent sent) {
      cluster
          .macOf(sent)
          .filter(mac -> orders.of(mac).isPresent())
          .ifPresent(mac -> disk.execute(() -> orders.seen(mac, sent, plan)));
    }
  }
}
