package org.krgboot.dhcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what {@link ProxyEngine} decides, on one loop. */
@ChannelHandler.Sharable
final class ProxyHandler extends SimpleChannelInboundHandler<DatagramPacket> {
  private static final Logger LOG = LoggerFactory.getLogger(ProxyHandler.class);
  private static final int CLIENT_PORT = 68;

  private volatile ProxyConfig config;
  private final Surroundings surroundings;
  private final BootEvent.Sink events;
  private final InstantSource clock;
  private final Counters counters = new Counters();
  private final EventThrottle throttle = new EventThrottle();

  ProxyHandler(
      ProxyConfig config, Surroundings surroundings, BootEvent.Sink events, InstantSource clock) {
    this.config = config;
    this.surroundings = surroundings;
    this.events = events;
    this.clock = clock;
  }

  /** From now on it holds. Any thread. */
  void replaceConfig(ProxyConfig next) {
    config = next;
  }

  Counters counters() {
    return counters;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
    counters.received();
    switch (DhcpCodec.decode(packet.content())) {
      case Decoded.Refused(Decoded.Why why) -> counters.refused(why);
      case DhcpRequest request -> answer(request, context, packet.sender());
    }
  }

  private void answer(DhcpRequest request, ChannelHandlerContext context, InetSocketAddress from) {
    switch (surroundings.standing().apply(request.mac())) {
      case SERVED -> serve(request, context, from);
      case REJECTED -> refuse(request, context, Answer.Why.REJECTED);
      case FENCED -> refuse(request, context, Answer.Why.FENCED);
    }
  }

  /** It gets nothing, but the address that it takes from the other server is seen. */
  private void refuse(DhcpRequest request, ChannelHandlerContext context, Answer.Why why) {
    if (decide(request, context) instanceof ProxyAnswer.Seen(BootEvent.OfNode event)) {
      tell(event);
    }
    counters.ignored(why);
    tell(
        new BootEvent.AddressRefused(
            clock.instant(), request.mac(), why.toldAs(), why.toOperator(request.mac())));
  }

  private void serve(DhcpRequest request, ChannelHandlerContext context, InetSocketAddress from) {
    switch (decide(request, context)) {
      case ProxyAnswer.Reply(DhcpReply reply) ->
          send(reply, context, isAtBootPort(context) ? from : all());
      case ProxyAnswer.Seen(BootEvent.OfNode event) -> tell(event);
      case ProxyAnswer.Silence(ProxyAnswer.Why why) -> counters.notProxied(why);
    }
  }

  private ProxyAnswer decide(DhcpRequest request, ChannelHandlerContext context) {
    return isAtBootPort(context)
        ? ProxyEngine.decideAtBootPort(request, config)
        : ProxyEngine.decide(request, config, clock.instant());
  }

  private static boolean isAtBootPort(ChannelHandlerContext context) {
    int heardAt = ((InetSocketAddress) context.channel().localAddress()).getPort();
    return heardAt == ProxyServer.BOOT_PORT;
  }

  /** The node has no address yet. */
  private static InetSocketAddress all() {
    return new InetSocketAddress(Ipv4.BROADCAST.toInetAddress(), CLIENT_PORT);
  }

  private void send(DhcpReply reply, ChannelHandlerContext context, InetSocketAddress to) {
    if (!context.channel().isWritable()) {
      counters.sendFailed();
      return;
    }
    ByteBuf payload = context.alloc().buffer(reply.maxPayload());
    DhcpCodec.encode(reply, payload);
    context
        .writeAndFlush(new DatagramPacket(payload, to))
        .addListener(done -> {
          if (done.isSuccess()) {
            counters.sent(reply.type());
          } else {
            counters.sendFailed();
          }
        });
  }

  private void tell(BootEvent.OfNode event) {
    if (throttle.lets(event)) {
      events.accept(event);
    } else {
      counters.eventSuppressed();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.error("a defect while answering a DHCP request; the request is dropped", cause);
  }
}
