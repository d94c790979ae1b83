package org.krgboot.nfs;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.krgboot.nfs.PortmapProgram.Mapping;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A portmapper that is not ours, such as rpcbind, and our programs' registration there. It is
 * looked after every few seconds, so that a portmapper that was started anew leads to us again.
 */
public final class ForeignPortmapper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ForeignPortmapper.class);
  private static final long EVERY = TimeUnit.SECONDS.toNanos(5);

  private final int port;
  private final PortmapClient client;
  private final List<Mapping> wanted;
  private final Set<String> told = new HashSet<>();
  private boolean answered = true;
  private volatile boolean closed;

  private ForeignPortmapper(int port, List<Mapping> wanted) {
    this.port = port;
    this.client = new PortmapClient(port);
    this.wanted = wanted;
  }

  /** Whether a portmapper answers on that port of this machine. Waits three seconds at most. */
  public static boolean answersOn(int port) {
    return new PortmapClient(port).answers();
  }

  /**
   * What keeps us from being registered with the portmapper on that port, each with the remedy;
   * nothing is changed.
   *
   * @throws IOException if no portmapper answers there
   */
  public static List<String> inTheWay(NfsConfig config) throws IOException {
    List<Mapping> found = new PortmapClient(config.portmapPort()).dump();
    return PortmapPlan.decide(wanted(config), found, PortmapClient::isLive).inTheWay().stream()
        .map(ForeignPortmapper::explain)
        .toList();
  }

  private static List<Mapping> wanted(NfsConfig config) {
    return Mapping.ofOurs(Math.max(0, config.nfsPort()), Math.max(0, config.mountPort()));
  }

  /**
   * Registers our programs, and keeps them registered until {@link #close}.
   *
   * @throws IOException if another server's programs are registered and run, or the portmapper
   *     refuses; the message says what to do
   */
  static ForeignPortmapper register(int port, List<Mapping> wanted) throws IOException {
    ForeignPortmapper portmapper = new ForeignPortmapper(port, wanted);
    List<String> problems = portmapper.change(portmapper.plan());
    if (!problems.isEmpty()) {
      portmapper.close();
      throw new IOException(String.join("; ", problems));
    }
    log.info("port {} is another portmapper's: registered there {}", port, portmapper.ours());
    Thread.ofPlatform().name("nfs-portmap").daemon().start(portmapper::keep);
    return portmapper;
  }

  private String ours() {
    return wanted.stream()
        .map(mapping -> mapping.name() + " at port " + mapping.port())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private PortmapPlan plan() throws IOException {
    return PortmapPlan.decide(wanted, client.dump(), PortmapClient::isLive);
  }

  /** Gives what could not be done, each with the remedy. */
  private List<String> change(PortmapPlan plan) throws IOException {
    for (Mapping stale : plan.unset()) {
      client.unset(stale);
    }
    List<String> problems =
        plan.inTheWay().stream().map(ForeignPortmapper::explain).collect(Collectors.toList());
    for (Mapping missing : plan.set()) {
      if (!client.set(missing)) {
        problems.add(
            "the portmapper on port "
                + port
                + " does not take "
                + missing
                + "; what it holds instead, `rpcinfo -d "
                + missing.program()
                + " "
                + missing.version()
                + "` as root takes away");
      }
    }
    return problems;
  }

  private static String explain(Mapping other) {
    return "the portmapper leads nodes to a server that is not ours: "
        + other
        + "; stop that server, or choose nfs.portmap-port = 0";
  }

  private void keep() {
    while (!closed) {
      LockSupport.parkNanos(EVERY);
      look();
    }
  }

  /** Looks once, and mends what is wrong. Each problem is told once. */
  synchronized void look() {
    if (closed) {
      return;
    }
    try {
      PortmapPlan plan = plan();
      List<String> problems = change(plan);
      boolean mended = !answered || !plan.set().isEmpty();
      if (mended && problems.isEmpty()) {
        log.info("registered again with the portmapper on port {}: {}", port, ours());
      }
      answered = true;
      told.retainAll(problems);
      problems.stream().filter(told::add).forEach(problem -> log.warn("{}", problem));
    } catch (IOException e) {
      if (answered) {
        log.warn(
            "the portmapper on port {} does not answer: nodes that ask for ports get none until it"
                + " runs again; then our programs are registered again",
            port);
      }
      answered = false;
    }
  }

  /** Takes our programs out again, if they are still those that are registered. */
  @Override
  public void close() {
    closed = true;
    unregister();
  }

  private synchronized void unregister() {
    try {
      List<Mapping> found = client.dump();
      for (Mapping ours : wanted) {
        if (found.contains(ours)) {
          client.unset(ours);
        }
      }
    } catch (IOException e) {
      log.info("the portmapper on port {} was not told that we stop: {}", port, e.getMessage());
    }
  }
}
