package org.krgboot.daemon;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.krgboot.bootfiles.BootFiles;
import org.krgboot.bootfiles.BootMenu;
import org.krgboot.bootfiles.BootTarget;
import org.krgboot.dhcp.FixedHost;
import org.krgboot.dhcp.HostKey;
import org.krgboot.model.BootEvent;
import org.krgboot.model.BootStage;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeProgress;
import org.krgboot.model.NodeRange;
import org.krgboot.settings.BootPlan;

/** Knows what each node is to boot: an operator's order, else what the configuration says. */
public final class BootDesk implements BootEvent.Sink {
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
  public BootDesk(
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

  /** Of a node that our DHCP knows; of another only what goes for all. */
  private BootMenu.Pick pick(Ipv4 address) {
    Optional<MacAddress> holder = cluster.holder(address);
    if (holder.isEmpty()) {
      return plan.usual();
    }
    MacAddress mac = holder.get();
    BootMenu.Pick configured =
        plan.of(
            new NodeRange.Identity(
                cluster.node(mac).flatMap(NodeProgress::name), mac, Optional.of(address)));
    return orders.of(mac).map(order -> ordered(order, configured)).orElse(configured);
  }

  /** What is done once is done at once: nobody at the node need choose it. */
  public static BootMenu.Pick ordered(BootOrders.Order order, BootMenu.Pick configured) {
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
    Map<MacAddress, String> labels = new LinkedHashMap<>();
    for (NodeRange.Identity node : meant(NodeRange.parse(nodes))) {
      labels.put(
          node.mac(), node.name().map(Object::toString).orElseGet(() -> node.mac().toString()));
    }
    orders.give(labels.keySet(), order);
    return new ArrayList<>(labels.values());
  }

  /** Out of those that were seen, those of the configuration, and those whose MAC is given. */
  private List<NodeRange.Identity> meant(NodeRange range) {
    Map<MacAddress, NodeRange.Identity> known = new LinkedHashMap<>();
    for (NodeProgress node : cluster.nodes()) {
      known.put(node.mac(), new NodeRange.Identity(node.name(), node.mac(), node.address()));
    }
    for (FixedHost host : hosts) {
      if (host.key() instanceof HostKey.Mac(MacAddress mac)) {
        known.putIfAbsent(mac, new NodeRange.Identity(host.name(), mac, host.address()));
      }
    }
    for (NodeRange.Part part : range.parts()) {
      if (part.who() instanceof NodeRange.OfMac(MacAddress mac)) {
        known.putIfAbsent(mac, new NodeRange.Identity(Optional.empty(), mac, Optional.empty()));
      }
    }
    return range.select(known.values(), node -> node, Map.of());
  }

  /** After {@link Cluster#accept}: whether a READ begins a boot is known by then. */
  @Override
  public void accept(BootEvent event) {
    if (event instanceof BootEvent.FileSent sent) {
      seen(event, target -> BootFiles.isDoneBy(target, sent.role(), sent.file()));
    } else if (event instanceof BootEvent.RootFirstRead read && isNewsOfABoot(read)) {
      seen(event, target -> target instanceof BootTarget.NodeRoot);
    }
  }

  /** A node that runs has a first READ too, after it mounted again or the daemon was restarted. */
  private boolean isNewsOfABoot(BootEvent.RootFirstRead read) {
    return cluster
        .macOf(read)
        .flatMap(cluster::node)
        .filter(node -> node.stage() == BootStage.RUNNING && node.since().equals(read.at()))
        .isPresent();
  }

  private void seen(BootEvent event, Predicate<BootTarget> boots) {
    cluster
        .macOf(event)
        .filter(mac -> orders.of(mac).isPresent())
        .ifPresent(mac -> disk.execute(() -> orders.seen(mac, boots, plan)));
  }
}
