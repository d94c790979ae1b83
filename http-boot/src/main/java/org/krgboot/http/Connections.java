package org.krgboot.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts connections, and closes those that are too many before they can say anything. */
@ChannelHandler.Sharable
final class Connections extends ChannelInboundHandlerAdapter {
  private final HttpConfig.Limits limits;
  private final Counters counters;
  private final AtomicInteger all = new AtomicInteger();
  private final ConcurrentMap<InetAddress, Integer> ofAddress = new ConcurrentHashMap<>();

  Connections(HttpConfig.Limits limits, Counters counters) {
    this.limits = limits;
    this.counters = counters;
  }

  int count() {
    return all.get();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    InetAddress client = ((InetSocketAddress) ctx.channel().remoteAddress()).getAddress();
    int now = all.incrementAndGet();
    int here = ofAddress.merge(client, 1, Integer::sum);
    ctx.channel()
        .closeFuture()
        .addListener(_ -> {
          all.decrementAndGet();
          ofAddress.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
        });
    if (now > limits.connections() || here > limits.ofOneAddress()) {
      counters.busy.increment();
      ctx.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
      return;
    }
    ctx.fireChannelActive();
  }
}
