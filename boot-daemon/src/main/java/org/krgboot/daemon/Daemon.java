package org.krgboot.daemon;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.krgboot.bootfiles.BootFiles;
import org.krgboot.dhcp.DhcpListen;
import org.krgboot.dhcp.DhcpServer;
import org.krgboot.dhcp.LeaseStore;
import org.krgboot.dhcp.Network;
import org.krgboot.dhcp.ProxyConfig;
import org.krgboot.dhcp.ProxyServer;
import org.krgboot.dhcp.RouterAnswers;
import org.krgboot.dhcp.SqliteLeaseStore;
import org.krgboot.http.HttpServer;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.nfs.NfsServer;
import org.krgboot.settings.Settings;
import org.krgboot.tftp.TftpServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All servers, wired by hand. They start in the order in which a node needs them last to first, so
 * that a node that gets an address finds the rest there; they stop in the opposite order.
 */
public final class Daemon implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("krgboot");

  /** Something started, to be stopped again. */
  private record Part(String name, AutoCloseable what) {}

  private final Settings settings;
  private final BootEvent.Sink listener;
  private final InstantSource clock = InstantSource.system();
  private final Cluster cluster = new Cluster();
  private final Deque<Part> parts = new ArrayDeque<>();
  private final Deque<Supplier<Map<String, Long>>> counters = new ArrayDeque<>();

  private final LifeSigns signs = new LifeSigns();
  private Supplier<Set<Ipv4>> nfsClients = Set::of;

  private AdminServer.Reload reload =
      () -> {
        throw new IOException("this daemon exports nothing: NFS is left out");
      };

  private Supplier<List<NodeRow>> nodes = List::of;
  private volatile boolean ready;

  private Daemon(Settings settings, BootEvent.Sink listener) {
    this.settings = settings;
    this.listener = listener;
  }

  /**
   * Starts all servers of the settings.
   *
   * @throws IOException if one cannot start; those that had are stopped again, and the message says
   *     which port or file is in the way and who holds it
   */
  public static Daemon start(Settings settings) throws IOException {
    return start(settings, _ -> {});
  }

  /**
   * The same for a program that wants to hear of events.
   *
   * @param listener called on the servers' threads; must not wait or throw
   */
  static Daemon start(Settings settings, BootEvent.Sink listener) throws IOException {
    Daemon daemon = new Daemon(settings, listener);
    try {
      daemon.startParts();
      daemon.ready = true;
      return daemon;
    } catch (BindException e) {
      daemon.close();
      throw new IOException(PortHolder.explain(e), e);
    } catch (IOException | RuntimeException e) {
      daemon.close();
      throw e;
    }
  }

  private void startParts() throws IOException {
    keep("state", StateLock.take(settings.stateDirectory()));
    EventJournal journal =
        keep("journal", EventJournal.open(settings.journal(), cluster, listener));
    ExecutorService disk =
        keep(
            "writer",
            Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("state-writer").daemon().factory()));
    BootDesk desk = bootDesk(disk);
    BootEvent.Sink events =
        event -> {
          journal.accept(event);
          desk.accept(event);
        };
    counters.add(
        () -> Map.of("events.accepted", journal.accepted(), "events.lost", journal.lost()));
    if (settings.nfs().isPresent()) {
      Settings.Nfs nfs = settings.nfs().get();
      RootUses uses = RootUses.open(settings.stateDirectory(), cluster, disk);
      BootEvent.Sink mounts =
          event -> {
            events.accept(event);
            uses.accept(event);
          };
      NfsServer server = keep("nfs", NfsServer.start(nfs.config(), mounts, clock));
      counters.add(server::counters);
      signs.add("nfs", new NfsNull(nfsAddress(nfs.config().listen(), server))::isAnswered);
      reload =
          new ExportsReload(nfs.exports(), nfs.config().exports(), server::replaceExports)::run;
      nfsClients = server::clients;
    }
    BootFiles files = settings.bootFiles(cluster::holder).offering(desk.menu());
    if (settings.http().isPresent()) {
      HttpServer server =
          keep("http", HttpServer.start(settings.http().get(), files, events, clock));
      counters.add(server::counters);
      signs.add("http", server::answers);
    }
    if (settings.tftp().isPresent()) {
      TftpServer server =
          keep("tftp", TftpServer.start(settings.tftp().get(), files, events, clock));
      counters.add(server::counters);
      signs.add("tftp", server::answers);
    }
    if (settings.dhcp().isPresent()) {
      Settings.Dhcp dhcp = settings.dhcp().get();
      switch (dhcp.mode()) {
        case FULL -> startDhcp(dhcp, journal);
        case PROXY -> startProxy(dhcp, journal);
      }
      for (String name : dhcp.solicitationsOn()) {
        RouterAnswers.start(name, clock)
            .ifPresent(answers -> counters.add(keep("router answers", answers)::counters));
      }
    }
    startPages(
        desk, new AdminRoutes(cluster, journal.history(), desk, this::counters, reload, clock));
  }

  private void startPages(BootDesk desk, AdminRoutes api) throws IOException {
    nodes = () -> cluster.nodes().stream().map(n -> NodeRow.of(n, desk.orderOf(n.mac()))).toList();
    StatusFeed feed = keep("status feed", new StatusFeed(nodes, this::counters, clock));
    StatusRoutes.Subject subject =
        new StatusRoutes.Subject(nodes, this::counters, signs, () -> ready, clock.instant());
    keep("api", AdminServer.start(settings.apiSocket(), new StatusRoutes(subject, feed, api)));
    if (settings.status().isPresent()) {
      StatusServer.start(settings.status().get(), new StatusRoutes(subject, feed, api))
          .ifPresent(page -> keep("status page", page));
    }
  }

  private BootDesk bootDesk(ExecutorService disk) throws IOException {
    return new BootDesk(
        settings.bootPlan(),
        BootOrders.open(settings.bootOrders()),
        cluster,
        settings.dhcp().map(dhcp -> dhcp.config().hosts()).orElse(List.of()),
        disk);
  }

  private void startDhcp(Settings.Dhcp dhcp, EventJournal journal) throws IOException {
    LeaseStore leases =
        keep("leases", SqliteLeaseStore.open(settings.database(), dhcp.historyKept()));
    WorkingNodes working = new WorkingNodes(nfsClients, clock);
    DhcpServer server =
        keep(
            "dhcp",
            DhcpServer.start(dhcp.config(), dhcp.listen(), leases, journal, clock, working));
    counters.add(server::counters);
    signs.add("dhcp", server::answers);
  }

  private void startProxy(Settings.Dhcp dhcp, EventJournal journal) throws IOException {
    for (DhcpListen.Link link : dhcp.listen().links()) {
      for (Network network : dhcp.config().networks()) {
        if (network.isOurs() && network.server().equals(link.address())) {
          ProxyServer server =
              ProxyServer.start(
                  ProxyConfig.of(network), link.interfaceName().orElseThrow(), journal, clock);
          counters.add(keep("dhcp", server)::counters);
          signs.add("dhcp on " + link.interfaceName().orElseThrow(), server::answers);
        }
      }
    }
  }

  private <T extends AutoCloseable> T keep(String name, T part) {
    parts.push(new Part(name, part));
    return part;
  }

  private static InetSocketAddress nfsAddress(Ipv4 listen, NfsServer server) {
    return listen.equals(Ipv4.ANY)
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), server.nfsPort())
        : new InetSocketAddress(listen.toInetAddress(), server.nfsPort());
  }

  /**
   * The servers that do not do their work: each is asked through the threads that answer nodes.
   *
   * @param within how long each is waited for
   * @return their names; none if all is well
   */
  public List<String> silentServers(Duration within) {
    return signs.silent(within);
  }

  /** All nodes that were seen, by name. */
  List<NodeRow> nodes() {
    return nodes.get();
  }

  /** How many of the nodes that were ever seen run from their root. */
  public NodeCount nodeCount() {
    return NodeCount.of(cluster.nodes());
  }

  /** Everything that is counted, by name. */
  Map<String, Long> counters() {
    Map<String, Long> all = new TreeMap<>();
    counters.forEach(
        part -> part.get().forEach((name, count) -> all.merge(name, count, Long::sum)));
    return all;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      Part part = parts.pop();
      try {
        part.what().close();
      } catch (Exception e) {
        log.warn("{} did not stop cleanly: {}", part.name(), e.toString());
      }
    }
  }
}
