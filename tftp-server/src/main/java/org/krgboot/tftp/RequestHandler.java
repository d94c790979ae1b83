package org.krgboot.tftp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.tftp.TftpPacket.ErrorCode;
import org.krgboot.tftp.TftpPacket.ReadRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears requests on the well-known port and gives each a transfer on a port of its own. */
final class RequestHandler extends SimpleChannelInboundHandler<DatagramPacket> {
  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

  private final Services services;
  private final Transport transport;
  private @Nullable Door door;

  RequestHandler(Services services, Transport transport) {
    this.services = services;
    this.transport = transport;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    door = new Door(services, transport, ctx.channel().eventLoop());
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket datagram) {
    InetSocketAddress client = datagram.sender();
    if (client.getPort() == 0 || toAll(datagram)) {
      services.counters().malformed.increment();
      return;
    }
    switch (TftpCodec.decode(datagram.content())) {
      case ReadRequest request -> start(request, client, asked(datagram));
      case TftpPacket.WriteRequest(String file) -> {
        services.counters().refused.increment();
        services.tellRefused(
            client,
            file,
            BootEvent.Refusal.FORBIDDEN,
            "the node wanted to write; this server only sends");
        refuse(ctx, client, ErrorCode.ACCESS_VIOLATION, "this server only sends files");
      }
      case TftpPacket.Malformed(ErrorCode code, String why) -> {
        services.counters().malformed.increment();
        refuse(ctx, client, code, why);
      }
      // Late packets of an ended transfer, or rubbish. An ERROR is never answered (RFC 1350).
      case TftpPacket.Data _, TftpPacket.Ack _, TftpPacket.Failure _, TftpPacket.OptionAck _ ->
          services.counters().malformed.increment();
    }
  }

  private void start(ReadRequest request, InetSocketAddress client, InetAddress from) {
    services.counters().requests.increment();
    TransferHandler running = services.active().get(client);
    if (running != null) {
      if (running.request().equals(request)) {
        services.counters().repeatedRequests.increment(); // its own timer repeats the answer
        return;
      }
      door().end(running); // the client has gone on to another file from the same port
    }
    door().arrived(request, client, from);
  }

  private Door door() {
    return Objects.requireNonNull(door, "set before anything is read");
  }

  /** Requests sent to everybody are ignored without a word, RFC 1123 section 4.2.3.5. */
  private static boolean toAll(DatagramPacket datagram) {
    return Ipv4.BROADCAST.toInetAddress().equals(datagram.recipient().getAddress());
  }

  /** The address of ours that the client asked, which has to answer; ANY if the kernel chooses. */
  private InetAddress asked(DatagramPacket datagram) {
    InetAddress to = datagram.recipient().getAddress();
    return to instanceof Inet4Address ? to : services.config().listen().toInetAddress();
  }

  private void refuse(
      ChannelHandlerContext ctx, InetSocketAddress client, ErrorCode code, String why) {
    ByteBuf error = TftpCodec.encode(code, why, ctx.alloc());
    ctx.writeAndFlush(new DatagramPacket(error, client))
        .addListener(services.counters().failedSends());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    services.counters().sendErrors.increment();
    LOG.warn("tftp: on the request socket: {}", cause.toString());
  }
}
