package org.krgboot.nfs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.krgboot.model.Ipv4;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One TCP port: a thread that accepts, and a thread a connection, up to a limit. */
final class TcpListener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TcpListener.class);
  private static final int BACKLOG = 1024;
  private static final long ACCEPT_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long GRACE = TimeUnit.SECONDS.toNanos(4);

  private final ServerSocketChannel server;
  private final Dispatcher dispatcher;
  private final BufferPool pool;
  private final Limits limits;
  private final Counters counters;
  private final Set<TcpConnection> connections = ConcurrentHashMap.newKeySet();
  private final Throttle refusals = new Throttle();
  private final Throttle failures = new Throttle();

  private TcpListener(
      ServerSocketChannel server,
      Dispatcher dispatcher,
      BufferPool pool,
      Limits limits,
      Counters counters) {
    this.server = server;
    this.dispatcher = dispatcher;
    this.pool = pool;
    this.limits = limits;
    this.counters = counters;
  }

  /** Binds and starts to accept; the caller closes it. */
  static TcpListener start(
      InetSocketAddress address,
      Dispatcher dispatcher,
      BufferPool pool,
      Limits limits,
      Counters counters)
      throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.INET);
    try {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.bind(address, BACKLOG);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    TcpListener listener = new TcpListener(server, dispatcher, pool, limits, counters);
    Thread.ofPlatform().name(dispatcher.name() + "-accept").daemon().start(listener::accept);
    return listener;
  }

  int port() {
    return server.socket().getLocalPort();
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        admit(server.accept());
      } catch (IOException | OutOfMemoryError e) { // out of descriptors or threads: wait for some
        if (server.isOpen()) {
          counters.count(dispatcher.name() + ".accept-failures");
          failures.run(() -> log.warn("{}: cannot accept: {}", dispatcher.name(), e.toString()));
          LockSupport.parkNanos(ACCEPT_PAUSE);
        }
      }
    }
  }

  private void admit(SocketChannel channel) throws IOException {
    InetAddress client = channel.socket().getInetAddress();
    if (isFullFor(client)) {
      counters.count(dispatcher.name() + ".connections-refused");
      refusals.run(() ->
          log.warn(
              "{}: {} refused: {} connections are open of at most {}, half of them for one address",
              dispatcher.name(),
              client.getHostAddress(),
              connections.size(),
              limits.connections()));
      channel.close();
      return;
    }
    counters.count(dispatcher.name() + ".connections");
    TcpConnection connection = new TcpConnection(channel, dispatcher, pool, limits, counters);
    connections.add(connection);
    if (!server.isOpen()) { // accepted just before
      connection.finish();
    }
    try {
      Thread.ofPlatform()
          .name(dispatcher.name() + "-" + channel.getRemoteAddress())
          .daemon()
          .start(() -> serve(connection));
    } catch (IOException | OutOfMemoryError e) {
      connections.remove(connection);
      channel.close();
      throw e;
    }
  }

  /** One address has at most half of all, so that no client locks out all others. */
  private boolean isFullFor(InetAddress client) {
    int open = connections.size();
    int half = (limits.connections() + 1) / 2;
    return open >= limits.connections()
        || (open >= half && connections.stream().filter(c -> c.isFrom(client)).count() >= half);
  }

  private void serve(TcpConnection connection) {
    try {
      connection.run();
    } finally {
      connections.remove(connection);
    }
  }

  /** Closes connections that are idle or stuck for too long; called every few seconds. */
  void closeIdle() {
    long now = System.nanoTime();
    for (TcpConnection connection : connections) {
      if (connection.isOverdue(now)) {
        counters.count(dispatcher.name() + ".connections-timed-out");
        connection.close();
      }
    }
  }

  int openConnections() {
    return connections.size();
  }

  void addClientsTo(Set<Ipv4> clients) {
    connections.forEach(connection -> connection.client().ifPresent(clients::add));
  }

  /** Closes the port, and all connections once what is being answered is; waits only so long. */
  @Override
  public void close() throws IOException {
    server.close();
    connections.forEach(TcpConnection::finish);
    awaitEnd();
    connections.forEach(TcpConnection::close); // a client that does not read, or a disk that hangs
    awaitEnd();
  }

  private void awaitEnd() {
    long deadline = System.nanoTime() + GRACE;
    while (!connections.isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }
}
