package org.krgboot.dhcp;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.BindException;
import java.net.NetworkInterface;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;

/**
 * Tells nodes their boot file where another DHCP server gives them their addresses, on another
 * machine or on this one: ProxyDHCP. Runs from {@link #start} to {@link #close}.
 *
 * <p>Its socket for broadcasts is bound to 255.255.255.255: so it hears those and nothing else. A
 * socket at the server's own address, or at any, would take the unicast renewals that are meant for
 * another server on this machine, since Linux gives a datagram to one socket only.
 */
public final class ProxyServer implements AutoCloseable {
  /** PXE specification 2.1 section 2.2.3: where a node asks that has its address. */
  static final int BOOT_PORT = 4011;

  private static final int SERVER_PORT = 67;
  private static final int RECEIVE_BUFFER = 4 << 20;
  private static final int MAX_REQUEST = 4096;

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final ProxyHandler handler;

  private ProxyServer(ProxyHandler handler) {
    this.handler = handler;
  }

  /**
   * Binds the sockets and answers.
   *
   * @param interfaceName where the nodes are
   * @param events hears which addresses nodes took, on the server's loop
   * @throws BindException if a port cannot be had; the message says what to do
   * @throws IOException if there is no such interface, or native epoll cannot be loaded
   */
  public static ProxyServer start(
      ProxyConfig config, String interfaceName, BootEvent.Sink events, InstantSource clock)
      throws IOException {
    return start(config, interfaceName, events, clock, Surroundings.UNKNOWN);
  }

  /**
   * The same, where others know of the nodes too.
   *
   * @throws BindException if a port cannot be had; the message says what to do
   * @throws IOException if there is no such interface, or native epoll cannot be loaded
   */
  public static ProxyServer start(
      ProxyConfig config,
      String interfaceName,
      BootEvent.Sink events,
      InstantSource clock,
      Surroundings surroundings)
      throws IOException {
    if (!Epoll.isAvailable()) {
      throw new IOException(
          "DHCP in proxy mode needs native epoll, which cannot be loaded: "
              + Epoll.unavailabilityCause().getMessage());
    }
    if (NetworkInterface.getByName(interfaceName) == null) {
      throw new IOException("there is no network interface '" + interfaceName + "'; see `ip link`");
    }
    ProxyServer server = new ProxyServer(new ProxyHandler(config, surroundings, events, clock));
    try {
      server.bind(interfaceName, Ipv4.BROADCAST, SERVER_PORT);
      server.bind(interfaceName, config.server(), BOOT_PORT);
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  private void bind(String interfaceName, Ipv4 address, int port) throws BindException {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(group)
            .handler(handler)
            .channelFactory(() -> new EpollDatagramChannel(SocketProtocolFamily.INET))
            .option(ChannelOption.SO_BROADCAST, true)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_REQUEST));
    InterfaceBinding.bind(bootstrap, interfaceName);
    ChannelFuture bound = bootstrap.bind(address.toInetAddress(), port).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      BindException failure =
          new BindException(
              "DHCP in proxy mode cannot listen on "
                  + address
                  + ":"
                  + port
                  + ": "
                  + bound.cause().getMessage()
                  + "; a DHCP server on this machine must share its port (dnsmasq does with"
                  + " bind-interfaces), see `ss -lunp`, and this process must be allowed to use"
                  + " ports below 1024");
      failure.initCause(bound.cause());
      throw failure;
    }
  }

  /** Tells nodes this from now on. */
  public void replaceConfig(ProxyConfig next) {
    handler.replaceConfig(next);
  }

  /** Counts since the start by name, such as {@code dhcp.sent.offer}. Any thread. */
  public Map<String, Long> counters() {
    return handler.counters().snapshot();
  }

  /** Whether the loop that answers takes work within that time. Waits for it; any other thread. */
  public boolean answers(Duration within) {
    return group.submit(() -> {}).awaitUninterruptibly(within.toMillis());
  }

  /** Stops; not to be called from an event. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
