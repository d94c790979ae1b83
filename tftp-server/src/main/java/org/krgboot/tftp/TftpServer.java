package org.krgboot.tftp;

import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.krgboot.linux.UdpSockets;
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
  private final RequestHandler requests;
  private final int port;

  private TftpServer(
      Transport transport,
      ExecutorService disk,
      Services services,
      RequestHandler requests,
      int port) {
    this.transport = transport;
    this.disk = disk;
    this.services = services;
    this.requests = requests;
    this.port = port;
  }

  /**
   * Begins to serve.
   *
   * @param tree asked on threads that may block; only its files are ever read
   * @param clock for the time in events
   * @throws BindException if the port cannot be had; names address and port
   * @throws IOException if requests could not be heard
   */
  public static TftpServer start(
      TftpConfig config, BootFileTree tree, BootEvent.Sink sink, InstantSource clock)
      throws IOException {
    ExecutorService disk =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("tftp-disk-", 0).factory());
    Services services = new Services(config, tree, sink, clock, disk);
    Transport transport = new Transport(config, services.bugs());
    try {
      int socket = transport.listen(config.listen(), config.port());
      int port = UdpSockets.port(socket);
      RequestHandler requests =
          new RequestHandler(services, transport, transport.nextLoop(), socket);
      requests.start();
      LOG.debug("tftp: hears {}:{}", config.listen(), port);
      return new TftpServer(transport, disk, services, requests, port);
    } catch (IOException | RuntimeException | Error e) {
      transport.close();
      disk.close();
      throw e;
    }
  }

  /** The port that requests are heard on; the kernel's choice if the configured one was 0. */
  public int port() {
    return port;
  }

  /** What was counted since the start, by meter name; "tftp.active" is a gauge. */
  public Map<String, Long> counters() {
    return services.counters().snapshot(services.active().size());
  }

  /**
   * Whether requests are heard and all loops take work within that time. Waits for them; any other
   * thread.
   */
  public boolean answers(Duration within) {
    return requests.hears() && transport.answers(within);
  }

  /** Ends all transfers without a word, as a power cut would: clients ask again. */
  @Override
  public void close() {
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
