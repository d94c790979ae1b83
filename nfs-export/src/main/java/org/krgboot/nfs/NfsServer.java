package org.krgboot.nfs;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.krgboot.linux.FileCalls;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.nfs.Peer.Transport;

/**
 * NFSv3 with its MOUNT and portmap programs, each on TCP and UDP. In service from {@link #start}
 * until {@link #close}.
 *
 * <p>Sets the umask of the process to 0: clients send modes that have their own umask applied.
 */
public final class NfsServer implements AutoCloseable {
  private static final long HOUSEKEEPING = TimeUnit.SECONDS.toNanos(2);

  private static final Duration LONGEST_CHANGE = Duration.ofSeconds(10);

  /** Ephemeral ports are one number on TCP and UDP; now and then UDP has it in use. */
  private static final int ATTEMPTS = 20;

  private final NfsConfig config;
  private final Counters counters = new Counters();
  private final BufferPool pool;
  private final DescriptorCache cache;
  private final Exports exports;
  private final HandleCodec codec;
  private final ReplyCache replies;
  private final Fence fence = new Fence();
  private @Nullable Loops loops;
  private final List<AutoCloseable> parts = new ArrayList<>();
  private final List<TcpListener> listeners = new ArrayList<>();
  private volatile boolean closed;
  private volatile int nfsPort;
  private volatile int mountPort;
  private volatile int portmapPort;

  private NfsServer(NfsConfig config) throws IOException {
    this.config = config;
    this.codec = new HandleCodec(HandleKey.loadOrCreate(config.stateDirectory()));
    this.exports = new Exports(codec);
    int kept = config.limits().replies();
    this.replies =
        new ReplyCache(
            kept, CallJournal.open(config.stateDirectory(), kept, JournalHead.thisBoot()));
    int longest = RecordStream.bufferFor(config.limits().maxRecord());
    this.pool = new BufferPool(longest, config.limits().bufferBytes());
    this.cache = new DescriptorCache(config.limits().descriptors());
  }

  /**
   * Opens the exports and the ports, and serves.
   *
   * @throws IOException if an export cannot be served; the message says why and what to do
   * @throws BindException if a port is taken; the message names it and what it is for
   */
  public static NfsServer start(NfsConfig config, BootEvent.Sink events, InstantSource clock)
      throws IOException {
    return start(config, events, clock, Set.of());
  }

