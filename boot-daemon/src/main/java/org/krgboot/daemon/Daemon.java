package org.krgboot.daemon;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.time.Instant;
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
import org.jspecify.annotations.Nullable;
import org.krgboot.dhcp.DhcpListen;
import org.krgboot.dhcp.DhcpServer;
import org.krgboot.dhcp.LeaseStore;
import org.krgboot.dhcp.Network;
import org.krgboot.dhcp.ProxyConfig;
import org.krgboot.dhcp.ProxyServer;
import org.krgboot.dhcp.RouterAnswers;
import org.krgboot.dhcp.SqliteLeaseStore;
import org.krgboot.dhcp.Surroundings;
import org.krgboot.http.HttpServer;
import org.krgboot.model.BootEvent;
import org.krgboot.model.BootFileTree;
import org.krgboot.model.Ipv4;
import org.krgboot.nfs.NfsServer;
import org.krgboot.settings.ConfigFiles;
import org.krgboot.settings.Settings;
import org.krgboot.settings.SettingsSource;
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

  private final LifeSigns signs = new LifeSigns(System::nanoTime);
  private Supplier<Set<Ipv4>> nfsClients = Set::of;
  private @Nullable Operator operator;

  private Supplier<List<NodeRow>> nodes = List::of;
  private volatile boolean ready;

  private Daemon(Settings settings, BootEvent.Sink listener) {
    this.settings = settings;
    this.listener = listener;
  }

  /**
   * Starts all servers of the settings.
   *
   * @param source where they came from, so that they can be read again
   * @param files what they were read from
   * @throws IOException if one cannot start; those that had are stopped again, and the message says
   *     which port or file is in the way and who holds it
   */
  public static Daemon start(Settings settings, SettingsSource source, ConfigFiles files)
      throws IOException {
    return start(settings, source, files, _ -> {});
  }

  /**
   * The same for a program that wants to hear of events.
   *
   * @param listener called on the servers' threads; must not wait or throw
   */
  static Daemon start(
      Settings settings, SettingsSource source, ConfigFiles files, BootEvent.Sink listener)
      throws IOException {
    Daemon daemon = new Daemon(settings, listener);
    try {
      daemon.startParts(source, files);
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

  private void startParts(SettingsSource source, ConfigFiles read) throws IOException {
    keep("state", StateLock.take(settings.stateDirectory()));
    EventJournal journal =
        keep("journal", EventJournal.open(settings.journal(), cluster, listener));
    KnownNodes known = new KnownNodes(cluster, settings.nodes());
    ExecutorService disk = keep("writer", writer());
    Fences fences = Fences.open(settings.fences(), cluster::isOfAnother, disk);
    BootOrders orders = BootOrders.open(settings.bootOrders());
    BootDesk desk = new BootDesk(settings.bootPlan(), orders, cluster, known, journal, disk);
    KernelUses kernels = KernelUses.open(settings.stateDirectory(), cluster, disk);
    BootEvent.Sink events =
        event -> {
          fences.accept(event); // before the cluster has it of the journal
          journal.accept(event);
          desk.accept(event);
          kernels.accept(event);
        };
    counters.add(
        () -> Map.of("events.accepted", journal.accepted(), "events.lost", journal.lost()));
    ServedFiles files =
        new ServedFiles(settings.bootFiles(cluster::holder).offering(desk.menu()), fences);
    LiveServers live = new LiveServers(known, desk, files, cluster);
    startNfs(events, disk, fences, live);
    startBootFiles(files, events);
    if (settings.dhcp().isPresent()) {
      startAddresses(settings.dhcp().get(), events, surroundings(known, fences), live);
    }
    Configuration configuration = new Configuration(source, settings, live, events, clock);
    Operator allowed = new Operator(configuration, known, cluster, fences, events, clock);
    operator = allowed;
    startPages(
        new AdminRoutes(
            cluster,
            known,
            journal.history(),
            desk,
            allowed,
            new AdminRoutes.Serving(this::counters, kernels::of, clock)));
    configuration.started(read);
  }

  private static ExecutorService writer() {
    return Executors.newSingleThreadExecutor(
        Thread.ofPlatform().name("state-writer").daemon().factory());
  }

  private void startPages(AdminRoutes api) throws IOException {
    Instant started = clock.instant();
    nodes = () -> api.all(started);
    StatusFeed feed = keep("status feed", new StatusFeed(nodes, this::counters, clock));
    StatusRoutes.Subject subject =
        new StatusRoutes.Subject(nodes, this::counters, signs, () -> ready, started);
    keep("api", AdminServer.start(settings.apiSocket(), new StatusRoutes(subject, feed, api)));
    if (settings.status().isPresent()) {
      StatusServer.start(settings.status().get(), new StatusRoutes(subject, feed, api))
          .ifPresent(page -> keep("status page", page));
    }
  }

  private void startAddresses(
      Settings.Dhcp dhcp, BootEvent.Sink events, Surroundings surroundings, LiveServers live)
      throws IOException {
    switch (dhcp.mode()) {
      case FULL -> startDhcp(dhcp, events, surroundings, live);
      case PROXY -> startProxy(dhcp, events, surroundings, live);
    }
    for (String name : dhcp.solicitationsOn()) {
      RouterAnswers.start(name, clock)
          .ifPresent(answers -> counters.add(keep("router answers", answers)::counters));
    }
  }

  /**
   * Reads the configuration again, as an operator's order.
   *
   * @param by who wants it, for the journal
   */
  public void reload(String by) {
    try {
      Operator.Done done = requireNonNull(operator).reload(by);
      log.info("reloaded: {}", done.changes());
    } catch (IOException e) {
      String.valueOf(e.getMessage()).lines().forEach(line -> log.warn("not reloaded: {}", line));
    }
  }

  private void startNfs(
      BootEvent.Sink events, ExecutorService disk, Fences fences, LiveServers live)
      throws IOException {
    if (settings.nfs().isPresent()) {
      Settings.Nfs nfs = settings.nfs().get();
      RootUses uses = RootUses.open(settings.stateDirectory(), cluster, disk);
      BootEvent.Sink mounts =
          event -> {
            events.accept(event);
            uses.accept(event);
          };
      NfsServer server =
          keep("nfs", NfsServer.start(nfs.config(), mounts, clock, fences.addresses()));
      fences.tell(server::shutOut);
      counters.add(server::counters);
      signs.add("nfs", server::answers);
      live.addNfs(server::replaceExports);
      nfsClients = server::clients;
    }
  }

  private void startBootFiles(BootFileTree files, BootEvent.Sink events) throws IOException {
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
  }

  /** A fenced node keeps its address: whoever got that would be taken for the fenced one. */
  private Surroundings surroundings(KnownNodes known, Fences fences) {
    WorkingNodes working = new WorkingNodes(nfsClients, clock);
    return new Surroundings(
        address -> fences.isFenced(address) || working.test(address),
        mac ->
            fences.isFenced(mac)
                ? Surroundings.Standing.FENCED
                : known.configured().rejected().contains(mac)
                    ? Surroundings.Standing.REJECTED
                    : Surroundings.Standing.SERVED);
  }

  private void startDhcp(
      Settings.Dhcp dhcp, BootEvent.Sink events, Surroundings surroundings, LiveServers live)
      throws IOException {
    KnownNodes known = live.known();
    LeaseStore leases =
        keep("leases", SqliteLeaseStore.open(settings.database(), dhcp.historyKept()));
    DhcpServer server =
        keep(
            "dhcp",
            DhcpServer.start(dhcp.config(), dhcp.listen(), leases, events, clock, surroundings));
    known.holdLeases(server::leases);
    live.addDhcp(server::replaceConfig);
    counters.add(server::counters);
    signs.add("dhcp", server::answers);
  }

  private void startProxy(
      Settings.Dhcp dhcp, BootEvent.Sink events, Surroundings surroundings, LiveServers live)
      throws IOException {
    for (DhcpListen.Link link : dhcp.listen().links()) {
      for (Network network : dhcp.config().networks()) {
        if (network.isOurs() && network.server().equals(link.address())) {
          ProxyServer server =
              ProxyServer.start(
                  ProxyConfig.of(network),
                  link.interfaceName().orElseThrow(),
                  events,
                  clock,
                  surroundings);
          counters.add(keep("dhcp", server)::counters);
          signs.add("dhcp on " + link.interfaceName().orElseThrow(), server::answers);
          live.addProxy(server, network.server());
        }
      }
    }
  }

  private <T extends AutoCloseable> T keep(String name, T part) {
    parts.push(new Part(name, part));
    return part;
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

  /** How many of the nodes that are known are up. */
  public NodeCount nodeCount() {
    return NodeCount.of(nodes.get());
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
