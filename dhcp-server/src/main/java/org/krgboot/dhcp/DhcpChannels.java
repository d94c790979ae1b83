package org.krgboot.dhcp;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.krgboot.model.Ipv4;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets of each interface, all on one loop. Those at the server's own addresses, mostly one,
 * hear unicast and send everything: so broadcasts leave by the right interface, and come from the
 * server's address and port. The one at 0.0.0.0 hears broadcasts, which the others never do; bound
 * to its interface by native epoll, it hears those of no other.
 */
final class DhcpChannels implements AutoCloseable {
  /**
   * Where a channel is.
   *
   * @param own the channels at our addresses on that interface, by address
   */
  record Place(DhcpListen.Link link, Arrival.Cast cast, Map<Ipv4, Channel> own) {
    /** What a reply leaves by: from the address that the node is told, if it is one of ours. */
    Channel sender(Optional<Ipv4> serverId, Channel heardBy) {
      Channel byDefault =
          switch (cast) {
            case TO_US -> heardBy;
            case TO_ALL -> own.getOrDefault(link.address(), heardBy);
          };
      return serverId.isEmpty() ? byDefault : own.getOrDefault(serverId.get(), byDefault);
    }
  }

  static final AttributeKey<Place> PLACE = AttributeKey.valueOf(DhcpChannels.class, "place");

  private static final Logger LOG = LoggerFactory.getLogger(DhcpChannels.class);

  /** Takes in a boot storm of thousands of nodes; Linux caps it at net.core.rmem_max. */
  private static final int RECEIVE_BUFFER = 4 << 20;

  /** Longer than any sane request; the rest of a longer datagram is cut off, and refused. */
  private static final int MAX_REQUEST = 4096;

  /** Datagrams that one system call reads, where epoll is. */
  private static final int AT_ONCE = 16;

  private static final int SOL_SOCKET = 1;

  /** {@code SO_RCVBUFFORCE} of Linux: more than net.core.rmem_max, for who may. */
  private static final IntegerUnixChannelOption RECEIVE_BUFFER_FORCED =
      new IntegerUnixChannelOption("SO_RCVBUFFORCE", SOL_SOCKET, 33);

  /** {@code SO_MEMINFO} of Linux: nine 32-bit numbers, the last of them counts drops. */
  private static final RawUnixChannelOption MEMORY_INFO =
      new RawUnixChannelOption("SO_MEMINFO", SOL_SOCKET, 55, 36);

  private static final int DROPS = 32;

  private final DhcpListen listen;
  private final List<Channel> bound = new CopyOnWriteArrayList<>();
  private final boolean epoll = Epoll.isAvailable();
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  private int port;

  DhcpChannels(DhcpListen listen) {
    this.listen = listen;
  }

  /** The one loop that all channels are on. */
  EventLoopGroup loop() {
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
    Map<Ipv4, Channel> own = new ConcurrentHashMap<>();
    bindOwn(handler, link, link.address(), own);
    for (Ipv4 other : link.others()) {
      bindOwn(handler, link, other, own);
    }
    Place broadcast = new Place(link, Arrival.Cast.TO_ALL, own);
    Bootstrap all = bootstrap(handler, broadcast).option(ChannelOption.SO_REUSEADDR, true);
    Channel heard = bind(all, Ipv4.ANY, port);
    bound.add(heard);
    bound.forEach(DhcpChannels::widen);
    warnOfSmallBuffer(heard);
  }

  /** Without SO_REUSEADDR at first, so that another DHCP server on this machine is noticed. */
  private void bindOwn(
      DhcpHandler handler, DhcpListen.Link link, Ipv4 address, Map<Ipv4, Channel> own)
      throws BindException {
    Place unicast = new Place(link, Arrival.Cast.TO_US, own);
    Channel made = bind(bootstrap(handler, unicast), address, port);
    bound.add(made);
    own.put(address, made);
    made.config().setOption(ChannelOption.SO_REUSEADDR, true);
    port = ((InetSocketAddress) made.localAddress()).getPort();
  }

  private Bootstrap bootstrap(DhcpHandler handler, Place place) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(group)
            .handler(handler)
            .attr(PLACE, place)
            .option(ChannelOption.SO_BROADCAST, true)
            .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(epoll ? MAX_REQUEST * AT_ONCE : MAX_REQUEST));
    if (!epoll) {
      return bootstrap.channelFactory(() -> new NioDatagramChannel(SocketProtocolFamily.INET));
    }
    bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, MAX_REQUEST);
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

  private static void widen(Channel channel) {
    Integer size = channel.config().getOption(ChannelOption.SO_RCVBUF);
    if (channel instanceof EpollDatagramChannel && size != null && size < RECEIVE_BUFFER) {
      try {
        channel.config().setOption(RECEIVE_BUFFER_FORCED, RECEIVE_BUFFER);
      } catch (ChannelException e) {
        LOG.debug("the receive buffer stays as it is: {}", e.getMessage());
      }
    }
  }

  /**
   * Datagrams that came faster than they were read, and were lost by it. Any thread.
   *
   * @return empty where native epoll is not
   */
  OptionalLong receiveDrops() {
    if (!epoll) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(bound.stream().mapToLong(DhcpChannels::drops).sum());
  }

  private static long drops(Channel channel) {
    try {
      ByteBuffer info = channel.config().getOption(MEMORY_INFO);
      return info == null
          ? 0
          : Integer.toUnsignedLong(info.order(ByteOrder.nativeOrder()).getInt(DROPS));
    } catch (ChannelException e) {
      return 0; // closed
    }
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
