package org.krgboot.daemon;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.krgboot.bootfiles.BootFiles;
import org.krgboot.bootfiles.BootMenu;
import org.krgboot.bootfiles.BootTarget;
import org.krgboot.model.BootEvent;
import org.krgboot.model.BootStage;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeRange;
import org.krgboot.settings.BootPlan;

/** Knows what each node is to boot: an operator's order, else what the configuration says. */
public final class BootDesk implements BootEvent.Sink {
  /** Clears an order: the node does again what the configuration says. */
  static final String DEFAULT = "default";

  private volatile BootPlan plan;
  private final BootOrders orders;
  private final Cluster cluster;
  private final KnownNodes known;
  private final BootEvent.Sink events;
  private final Executor disk;

  /**
   * Has nothing to do yet.
   *
   * @param events hears what nodes are told to boot, and that they have done it
   * @param disk where a done order is written down
   */
  BootDesk(
      BootPlan plan,
      BootOrders orders,
      Cluster cluster,
      KnownNodes known,
      BootEvent.Sink events,
      Executor disk) {
    this.plan = plan;
    this.orders = orders;
    this.cluster = cluster;
    this.known = known;
    this.events = events;
    this.disk = disk;
  }

  /** From now on the configuration says this; orders stay. */
  void replace(BootPlan next) {
    plan = next;
  }

  /** The menu of boot files, with what each node takes of it. */
  BootMenu menu() {
    return BootMenu.of(plan.programs(), this::pick);
  }

  /** Of a node that our DHCP knows; of another only what goes for all. */
  private BootMenu.Pick pick(Ipv4 address) {
    BootPlan now = plan;
    Optional<MacAddress> holder = cluster.holder(address);
    if (holder.isEmpty()) {
      return now.usual();
    }
    MacAddress mac = holder.get();
    BootMenu.Pick configured =
        now.of(new NodeRange.Identity(known.of(mac).name(), mac, Optional.of(address)));
    return orders.of(mac).map(order -> ordered(order, configured)).orElse(configured);
  }

  /** What is done once is done at once: nobody at the node need choose it. */
  public static BootMenu.Pick ordered(BootOrders.Order order, BootMenu.Pick configured) {
    return switch (order.times()) {
      case ONCE -> configured.booting(order.target(), 0);
      case ALWAYS -> configured.booting(order.target(), configured.seconds());
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
  List<String> order(String nodes, String target, BootOrders.Times times, Instant now)
      throws IOException {
    Optional<BootOrders.Order> order =
        target.equals(DEFAULT)
            ? Optional.empty()
            : Optional.of(new BootOrders.Order(plan.target(target).name(), times));
    List<NodeRange.Identity> meant = known.meant(NodeRange.parse(nodes));
    orders.give(meant.stream().map(NodeRange.Identity::mac).toList(), order);
    String what = order.map(BootOrders.Order::toString).orElse("what the configuration says");
    for (NodeRange.Identity node : meant) {
      events.accept(new BootEvent.NodeOrdered(now, node.mac(), BootEvent.Order.BOOT, what));
    }
    return meant.stream().map(KnownNodes::label).toList();
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
        .filter(node -> node.stage() == BootStage.READING && node.since().equals(read.at()))
        .isPresent();
  }

  private void seen(BootEvent event, Predicate<BootTarget> boots) {
    cluster
        .macOf(event)
        .filter(mac -> orders.of(mac).isPresent())
        .ifPresent(mac -> disk.execute(() -> seen(mac, boots, event.at())));
  }

  private void seen(MacAddress node, Predicate<BootTarget> boots, Instant at) {
    orders
        .seen(node, boots, plan)
        .ifPresent(target ->
            events.accept(new BootEvent.NodeOrdered(at, node, BootEvent.Order.BOOT_DONE, target)));
  }
}
