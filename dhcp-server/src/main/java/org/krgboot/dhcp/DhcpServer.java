package org.krgboot.dhcp;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Lease;

/** The DHCP server of all boot networks, running from {@link #start} to {@link #close}. */
public final class DhcpServer implements AutoCloseable {
  private static final long LONGEST_CHANGE = TimeUnit.SECONDS.toMillis(30);

  private final DhcpChannels channels;
  private final GroupCommit commits;
  private final DhcpHandler handler;

  private DhcpServer(DhcpChannels channels, GroupCommit commits, DhcpHandler handler) {
    this.channels = channels;
    this.commits = commits;
    this.handler = handler;
  }

  /**
   * Loads the leases, binds the sockets and answers. The store is used until {@link #close}, and
   * stays the caller's to close.
   *
   * @param events hears what nodes do, on the server's loop
   * @throws java.net.BindException if the address or port cannot be had; the message names them
   * @throws IOException if the leases cannot be read or there is no such interface
   */
  public static DhcpServer start(
      DhcpConfig config,
      DhcpListen listen,
      LeaseStore store,
      BootEvent.Sink events,
      InstantSource clock)
      throws IOException {
    return start(config, listen, store, events, clock, Surroundings.UNKNOWN);
  }

  /**
   * The same, where others know of the nodes too.
   *
   * @throws java.net.BindException if the address or port cannot be had; the message names them
   * @throws IOException if the leases cannot be read or there is no such interface
   */
  public static DhcpServer start(
      DhcpConfig config,
      DhcpListen listen,
      LeaseStore store,
      BootEvent.Sink events,
      InstantSource clock,
      Surroundings surroundings)
      throws IOException {
    List<Binding> saved = store.load();
    DhcpChannels channels = new DhcpChannels(listen);
    GroupCommit commits = new GroupCommit(store, channels.loop(), clock);
    DhcpHandler handler =
        new DhcpHandler(World.of(config, saved, surroundings), saved, commits, events, clock);
    commits.start(handler::follow);
    handler.start();
    DhcpServer server = new DhcpServer(channels, commits, handler);
    try {
      channels.bind(handler);
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /**
   * Serves the same nodes by another configuration from one moment on. Leases and offers stay,
   * where their addresses are still of one of the networks; a node that works at an address keeps
   * it.
   *
   * @throws IOException if the server does not run any more
   */
  public void replaceConfig(DhcpConfig next) throws IOException {
    var done = channels.loop().submit(() -> handler.replaceConfig(next));
    if (!done.awaitUninterruptibly(LONGEST_CHANGE) && !done.cancel(false)) {
      done.awaitUninterruptibly(LONGEST_CHANGE); // it has begun, and is short
    }
    if (!done.isDone()) {
      throw new IOException("it is not known whether DHCP has its new configuration: it hangs");
    }
    if (!done.isSuccess()) {
      throw new IOException(
          "DHCP did not take its new configuration: "
              + (done.isCancelled() ? "it does not answer" : String.valueOf(done.cause())));
    }
  }

  /** The port that it listens on. */
  public int port() {
    return channels.port();
  }

  /** All leases that are on disk, also those that have run out. Any thread. */
  public List<Lease> leases() {
    return handler.leases();
  }

  /** Counts since the start by name, such as {@code dhcp.sent.offer}. Any thread. */
  public Map<String, Long> counters() {
    Map<String, Long> all = handler.counters().snapshot();
    channels.receiveDrops().ifPresent(drops -> all.put("dhcp.dropped.receive-buffer", drops));
    return all;
  }

  /** Whether the loop that answers takes work within that time. Waits for it; any other thread. */
  public boolean answers(Duration within) {
    return channels.loop().submit(() -> {}).awaitUninterruptibly(within.toMillis());
  }

  /** Writes and answers what waits for the disk, then stops. Not to be called from an event. */
  @Override
  public void close() {
    handler.stopProbes();
    commits.close();
    channels.loop().submit(handler::stop).awaitUninterruptibly(2, TimeUnit.SECONDS);
    channels.close();
  }
}
