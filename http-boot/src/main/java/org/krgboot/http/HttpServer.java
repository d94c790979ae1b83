package org.krgboot.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.krgboot.model.BootEvent;
import org.krgboot.model.BootFileTree;
import org.krgboot.model.RefusalThrottle;

/** Sends boot files by HTTP, and by HTTPS if there is a certificate. */
public final class HttpServer implements AutoCloseable {
  /** Of a request line and of all its headers together: no boot client sends a tenth of it. */
  private static final int LONGEST_LINE = 4096;

  private static final int LONGEST_HEADERS = 8192;

  private final Transport transport;
  private final ExecutorService disk;
  private final Services services;
  private final Connections connections;
  private final List<Channel> listening = new ArrayList<>();

  private HttpServer(Transport transport, ExecutorService disk, Services services) {
    this.transport = transport;
    this.disk = disk;
    this.services = services;
    this.connections = new Connections(services.config().limits(), services.counters());
  }

  /**
   * Begins to serve.
   *
   * @param tree asked on threads that may block; only its files are ever read
   * @param clock for the time in events and answers
   * @throws BindException if a port cannot be had; names address and port
   * @throws IOException if certificate or key cannot be used; the message names them
   */
  public static HttpServer start(
      HttpConfig config, BootFileTree tree, BootEvent.Sink sink, InstantSource clock)
      throws IOException {
    return start(config, tree, sink, clock, Transport.best());
  }

  static HttpServer start(
      HttpConfig config,
      BootFileTree tree,
      BootEvent.Sink sink,
      InstantSource clock,
      Transport.Engine engine)
      throws IOException {
    Optional<SslContext> tls =
        config.tls().isPresent() ? Optional.of(context(config.tls().get())) : Optional.empty();
    ExecutorService disk =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-disk-", 0).factory());
    Services services =
        new Services(config, tree, sink, clock, disk, new Counters(), new RefusalThrottle());
    HttpServer server = new HttpServer(new Transport(engine), disk, services);
    try {
      server.listen(config.port(), null);
      if (tls.isPresent()) {
        server.listen(config.tls().orElseThrow().port(), tls.get());
      }
      return server;
    } catch (BindException e) {
      server.close();
      throw e;
    }
  }

  private static SslContext context(HttpConfig.Tls tls) throws IOException {
    try {
      return SslContextBuilder.forServer(tls.certificate().toFile(), tls.key().toFile())
          .sslProvider(SslProvider.JDK)
          .build();
    } catch (IOException | IllegalArgumentException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "http: certificate "
              + tls.certificate()
              + " with key "
              + tls.key()
              + " cannot be used: "
              + cause.getMessage()
              + " (both are PEM files, the key is PKCS #8 without a password)",
          e);
    }
  }

  private void listen(int port, @Nullable SslContext tls) throws BindException {
    InetSocketAddress address =
        new InetSocketAddress(services.config().listen().toInetAddress(), port);
    ChannelFuture bound = transport.listen(address, new Pipeline(tls)).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      BindException failure =
          new BindException(
              "cannot hear HTTP on "
                  + services.config().listen()
                  + ":"
                  + port
                  + ": "
                  + bound.cause().getMessage());
      failure.initCause(bound.cause());
      throw failure;
    }
    listening.add(bound.channel());
  }

  /** What a connection consists of, from the wire inwards. */
  private final class Pipeline extends ChannelInitializer<SocketChannel> {
    private final @Nullable SslContext tls;

    Pipeline(@Nullable SslContext tls) {
      this.tls = tls;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      ChannelPipeline pipeline = channel.pipeline();
      pipeline.addLast(connections);
      long idle = services.config().limits().idle().toMillis();
      pipeline.addLast(new IdleStateHandler(true, 0, 0, idle, TimeUnit.MILLISECONDS));
      if (tls != null) {
        pipeline.addLast(tls.newHandler(channel.alloc()));
      }
      HttpDecoderConfig limits =
          new HttpDecoderConfig()
              .setMaxInitialLineLength(LONGEST_LINE)
              .setMaxHeaderSize(LONGEST_HEADERS);
      pipeline.addLast(new HttpServerCodec(limits));
      pipeline.addLast(new ChunkedWriteHandler());
      pipeline.addLast(
          new RequestHandler(
              services,
              tls == null ? RequestHandler.Way.SENDFILE : RequestHandler.Way.THROUGH_MEMORY));
    }
  }

  /** The port that requests are heard on; the kernel's choice if the configured one was 0. */
  public int port() {
    return portOf(listening.getFirst());
  }

  /** The port of HTTPS, if there is a certificate. */
  public OptionalInt tlsPort() {
    return listening.size() < 2 ? OptionalInt.empty() : OptionalInt.of(portOf(listening.get(1)));
  }

  private static int portOf(Channel channel) {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** What was counted since the start, by meter name; "http.connections" is a gauge. */
  public Map<String, Long> counters() {
    return services.counters().snapshot(connections.count());
  }

  /** Whether all loops take work within that time. Waits for them; any other thread. */
  public boolean answers(Duration within) {
    return transport.answers(within);
  }

  /** Ends all connections, as a power cut would: clients ask again. */
  @Override
  public void close() {
    listening.forEach(channel -> channel.close().awaitUninterruptibly(5, TimeUnit.SECONDS));
    transport.close();
    disk.shutdown();
    try {
      if (!disk.awaitTermination(5, TimeUnit.SECONDS)) {
        disk.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      disk.shutdownNow();
    }
  }
}
