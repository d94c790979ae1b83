package org.krgboot.dhcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Replies that go out together: one system call for many of them, where epoll is. Used on the loop
 * only.
 */
final class Outbox {
  private final Set<Channel> unflushed = new HashSet<>();

  /**
   * Takes a reply, to be sent at the next {@link #flush} at the latest.
   *
   * @return empty, with the packet released, if the network takes no more
   */
  Optional<ChannelFuture> add(Channel sender, DatagramPacket packet) {
    if (!sender.isWritable()) {
      sender.flush();
      if (!sender.isWritable()) {
        ReferenceCountUtil.release(packet);
        return Optional.empty();
      }
    }
    unflushed.add(sender);
    return Optional.of(sender.write(packet));
  }

  void flush() {
    unflushed.forEach(Channel::flush);
    unflushed.clear();
  }
}