  /** The same, with these addresses shut out from the first moment, as of {@link #shutOut}. */
  public static NfsServer start(
      NfsConfig config, BootEvent.Sink events, InstantSource clock, Set<Ipv4> shutOut)
      throws IOException {
    NfsServer server = new NfsServer(config);
    server.shutOut(shutOut);
    try {
      server.open(new BootProgress(events, clock));
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private void open(BootProgress progress) throws IOException {
    FileCalls.umask(0);
    exports.replace(config.exports());
    parts.add(exports);
    parts.add(cache);
    loops = Loops.start(pool, counters);
    parts.add(loops);
    FileTree tree = new FileTree(codec, exports, cache);
    NfsProgram nfs = new NfsProgram(tree, config.limits(), replies, progress, fence, counters);
    nfsPort = serve("nfs", config.nfsPort(), nfs);
    MountProgram mount = new MountProgram(exports, codec, replies, progress, fence, counters);
    mountPort = serve("mount", config.mountPort(), mount);
    portmapPort = portmapper();
    Thread.ofPlatform().name("nfs-housekeeping").daemon().start(this::keepHouse);
  }

  private List<PortmapProgram.Mapping> mappings() {
    List<PortmapProgram.Mapping> all = new ArrayList<>();
    int own = portmapPort; // 0 for a moment, until it is known which free port was taken
    for (Transport transport : own > 0 ? Transport.values() : new Transport[0]) {
      all.add(
          new PortmapProgram.Mapping(
              PortmapProgram.NUMBER, PortmapProgram.VERSION, transport, own));
    }
    all.addAll(PortmapProgram.Mapping.ofOurs(nfsPort, mountPort));
    return all;
  }

  /** Serves the portmapper, or registers with the one that has its port. */
  private int portmapper() throws IOException {
    int port = config.portmapPort();
    try {
      return serve("portmap", port, new PortmapProgram(this::mappings, counters));
    } catch (BindException taken) {
      if (port == NfsConfig.EPHEMERAL || !ForeignPortmapper.answersOn(port)) {
        throw taken;
      }
      parts.add(
          ForeignPortmapper.register(port, PortmapProgram.Mapping.ofOurs(nfsPort, mountPort)));
      return port;
    }
  }

  /** Serves the program on that port; gives the port, 0 if it is not to be served. */
  private int serve(String name, int port, RpcProgram program) throws IOException {
    if (port == 0) {
      return 0;
    }
    Dispatcher dispatcher = new Dispatcher(name, List.of(program), counters);
    for (int attempt = 1; ; attempt++) {
      try {
        return bind(dispatcher, Math.max(port, 0));
      } catch (BindException e) {
        if (port != NfsConfig.EPHEMERAL || attempt == ATTEMPTS) {
          throw named(e, name, port);
        }
      }
    }
  }

  private int bind(Dispatcher dispatcher, int port) throws IOException {
    TcpListener tcp =
        TcpListener.start(
            address(port), dispatcher, requireNonNull(loops), pool, config.limits(), counters);
    try {
      parts.add(UdpListener.start(address(tcp.port()), dispatcher, pool, counters));
    } catch (IOException e) {
      tcp.close();
      throw e;
    }
    parts.add(tcp);
    listeners.add(tcp);
    return tcp.port();
  }

  private InetSocketAddress address(int port) {
    return new InetSocketAddress(config.listen().toInetAddress(), port);
  }

  private BindException named(BindException cause, String name, int port) {
    BindException named =
        new BindException(
            "cannot serve "
                + name
                + " on "
                + config.listen()
                + ":"
                + port
                + ": "
                + cause.getMessage()
                + "; is another server running there, or is the address not this machine's?");
    named.initCause(cause);
    return named;
  }

  private void keepHouse() {
    while (!closed) {
      LockSupport.parkNanos(HOUSEKEEPING);
      cache.closeIdle();
      replies.keepHouse();
      listeners.forEach(TcpListener::closeIdle);
      requireNonNull(loops).feedAll();
    }
  }

  /**
   * Exports these directories from now on and no others, while clients are mounted. All of it holds
   * from one moment on, or nothing changes.
   *
   * <p>Handles of an export that stays are valid as before, on its new terms; it stays if its path,
   * its fsid and the directory there are the same. Handles of one that goes get NFS3ERR_STALE, and
   * are valid again when it comes back.
   *
   * @throws IOException if an export cannot be served; the message says why and what to do
   */
  public void replaceExports(List<Export> replacement) throws IOException {
    exports.replace(replacement);
    cache.dropAllBut(
        exports.now().all().stream()
            .map(ExportTable.Entry::directory)
            .collect(Collectors.toUnmodifiableSet()));
  }

  /**
   * Refuses every mount and every call of these addresses from now on, and of no others: with
   * NFS3ERR_ACCES, whatever they have open or mounted. When it returns, nothing that they asked to
   * change is under way any more.
   *
   * @throws IOException if a change that was under way has not ended for so long; they are shut out
   *     all the same
   */
  public void shutOut(Set<Ipv4> addresses) throws IOException {
    if (!fence.shutOut(addresses, LONGEST_CHANGE)) {
      throw new IOException(
          "NFS refuses it from now on, but a change that it had begun waits for the disk for "
              + LONGEST_CHANGE.toSeconds()
              + " s already");
    }
  }

  /**
   * Whether NFS is answered over TCP, by the threads that answer nodes; also if there are as many
   * connections as may be. May wait that long.
   */
  public boolean answers(Duration within) {
    TcpListener nfs = listeners.getFirst();
    InetAddress here =
        config.listen().equals(Ipv4.ANY)
            ? InetAddress.getLoopbackAddress()
            : config.listen().toInetAddress();
    return new NullCall(new InetSocketAddress(here, nfs.port())).isAnswered(within, nfs);
  }

  /** Where NFS is served; 0 if it is not. */
  public int nfsPort() {
    return nfsPort;
  }

  /** Where MOUNT is served; 0 if it is not. */
  public int mountPort() {
    return mountPort;
  }

  /** Where a portmapper leads to us, ours or the machine's; 0 if none does. */
  public int portmapPort() {
    return portmapPort;
  }

  /** What happened so often since the start, and how much is open now. */
  public Map<String, Long> counters() {
    Map<String, Long> all = counters.snapshot();
    all.put(
        "nfs.connections-open", listeners.stream().mapToLong(TcpListener::openConnections).sum());
    all.put("nfs.buffer-bytes", listeners.stream().mapToLong(TcpListener::bufferBytes).sum());
    all.put("nfs.files-open", (long) cache.size());
    return all;
  }

  /** Who has a TCP connection to us at this moment. Looks at each, so ask now and then only. */
  public Set<Ipv4> clients() {
    Set<Ipv4> clients = new HashSet<>();
    listeners.forEach(listener -> listener.addClientsTo(clients));
    return clients;
  }

  /** Takes no more calls, answers those that it has begun, and closes everything. */
  @Override
  public void close() {
    closed = true;
    for (AutoCloseable part : parts.reversed()) { // the exports last: calls may still need them
      try {
        part.close();
      } catch (Exception e) {
        counters.count("nfs.close-failures");
      }
    }
  }
}
