package org.krgboot.nfs;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
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

  /** Ephemeral ports are one number on TCP and UDP; now and then UDP has it in use. */
  private static final int ATTEMPTS = 20;

  private final NfsConfig config;
  private final Counters counters = new Counters();
  private final BufferPool pool;
  private final DescriptorCache cache;
  private final Exports exports;
  private final HandleCodec codec;
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
    NfsServer server = new NfsServer(config);
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
    FileTree tree = new FileTree(codec, exports, cache);
    nfsPort =
        serve("nfs", config.nfsPort(), new NfsProgram(tree, config.limits(), progress, counters));
    mountPort =
        serve("mount", config.mountPort(), new MountProgram(exports, codec, progress, counters));
    portmapPort =
        serve("portmap", config.portmapPort(), new PortmapProgram(this::mappings, counters));
    Thread.ofPlatform().name("nfs-housekeeping").daemon().start(this::keepHouse);
  }

  private List<PortmapProgram.Mapping> mappings() {
    List<PortmapProgram.Mapping> all = new ArrayList<>();
    for (Transport transport : Transport.values()) {
      add(all, PortmapProgram.NUMBER, PortmapProgram.VERSION, transport, portmapPort);
      add(all, NfsProgram.NUMBER, NfsProgram.VERSION, transport, nfsPort);
      add(all, MountProgram.NUMBER, MountProgram.VERSION, transport, mountPort);
      add(all, MountProgram.NUMBER, MountProgram.OLD_VERSION, transport, mountPort);
    }
    return all;
  }

  private static void add(
      List<PortmapProgram.Mapping> all, int program, int version, Transport transport, int port) {
    if (port > 0) {
      all.add(new PortmapProgram.Mapping(program, version, transport, port));
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
    TcpListener tcp = TcpListener.start(address(port), dispatcher, pool, config.limits(), counters);
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
                + "; is another NFS server or rpcbind running, or is the address not this machine's?");
    named.initCause(cause);
    return named;
  }

  private void keepHouse() {
    while (!closed) {
      LockSupport.parkNanos(HOUSEKEEPING);
      cache.closeIdle();
      listeners.forEach(TcpListener::closeIdle);
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

  /** Where NFS is served; 0 if it is not. */
  public int nfsPort() {
    return nfsPort;
  }

  /** Where MOUNT is served; 0 if it is not. */
  public int mountPort() {
    return mountPort;
  }

  /** Where the portmapper is served; 0 if it is not. */
  public int portmapPort() {
    return portmapPort;
  }

  /** What happened so often since the start, and how much is open now. */
  public Map<String, Long> counters() {
    Map<String, Long> all = counters.snapshot();
    all.put(
        "nfs.connections-open", listeners.stream().mapToLong(TcpListener::openConnections).sum());
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
