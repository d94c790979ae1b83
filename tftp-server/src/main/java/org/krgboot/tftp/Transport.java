package org.krgboot.tftp;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The sockets: Linux's own epoll where it loads, else the JDK's. */
final class Transport implements AutoCloseable {
  /** SOL_SOCKET, SO_BINDTODEVICE and IFNAMSIZ of Linux, socket(7). */
  private static final int SOL_SOCKET = 1;

  private static final int SO_BINDTODEVICE = 25;
  private static final int IFNAMSIZ = 16;

  /** Room for the requests of a cluster that is switched on at once. */
  private static final int REQUEST_BUFFER = 1 << 20;

  /** Requests and ACKs fit; what is longer is cut, and refused as too long. */
  private static final int LONGEST_DATAGRAM = 2048;

  private static final int MOST_LOOPS = 4;

  /** Which engine carries the packets. */
  enum Engine {
    EPOLL,
    NIO
  }

  private final Engine engine;
  private final Optional<String> interfaceName;
  private final int trafficClass;
  private final EventLoopGroup loops;

  Transport(Engine engine, TftpConfig config) {
    this.engine = engine;
    this.interfaceName = config.interfaceName();
    this.trafficClass = config.dscp() << 2; // the lower two bits are ECN's, RFC 3168
    IoHandlerFactory io =
        switch (engine) {
          case EPOLL -> EpollIoHandler.newFactory();
          case NIO -> NioIoHandler.newFactory();
        };
    int threads = Math.min(MOST_LOOPS, Runtime.getRuntime().availableProcessors());
    this.loops = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("tftp"), io);
  }

  static Engine best() {
    return Epoll.isAvailable() ? Engine.EPOLL : Engine.NIO;
  }

  Engine engine() {
    return engine;
  }

  /** Whether one system call can send a whole window (UDP_SEGMENT). */
  WindowSender.Sending sending() {
    return engine == Engine.EPOLL && EpollDatagramChannel.isSegmentedDatagramPacketSupported()
        ? WindowSender.Sending.MANY_AT_ONCE
        : WindowSender.Sending.ONE_BY_ONE;
  }

  /** The socket that hears requests. */
  ChannelFuture listen(InetSocketAddress address, ChannelHandler handler) {
    Bootstrap bootstrap = bootstrap(handler).option(ChannelOption.SO_RCVBUF, REQUEST_BUFFER);
    if (engine == Engine.EPOLL && address.getAddress().isAnyLocalAddress()) {
      // Tells to which of our addresses a request was sent: the answer must come from there.
      bootstrap.option(EpollChannelOption.IP_RECVORIGDSTADDR, true);
    }
    return bootstrap.bind(address);
  }

  /** A socket for one transfer, on a port of its own, connected to its client. */
  ChannelFuture open(InetAddress from, InetSocketAddress client, ChannelHandler handler) {
    return bootstrap(handler).connect(client, new InetSocketAddress(from, 0));
  }

  private Bootstrap bootstrap(ChannelHandler handler) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loops)
            .channelFactory(this::channel)
            .option(
                ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(LONGEST_DATAGRAM))
            .option(ChannelOption.IP_TOS, trafficClass)
            .handler(handler);
    if (engine == Engine.EPOLL && interfaceName.isPresent()) {
      ByteBuffer name = ByteBuffer.allocateDirect(IFNAMSIZ);
      name.put(interfaceName.get().getBytes(StandardCharsets.US_ASCII)).rewind();
      bootstrap.option(
          new RawUnixChannelOption("SO_BINDTODEVICE", SOL_SOCKET, SO_BINDTODEVICE, IFNAMSIZ), name);
    }
    return bootstrap;
  }

  private Channel channel() {
    return switch (engine) {
      case EPOLL -> new EpollDatagramChannel(SocketProtocolFamily.INET);
      case NIO -> new NioDatagramChannel(SocketProtocolFamily.INET);
    };
  }

  /** Whether all loops take work within that time; waits for them. */
  boolean answers(Duration within) {
    List<Future<?>> asked = new ArrayList<>();
    loops.forEach(loop -> asked.add(loop.submit(() -> {})));
    long end = System.nanoTime() + within.toNanos();
    return asked.stream()
        .allMatch(done -> done.awaitUninterruptibly(end - System.nanoTime(), TimeUnit.NANOSECONDS));
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
