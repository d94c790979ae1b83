package org.krgboot.nfs;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.krgboot.model.Ipv4;

/**
 * One client's connection, served by one thread: read, answer all whole records that came, write
 * once. A client that does not read its replies stops only this thread.
 */
final class TcpConnection {
  private static final int LAST_FRAGMENT = 0x8000_0000;

  /** Replies are sent before they grow beyond this, so a client gets at most this much ahead. */
  private static final int FLUSH_AT = 128 << 10;

  /** What the thread waits for. */
  private enum Wait {
    NEXT_CALL,
    REST_OF_CALL,
    CLIENT_TO_READ,
    OURSELVES
  }

  private final SocketChannel channel;
  private final Dispatcher dispatcher;
  private final BufferPool pool;
  private final Limits limits;
  private final Counters counters;
  private volatile boolean finishing;
  private volatile Wait wait = Wait.OURSELVES;
  private volatile long since = System.nanoTime();

  /** When the first bytes of an unfinished call came: drops that follow gain its sender no time. */
  private long callBegan = since;

  TcpConnection(
      SocketChannel channel,
      Dispatcher dispatcher,
      BufferPool pool,
      Limits limits,
      Counters counters) {
    this.channel = channel;
    this.dispatcher = dispatcher;
    this.pool = pool;
    this.limits = limits;
    this.counters = counters;
  }

  boolean isFrom(InetAddress client) {
    return client.equals(channel.socket().getInetAddress());
  }

  /** Empty once it is closed. */
  Optional<Ipv4> client() {
    return channel.socket().getInetAddress() instanceof Inet4Address address
        ? Optional.of(Ipv4.of(address))
        : Optional.empty();
  }

  /** Serves until the client leaves or breaks the rules. */
  void run() {
    try (channel) {
      converse();
    } catch (IOException e) {
      counters.count(dispatcher.name() + ".connections-lost");
    }
  }

  private void converse() throws IOException {
    InetSocketAddress remote = (InetSocketAddress) channel.getRemoteAddress();
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    Ipv4 address = Ipv4.of(remote.getAddress().getAddress());
    try {
      serve(new Peer(address, remote.getPort(), Peer.Transport.TCP));
    } catch (MalformedException e) {
      counters.count(dispatcher.name() + ".malformed");
    } catch (BufferPool.ExhaustedException | OutOfMemoryError e) {
      counters.count(dispatcher.name() + ".out-of-buffers");
    }
  }

  private void serve(Peer peer) throws IOException {
    RecordStream records = new RecordStream(pool, limits.maxRecord());
    XdrWriter out = new XdrWriter(pool);
    try {
      while (read(records)) {
        for (ByteBuffer record = next(records); record != null; record = next(records)) {
          answer(record, peer, out);
          if (out.position() >= FLUSH_AT) {
            write(out);
          }
        }
        write(out);
        out.release();
      }
    } finally {
      out.release();
      records.release();
    }
  }

  private @Nullable ByteBuffer next(RecordStream records) {
    return finishing ? null : records.next();
  }

  private boolean read(RecordStream records) throws IOException {
    ByteBuffer room = records.room();
    boolean unfinished = records.isUnfinished();
    if (unfinished) {
      enter(Wait.REST_OF_CALL, callBegan);
    } else {
      enter(Wait.NEXT_CALL);
    }
    int count = channel.read(room);
    enter(Wait.OURSELVES);
    if (!unfinished) {
      callBegan = since;
    }
    if (count > 0) {
      counters.of(dispatcher.name() + ".bytes-in").add(count);
    }
    return count >= 0;
  }

  private void answer(ByteBuffer record, Peer peer, XdrWriter out) {
    int mark = out.position();
    out.u32(0);
    dispatcher.answer(record, peer, out);
    int length = out.position() - mark - 4;
    if (length == 0) {
      out.rewind(mark);
    } else {
      out.patch(mark, LAST_FRAGMENT | length);
    }
    callBegan = System.nanoTime(); // of the next one, if part of it is there
  }

  private void write(XdrWriter out) throws IOException {
    ByteBuffer replies = out.written();
    counters.of(dispatcher.name() + ".bytes-out").add(replies.remaining());
    while (replies.hasRemaining()) {
      enter(Wait.CLIENT_TO_READ);
      channel.write(replies);
    }
    enter(Wait.OURSELVES);
    out.rewind(0);
  }

  private void enter(Wait next) {
    enter(next, System.nanoTime());
  }

  private void enter(Wait next, long began) {
    since = began;
    wait = next;
  }

  boolean isOverdue(long now) {
    Wait what = wait; // before its time: a later time does no harm
    long waited = now - since;
    return switch (what) {
      case NEXT_CALL -> waited > limits.idle().toNanos();
      case REST_OF_CALL, CLIENT_TO_READ -> waited > limits.stall().toNanos();
      case OURSELVES -> false;
    };
  }

  /** Takes no more calls; the one that is being answered gets its answer, then the thread ends. */
  void finish() {
    finishing = true;
    try {
      channel.shutdownInput();
    } catch (IOException e) {
      close();
    }
  }

  /** Ends the thread too, wherever it waits for the client. */
  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      counters.count(dispatcher.name() + ".connections-lost");
    }
  }
}
