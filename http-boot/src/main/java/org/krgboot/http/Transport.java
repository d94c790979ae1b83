package org.krgboot.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The sockets: Linux's own epoll where it loads, else the JDK's. Both have sendfile(2). */
final class Transport implements AutoCloseable {
  private static final int MOST_LOOPS = 4;

  /** Nodes of a cluster that is switched on at once connect within one second. */
  private static final int BACKLOG = 1024;

  /** Which engine carries the packets. */
  enum Engine {
    EPOLL,
    NIO
  }

  private final Engine engine;
  private final EventLoopGroup loops;

  Transport(Engine engine) {
    this.engine = engine;
    IoHandlerFactory io =
        switch (engine) {
          case EPOLL -> EpollIoHandler.newFactory();
          case NIO -> NioIoHandler.newFactory();
        };
    int threads = Math.min(MOST_LOOPS, Runtime.getRuntime().availableProcessors());
    this.loops = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("http"), io);
  }

  static Engine best() {
    return Epoll.isAvailable() ? Engine.EPOLL : Engine.NIO;
  }

  ChannelFuture listen(InetSocketAddress address, ChannelInitializer<SocketChannel> connection) {
    return new ServerBootstrap()
        .group(loops)
        .channelFactory(this::channel)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(connection)
        .bind(address);
  }

  private ServerChannel channel() {
    return switch (engine) {
      case EPOLL -> new EpollServerSocketChannel(SocketProtocolFamily.INET);
      case NIO ->
          new NioServerSocketChannel(
              java.nio.channels.spi.SelectorProvider.provider(), SocketProtocolFamily.INET);
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
