import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * One connection with a number of calls in flight. Looks at the heads of replies only, so that the load costs
 * little beside the server. One thread runs all connections.
 */
final class Connection implements AutoCloseable {
  /** Calls shorter than this are sent together. */
  private static final int SMALL = 1 << 10;

  private static final int MARK = 4;

  /** Shared: bytes do not stay in it. */
  private static final ByteBuffer in = ByteBuffer.allocateDirect(1 << 20);

  private static final ByteBuffer batch = ByteBuffer.allocateDirect(128 << 10);

  final SocketChannel channel;
  private final Load load;
  private final long[] sentAt;
  private final Histogram latencies;
  private ByteBuffer head = ByteBuffer.allocate(64 << 10);
  private int length = -1;
  private int missing;
  private int nextXid;
  int inFlight;
  long units;
  long replies;

  Connection(InetSocketAddress server, Load load, int depth, Histogram latencies) throws IOException {
    this.channel = SocketChannel.open(server);
    this.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    this.load = load;
    this.sentAt = new long[depth];
    this.latencies = latencies;
    head.limit(MARK);
  }

  /** Sends the first calls of all slots. */
  void start(long calls) throws IOException {
    for (int slot = 0; slot < sentAt.length && slot < calls; slot++) {
      send(slot);
    }
    flush();
  }

  private void send(int slot) throws IOException {
    ByteBuffer call = load.next(slot).rewind();
    call.putInt(Calls.XID_AT, nextXid++ * sentAt.length + slot);
    inFlight++;
    if (call.limit() >= SMALL) {
      flush();
    }
    sentAt[slot] = System.nanoTime();
    if (call.limit() >= SMALL) {
      write(call);
    } else {
      if (batch.remaining() < call.limit()) {
        flush();
      }
      batch.put(call);
    }
  }

  private void flush() throws IOException {
    write(batch.flip());
    batch.clear();
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes); // many connections send small calls only: those fit into the socket at once
    }
  }

  /**
   * Takes what has come and sends a call for each reply while there are some left.
   *
   * @param callsLeft how many more calls may be sent
   * @return how many were sent
   */
  long receive(long callsLeft) throws IOException {
    in.clear();
    if (channel.read(in) < 0) {
      throw new EOFException("the server closed a connection with " + inFlight + " calls in flight");
    }
    in.flip();
    long sent = 0;
    while (in.hasRemaining()) {
      if (missing > 0 && !head.hasRemaining()) { // the part of a reply that nobody looks at
        int skipped = Math.min(missing, in.remaining());
        in.position(in.position() + skipped);
        missing -= skipped;
      } else {
        int count = Math.min(head.remaining(), in.remaining());
        head.put(head.position(), in, in.position(), count).position(head.position() + count);
        in.position(in.position() + count);
        if (length >= 0) {
          missing -= count;
        }
      }
      sent += advance(callsLeft - sent);
    }
    flush();
    return sent;
  }

  private long advance(long callsLeft) throws IOException {
    if (head.hasRemaining()) {
      return 0;
    }
    if (length < 0) {
      if (head.getInt(0) >= 0) {
        throw new IOException("a reply in fragments");
      }
      length = head.getInt(0) & 0x7fffffff;
      missing = length;
      int wanted = load.wanted(length);
      if (wanted > head.capacity()) {
        head = ByteBuffer.allocate(wanted);
      }
      head.clear().limit(wanted);
      return 0;
    }
    if (missing > 0) {
      return 0;
    }
    int slot = Integer.remainderUnsigned(head.getInt(0), sentAt.length);
    latencies.add(System.nanoTime() - sentAt[slot]);
    units += load.take(slot, head.rewind(), length);
    replies++;
    inFlight--;
    length = -1;
    head.clear().limit(MARK);
    if (callsLeft > 0) {
      send(slot);
      return 1;
    }
    return 0;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
