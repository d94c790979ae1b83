package org.krgboot.tftp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.krgboot.model.BootEvent;
import org.krgboot.model.BootFileTree;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends boot files by TFTP. */
public final class TftpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TftpServer.class);

  private final Transport transport;
  private final ExecutorService disk;
  private final Services services;
  private final Channel requests;

  private TftpServer(
      Transport transport, ExecutorService disk, Services services, Channel requests) {
    this.transport = transport;
    this.disk = disk;
    this.services = services;
    this.requests = requests;
  }

  /**
   * Begins to serve.
   *
   * @param tree asked on threads that may block; only its files are ever read
   * @param clock for the time in events
   * @throws BindException if the port cannot be had; names address and port
   */
  public static TftpServer start(
      TftpConfig config, BootFileTree tree, BootEvent.Sink sink, InstantSource clock)
      throws IOException {
    return start(config, tree, sink, clock, Transport.best());
  }

  static TftpServer start(
      TftpConfig config,
      BootFileTree tree,
      BootEvent.Sink sink,
      InstantSource clock,
      Transport.Engine engine)
      throws IOException {
    ExecutorService disk =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("tftp-disk-", 0).factory());
    Services services = new Services(config, tree, sink, clock, disk);
    Transport transport = new Transport(engine, config);
    InetSocketAddress address =
        new InetSocketAddress(config.listen().toInetAddress(), config.port());
    ChannelFuture bound =
        transport.listen(address, new RequestHandler(services, transport)).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      transport.close();
      disk.close();
      BindException failure =
          new BindException(
              "cannot hear TFTP on "
                  + config.listen()
                  + ":"
                  + config.port()
                  + ": "
                  + bound.cause().getMessage());
      failure.initCause(bound.cause());
      throw failure;
    }
    if (engine == Transport.Engine.NIO && config.interfaceName().isPresent()) {
      LOG.warn("tftp: without epoll all interfaces are served, not only the configured one");
    }
    LOG.debug("tftp: hears {} ({})", bound.channel().localAddress(), engine);
    return new TftpServer(transport, disk, services, bound.channel());
  }

  /** The port that requests are heard on; the kernel's choice if the configured one was 0. */
  public int port() {
    return ((InetSocketAddress) requests.localAddress()).getPort();
  }

  /** What was counted since the start, by meter name; "tftp.active" is a gauge. */
  public Map<String, Long> counters() {
    return services.counters().snapshot(services.active().size());
  }

  /** Whether all loops take work within that time. Waits for them; any other thread. */
  public boolean answers(Duration within) {
    return transport.answers(within);
  }

  /** Ends all transfers without a word, as a power cut would: clients ask again. */
  @Override
  public void close() {
    requests.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
    services.active().values().forEach(TransferHandler::supersede);
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
