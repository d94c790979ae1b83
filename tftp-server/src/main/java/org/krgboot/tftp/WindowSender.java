package org.krgboot.tftp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;

/**
 * Writes DATA blocks to one client. Where the kernel can (UDP_SEGMENT), many blocks go down in one
 * system call and are cut into datagrams there.
 */
final class WindowSender {
  /** UDP_MAX_SEGMENTS of Linux before 6.9. */
  private static final int MOST_SEGMENTS = 64;

  /** What fits into one IPv4 datagram before it is cut. */
  private static final int MOST_BYTES = 65_000;

  /** A larger segment than a frame cannot be cut off by the kernel. */
  private static final int LARGEST_SEGMENT = 1472;

  /** How blocks go down to the kernel. */
  enum Sending {
    MANY_AT_ONCE,
    ONE_BY_ONE
  }

  private final InetSocketAddress client;
  private final Counters counters;
  private Sending sending;

  WindowSender(InetSocketAddress client, Counters counters, Sending sending) {
    this.client = client;
    this.counters = counters;
    this.sending = sending;
  }

  void send(ChannelHandlerContext ctx, TransferPlan plan, ReadAhead ahead, long first, long last) {
    int segment = TftpCodec.DATA_HEADER + plan.blockSize();
    int batch =
        sending == Sending.MANY_AT_ONCE && segment <= LARGEST_SEGMENT
            ? Math.min(MOST_SEGMENTS, MOST_BYTES / segment)
            : 1;
    long end;
    for (long block = first; block <= last; block = end + 1) {
      end = ahead.lastBeside(block, Math.min(last, block + batch - 1));
      ByteBuf out = ahead.datagrams(block, end);
      counters.onTheWire.add(out.readableBytes());
      // Without a recipient: the socket is connected.
      Object packet = end == block ? out : new SegmentedDatagramPacket(out, segment, null, client);
      ctx.write(packet)
          .addListener(done -> {
            if (!done.isSuccess()) {
              counters.sendErrors.increment();
              // A tunnel's smaller MTU is refused here. The timer repeats the blocks one by
              // one, and the kernel fragments them.
              sending = Sending.ONE_BY_ONE;
            }
          });
    }
    ctx.flush();
  }
}
