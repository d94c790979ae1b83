package org.krgboot.nfs;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.krgboot.linux.Epoll;
import org.krgboot.linux.Errno;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.TcpSockets;
import org.krgboot.model.Ipv4;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One TCP port and its connections, up to a limit. */
final class TcpListener implements Loops.Ready, NullCall.Host, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TcpListener.class);
  private static final int BACKLOG = 1024;
  private static final int ACCEPTED_A_TURN = 64;
  private static final long GRACE = TimeUnit.SECONDS.toNanos(4);

  private final int socket;
  private final int port;
  private final long id;
  private final Dispatcher dispatcher;
  private final Loops loops;
  private final BufferPool pool;
  private final Limits limits;
  private final Counters counters;
  private final LongAdder bytesIn;
  private final Set<TcpConnection> connections = ConcurrentHashMap.newKeySet();
  private final Map<Ipv4, ClientShare> shares = new ConcurrentHashMap<>();

  /** From where we call ourselves, to see that others are answered. */
  private final Set<InetSocketAddress> ours = ConcurrentHashMap.newKeySet();

  private final Throttle refusals = new Throttle();
  private final Throttle failures = new Throttle();
  private boolean paused;
  private volatile boolean closing;
  private boolean closed;

  private TcpListener(
      int socket, Dispatcher dispatcher, Loops loops, BufferPool pool, Limits limits, Counters all)
      throws LinuxException {
    this.socket = socket;
    this.port = TcpSockets.port(socket);
    this.dispatcher = dispatcher;
    this.loops = loops;
    this.pool = pool;
    this.limits = limits;
    this.counters = all;
    this.bytesIn = all.of(dispatcher.name() + ".bytes-in");
    this.id = loops.register(this);
  }

  /** Binds and starts to accept; the caller closes it. */
  static TcpListener start(
      InetSocketAddress address,
      Dispatcher dispatcher,
      Loops loops,
      BufferPool pool,
      Limits limits,
      Counters counters)
      throws IOException {
    int socket = bind(address);
    try {
      TcpListener listener = new TcpListener(socket, dispatcher, loops, pool, limits, counters);
      loops.add(socket, Epoll.IN, listener.id);
      return listener;
    } catch (LinuxException e) {
      FileCalls.close(socket);
      throw e;
    }
  }

  private static int bind(InetSocketAddress address) throws IOException {
    int bits = Ipv4.of(address.getAddress().getAddress()).bits();
    try {
      return TcpSockets.listen(bits, address.getPort(), BACKLOG);
    } catch (LinuxException e) {
      BindException refused =
          new BindException(
              switch (e.errno()) {
                case EADDRINUSE -> "Address already in use";
                case EADDRNOTAVAIL -> "Cannot assign requested address";
                case EACCES -> "Permission denied";
                default -> e.getMessage();
              });
      refused.initCause(e);
      throw refused;
    }
  }

  int port() {
    return port;
  }

  Loops loops() {
    return loops;
  }

  BufferPool pool() {
    return pool;
  }

  Limits limits() {
    return limits;
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  LongAdder bytesIn() {
    return bytesIn;
  }

  /** Counts something that happened on this port. */
  void count(String what) {
    counters.count(dispatcher.name() + "." + what);
  }

  @Override
  public void ready(XdrWriter out) {
    if (!closing) { // else those who go on connecting could keep it from its lock for long
      accept();
    }
  }

  private synchronized void accept() {
    if (closed) {
      return;
    }
    paused = true; // should this fail in a way that is not foreseen, housekeeping resumes it
    try {
      for (int i = 0; i < ACCEPTED_A_TURN; i++) {
        TcpSockets.Accepted accepted = TcpSockets.accept(socket);
        if (accepted == null) {
          break;
        }
        admit(accepted);
      }
      paused = false;
    } catch (LinuxException e) {
      count("accept-failures");
      failures.run(() -> log.warn("{}: cannot accept: {}", dispatcher.name(), e.getMessage()));
      paused = e.errno() == Errno.EMFILE || e.errno() == Errno.ENFILE;
    }
    if (!paused && !closing) {
      listen();
    }
  }

  private void listen() {
    try {
      loops.arm(socket, Epoll.IN, id);
    } catch (LinuxException e) {
      paused = true;
    }
  }

  @Override
  public void buffersFreed() {}

  /** While it has that port of this machine, nobody else can call from there. */
  @Override
  public void expect(InetSocketAddress caller) {
    ours.add(caller);
  }

  @Override
  public void expectNoMore(InetSocketAddress caller) {
    ours.remove(caller);
  }

  private boolean isOurs(Ipv4 client, int from) {
    return ours.contains(new InetSocketAddress(client.toInetAddress(), from));
  }

  private void admit(TcpSockets.Accepted accepted) throws LinuxException {
    Ipv4 client = new Ipv4(accepted.address());
    ClientShare share = shares.compute(client, (_, known) -> withOneMore(known));
    boolean full =
        connections.size() >= limits.connections()
            || share.connections().get() > limits.connectionsOfOneAddress();
    if (full && !isOurs(client, accepted.port())) { // a server that is full does its work
      count("connections-refused");
      refusals.run(() ->
          log.warn(
              "{}: {} refused: {} connections are open of at most {}, {} of them for one address",
              dispatcher.name(),
              client,
              connections.size(),
              limits.connections(),
              limits.connectionsOfOneAddress()));
      leave(client, share);
      FileCalls.close(accepted.socket());
      return;
    }
    count("connections");
    Peer peer = new Peer(client, accepted.port(), Peer.Transport.TCP);
    TcpConnection connection = new TcpConnection(accepted.socket(), peer, this, share);
    connections.add(connection);
    connection.start();
  }

  /** A connection is closed; its own call. */
  void closed(TcpConnection connection) {
    connections.remove(connection);
    leave(connection.peer().address(), connection.share());
  }

  /** Counted before anybody else can find that nobody uses it, and forget it. */
  private ClientShare withOneMore(@Nullable ClientShare known) {
    ClientShare share = known == null ? new ClientShare(pool, limits.bytesOfOneAddress()) : known;
    share.connections().incrementAndGet();
    return share;
  }

  private void leave(Ipv4 client, ClientShare its) {
    its.connections().decrementAndGet();
    shares.computeIfPresent(client, (_, share) -> share.connections().get() == 0 ? null : share);
  }

  /** Closes connections that are idle or stuck for too long; called every few seconds. */
  void closeIdle() {
    long now = System.nanoTime();
    connections.forEach(connection -> connection.closeIfOverdue(now));
    resume();
  }

  private synchronized void resume() {
    if (paused && !closed) {
      paused = false;
      listen();
    }
  }

  int openConnections() {
    return connections.size();
  }

  /** Memory that is held for clients whose calls or replies are under way. */
  long bufferBytes() {
    return shares.values().stream().mapToLong(ClientShare::bytes).sum();
  }

  void addClientsTo(Set<Ipv4> clients) {
    connections.forEach(connection -> clients.add(connection.peer().address()));
  }

  /** Closes the port, and all connections once what is being answered is; waits only so long. */
  @Override
  public void close() throws IOException {
    closePort();
    connections.forEach(TcpConnection::finish);
    awaitEnd();
    connections.forEach(TcpConnection::abandon); // a client that does not read, a disk that hangs
    awaitEnd();
  }

  private void closePort() throws LinuxException {
    closing = true;
    closeSocket();
  }

  private synchronized void closeSocket() throws LinuxException {
    if (!closed) {
      closed = true;
      loops.forget(id);
      FileCalls.close(socket);
    }
  }

  private void awaitEnd() {
    long deadline = System.nanoTime() + GRACE;
    while (!connections.isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }
}
