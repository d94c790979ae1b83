package org.krgboot.daemon;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.krgboot.bootfiles.BootFiles;
import org.krgboot.bootfiles.BootMenu;
import org.krgboot.bootfiles.BootTarget;
import org.krgboot.model.BootEvent;
import org.krgboot.model.BootStage;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeProgress;
import org.krgboot.model.NodeRange;
import org.krgboot.settings.BootPlan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows what each node is to boot: an operator's order, else what the configuration says. */
public final class BootDesk implements BootEvent.Sink {
  private static final Logger log = LoggerFactory.getLogger("krgboot");

  /** Clears an order: the node does again what the configuration says. */
  static final String DEFAULT = "default";

  /**
   * Two threads serve a node that reads its root for the first time and then init: the second event
   * can be told first, by hardly more than nothing.
   */
  private static final Duration OUT_OF_ORDER = Duration.ofSeconds(1);

  private volatile BootPlan plan;
  private final BootOrders orders;
  private final Cluster cluster;
  private final KnownNodes known;
  private final BootEvent.Sink events;
  private final Executor disk;

  /** The last order that a boot loader's configuration was made by; no more than were given. */
  private final Map<MacAddress, BootOrders.Order> told = new ConcurrentHashMap<>();

  /**
   * Warns of orders that the plan has nothing for.
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
    warn(plan);
  }

  /** From now on the configuration says this; orders stay, and wait where it has no such target. */
  void replace(BootPlan next) {
    plan = next;
    warn(next);
  }

  private void warn(BootPlan now) {
    orders
        .withoutTarget(now.menu())
        .forEach((target, nodes) ->
            log.warn(
                "there is no boot target '{}': {} node(s) that were ordered to boot it boot what the"
                    + " configuration says; see krgboot nodes, and krgboot boot NODES default",
                target,
                nodes));
  }

  /** The menu of boot files, with what each node takes of it. */
  BootMenu menu() {
    return menu(plan);
  }

  /** The same of a configuration that {@link #replace} is to follow with. */
  BootMenu menu(BootPlan next) {
    return BootMenu.of(next.programs(), this::pick);
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
    Optional<BootOrders.Order> order = orders.of(mac).filter(its -> target(now, its).isPresent());
    order.ifPresent(its -> told.put(mac, its));
    return order.map(its -> ordered(its, configured)).orElse(configured);
  }

  private static Optional<BootTarget> target(BootPlan plan, BootOrders.Order order) {
    return plan.menu().target(order.target());
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
    if (event instanceof BootEvent.FileSent || event instanceof BootEvent.RootFirstRead) {
      cluster.macOf(event).ifPresent(mac -> seen(event, mac));
    }
  }

  private void seen(BootEvent event, MacAddress node) {
    orders
        .of(node)
        .filter(order -> order.times() == BootOrders.Times.ONCE)
        .filter(
            order -> target(plan, order).filter(its -> does(event, node, order, its)).isPresent())
        .ifPresent(order -> disk.execute(() -> done(node, order, event.at())));
  }

  /** Whether the event says that the node has done its order. */
  private boolean does(
      BootEvent event, MacAddress node, BootOrders.Order order, BootTarget target) {
    return switch (target) {
      case BootTarget.NodeRoot() ->
          event instanceof BootEvent.RootFirstRead
              && cluster.node(node).filter(its -> isNewsOfABoot(event.at(), its)).isPresent();
      case BootTarget.LocalDisk() -> wasSent(event, target) && wasTold(node, order);
      case BootTarget.Program _ -> wasSent(event, target);
    };
  }

  private static boolean wasSent(BootEvent event, BootTarget target) {
    return event instanceof BootEvent.FileSent sent
        && BootFiles.isDoneBy(target, sent.role(), sent.file());
  }

  /** A file of the user's own, which says something else, is no news of the order. */
  @SuppressWarnings("ReferenceEquality") // the same order given anew was not told yet
  private boolean wasTold(MacAddress node, BootOrders.Order order) {
    return told.get(node) == order;
  }

  /**
   * A node that runs has a first READ too, after it mounted something again or the daemon was
   * restarted; one that runs from its disk, when it mounts what we export: it got no kernel of us.
   */
  private static boolean isNewsOfABoot(Instant read, NodeProgress node) {
    Optional<Instant> reading = Optional.ofNullable(node.reached().get(BootStage.READING));
    Optional<Instant> init = Optional.ofNullable(node.reached().get(BootStage.INIT));
    return node.reached().containsKey(BootStage.KERNEL)
        && reading
            .map(read::equals)
            .or(() -> init.map(at -> Duration.between(at, read).abs().compareTo(OUT_OF_ORDER) < 0))
            .orElse(false);
  }

  private void done(MacAddress node, BootOrders.Order order, Instant at) {
    if (orders.done(node, order)) {
      events.accept(new BootEvent.NodeOrdered(at, node, BootEvent.Order.BOOT_DONE, order.target()));
    }
  }
}
