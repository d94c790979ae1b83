package org.krgboot.daemon;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.krgboot.settings.StatusConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Status page, metrics and API over TCP, behind the {@link WebGate}. */
final class StatusServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("krgboot");

  /** Longer than a reader of the feed is left without a word. */
  private static final int IDLE_MILLISECONDS = 60_000;

  /** Browsers open six each; more have to wait, and take nothing from those who serve nodes. */
  private static final int MOST_CONNECTIONS = 256;

  private final Server server;
  private final ServerConnector connector;

  private StatusServer(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  /**
   * Starts to answer; empty if the port is taken and the page is not worth more than the daemon.
   *
   * @throws IOException if it cannot; the message says why and what to do
   */
  static Optional<StatusServer> start(StatusConfig config, Handler routes) throws IOException {
    QueuedThreadPool threads = WebThreads.pool("status", 16);
    Server server = new Server(threads);
    ServerConnector connector = connector(server, config);
    connector.setHost(config.address());
    connector.setPort(config.port());
    connector.setIdleTimeout(IDLE_MILLISECONDS);
    connector.setReuseAddress(true);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, connector));
    WebGate.Reach reach = config.isLoopback() ? WebGate.Reach.THIS_MACHINE : WebGate.Reach.NETWORK;
    server.setHandler(new WebGate(hosts(config), reach, tokens(config), routes));
    try {
      server.start();
      return Optional.of(new StatusServer(server, connector));
    } catch (Exception e) {
      stop(server);
      return switch (config.whenTaken()) {
        case DO_NOT_START ->
            throw new IOException(taken(config, e) + "; choose another status.port", e);
        case LEAVE_OUT -> {
          log.warn(
              "{}; there is no status page. Choose another status.port, or 0", taken(config, e));
          yield Optional.empty();
        }
      };
    }
  }

  private static String taken(StatusConfig config, Exception cause) {
    String holder = PortHolder.of(config.port()).map(h -> " (held by " + h + ")").orElse("");
    return "the status page cannot be served on "
        + config.address()
        + ":"
        + config.port()
        + holder
        + ": "
        + cause.getMessage();
  }

  private static ServerConnector connector(Server server, StatusConfig config) throws IOException {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    if (config.tls().isEmpty()) {
      return new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    }
    http.addCustomizer(new SecureRequestCustomizer(false));
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setKeyStore(PemKeyStore.of(config.tls().get()));
    tls.setKeyStorePassword("");
    return new ServerConnector(
        server, 1, 1, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(http));
  }

  private static Set<String> hosts(StatusConfig config) throws IOException {
    Set<String> hosts = new HashSet<>();
    if (config.isLoopback()) {
      hosts.addAll(Set.of("localhost", "127.0.0.1", "[::1]"));
    }
    InetAddress address = InetAddress.getByName(config.address());
    List<InetAddress> ours =
        address.isAnyLocalAddress()
            ? NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).toList()
            : List.of(address);
    ours.forEach(each -> hosts.add(named(each)));
    config.hosts().forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
    return hosts;
  }

  /** As in a URL; a scope is this machine's own affair. */
  private static String named(InetAddress address) {
    String text = address.getHostAddress().replaceFirst("%.*", "");
    return text.contains(":") ? "[" + text + "]" : text;
  }

  /** None, or what the file holds whenever it is asked: a token that leaked is replaced at once. */
  private static Supplier<Optional<String>> tokens(StatusConfig config) throws IOException {
    if (config.token().isEmpty()) {
      return Optional::empty;
    }
    TokenFile file = TokenFile.open(config.token().get());
    return file::token;
  }

  /** The port that it listens on. */
  int port() {
    return connector.getLocalPort();
  }

  private static void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) {
      log.debug("the status page did not stop: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    stop(server);
  }
}
