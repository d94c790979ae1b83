package org.krgboot.dhcp;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.krgboot.model.Ipv4;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two sockets of each interface, all on one loop. The one at the server's own address hears
 * unicast and sends everything: so broadcasts leave by the right interface, and come from the
 * server's address and port. The one at 0.0.0.0 hears broadcasts, which the other never does; bound
 * to its interface by native epoll, it hears those of no other.
 */
final class DhcpChannels implements AutoCloseable {
  /** Where a channel is, and how what it hears is answered. */
  record Place(DhcpListen.Link link, Arrival.Cast cast, Optional<Channel> sender) {}

  static final AttributeKey<Place> PLACE = AttributeKey.valueOf(DhcpChannels.class, "place");

  private static final Logger LOG = LoggerFactory.getLogger(DhcpChannels.class);

  /** Takes in a boot storm of thousands of nodes; Linux caps it at net.core.rmem_max. */
  private static final int RECEIVE_BUFFER = 4 << 20;

  /** Longer than any sane request; the rest of a longer datagram is cut off, and refused. */
  private static final int MAX_REQUEST = 4096;

  private final DhcpListen listen;
  private final boolean epoll = Epoll.isAvailable();
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  private int port;

  DhcpChannels(DhcpListen listen) {
    this.listen = listen;
  }

  /** The one loop that all channels are on. */
  Executor loop() {
    return group;
  }

  /** The port of the server, known once it is bound. */
  int port() {
    return port;
  }

  /**
   * Binds all sockets; {@code handler} hears from then on.
   *
   * @throws BindException if an address or the port cannot be had
   * @throws IOException if there is no such interface, or several cannot be told apart
   */
  void bind(DhcpHandler handler) throws IOException {
    if (listen.links().size() > 1 && !epoll) {
      throw new IOException(
          "DHCP on several interfaces needs native epoll, which cannot be loaded ("
              + Epoll.unavailabilityCause().getMessage()
              + "): without it nobody knows which interface heard a broadcast; serve one interface");
    }
    port = listen.port();
    for (DhcpListen.Link link : listen.links()) {
      bind(handler, link);
    }
  }

  private void bind(DhcpHandler handler, DhcpListen.Link link) throws IOException {
    if (link.interfaceName().isPresent()) {
      requireInterface(link.interfaceName().get());
    }
    // Without SO_REUSEADDR, so that another DHCP server on this machine is noticed.
    Place unicast = new Place(link, Arrival.Cast.TO_US, Optional.empty());
    Channel own = bind(bootstrap(handler, unicast), link.address(), port);
    own.config().setOption(ChannelOption.SO_REUSEADDR, true);
    port = ((InetSocketAddress) own.localAddress()).getPort();
    Place broadcast = new Place(link, Arrival.Cast.TO_ALL, Optional.of(own));
    bind(bootstrap(handler, broadcast).option(ChannelOption.SO_REUSEADDR, true), Ipv4.ANY, port);
    warnOfSmallBuffer(own);
  }

  private Bootstrap bootstrap(DhcpHandler handler, Place place) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(group)
            .handler(handler)
            .attr(PLACE, place)
            .option(ChannelOption.SO_BROADCAST, true)
            .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_REQUEST));
    if (!epoll) {
      return bootstrap.channelFactory(() -> new NioDatagramChannel(SocketProtocolFamily.INET));
    }
    place.link().interfaceName().ifPresent(name -> InterfaceBinding.bind(bootstrap, name));
    return bootstrap.channelFactory(() -> new EpollDatagramChannel(SocketProtocolFamily.INET));
  }

  private void requireInterface(String name) throws IOException {
    if (NetworkInterface.getByName(name) == null) {
      throw new IOException("there is no network interface '" + name + "'; see `ip link`");
    }
    if (!epoll) {
      LOG.warn(
          "DHCP hears all interfaces and not only {}, since native epoll cannot be loaded: {}",
          name,
          Epoll.unavailabilityCause().getMessage());
    }
  }

  private static Channel bind(Bootstrap bootstrap, Ipv4 address, int port) throws BindException {
    ChannelFuture bound = bootstrap.bind(address.toInetAddress(), port).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw cannotBind(address, port, bound.cause());
    }
    return bound.channel();
  }

  private static BindException cannotBind(Ipv4 address, int port, Throwable cause) {
    BindException failure =
        new BindException(
            "DHCP cannot listen on "
                + address
                + ":"
                + port
                + ": "
                + cause.getMessage()
                + "; see `ss -lunp` for another DHCP server, `ip address` for the address, and"
                + " whether this process may use ports below 1024");
    failure.initCause(cause);
    return failure;
  }

  private static void warnOfSmallBuffer(Channel channel) {
    Integer size = channel.config().getOption(ChannelOption.SO_RCVBUF);
    if (size != null && size < RECEIVE_BUFFER / 4) {
      LOG.warn(
          "the receive buffer has {} bytes only, a storm of booting nodes may overflow it;"
              + " set net.core.rmem_max={} with sysctl",
          size,
          RECEIVE_BUFFER);
    }
  }

  /** Ends the loop and with it the sockets. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
