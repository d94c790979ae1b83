package org.krgboot.nfs;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.krgboot.model.Ipv4;

/** One UDP port and the few threads that serve it: a call that waits for a disk keeps one. */
final class UdpListener implements AutoCloseable {
  private static final int DATAGRAM = 64 << 10;
  private static final int THREADS = 4;

  private final DatagramChannel channel;
  private final Dispatcher dispatcher;
  private final BufferPool pool;
  private final Counters counters;

  private UdpListener(
      DatagramChannel channel, Dispatcher dispatcher, BufferPool pool, Counters counters) {
    this.channel = channel;
    this.dispatcher = dispatcher;
    this.pool = pool;
    this.counters = counters;
  }

  /** Binds and starts to serve; the caller closes it. */
  static UdpListener start(
      InetSocketAddress address, Dispatcher dispatcher, BufferPool pool, Counters counters)
      throws IOException {
    DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
    try {
      channel.bind(address);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    UdpListener listener = new UdpListener(channel, dispatcher, pool, counters);
    for (int i = 0; i < THREADS; i++) {
      Thread.ofPlatform().name(dispatcher.name() + "-udp-" + i).daemon().start(listener::serve);
    }
    return listener;
  }

  int port() {
    return channel.socket().getLocalPort();
  }

  private void serve() {
    BufferPool.Buffer in = pool.take(DATAGRAM);
    XdrWriter out = new XdrWriter(pool);
    while (channel.isOpen()) {
      try {
        ByteBuffer bytes = in.bytes().clear();
        InetSocketAddress from = (InetSocketAddress) channel.receive(bytes);
        answer(from, bytes.flip(), out);
      } catch (MalformedException e) {
        counters.count(dispatcher.name() + ".malformed");
      } catch (IOException | BufferPool.ExhaustedException | OutOfMemoryError e) {
        counters.count(dispatcher.name() + ".udp-failures"); // one datagram is lost: UDP does that
      } finally {
        out.release();
      }
    }
    pool.give(in);
  }

  private void answer(InetSocketAddress from, ByteBuffer message, XdrWriter out)
      throws IOException {
    counters.of(dispatcher.name() + ".bytes-in").add(message.remaining());
    Peer peer =
        new Peer(Ipv4.of(from.getAddress().getAddress()), from.getPort(), Peer.Transport.UDP);
    dispatcher.answer(message, peer, Disk.MAY_WAIT, out);
    if (out.position() > 0) {
      counters.of(dispatcher.name() + ".bytes-out").add(out.position());
      channel.send(out.written(), from);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
