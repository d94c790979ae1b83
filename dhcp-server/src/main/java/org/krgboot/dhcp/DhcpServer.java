package org.krgboot.dhcp;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;

/** The DHCP server of all boot networks, running from {@link #start} to {@link #close}. */
public final class DhcpServer implements AutoCloseable {
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
    return start(config, listen, store, events, clock, address -> false);
  }

  /**
   * The same, where other servers know which nodes are at work.
   *
   * @param inUse true for an address whose node uses it, whatever its lease says; it is then given
   *     to no other. Asked on the server's loop, so it must not wait
   * @throws java.net.BindException if the address or port cannot be had; the message names them
   * @throws IOException if the leases cannot be read or there is no such interface
   */
  public static DhcpServer start(
      DhcpConfig config,
      DhcpListen listen,
      LeaseStore store,
      BootEvent.Sink events,
      InstantSource clock,
      Predicate<Ipv4> inUse)
      throws IOException {
    List<Binding> saved = store.load();
    DhcpChannels channels = new DhcpChannels(listen);
    GroupCommit commits = new GroupCommit(store, channels.loop(), clock);
    DhcpHandler handler =
        new DhcpHandler(World.of(config, saved, inUse), saved, commits, events, clock);
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
