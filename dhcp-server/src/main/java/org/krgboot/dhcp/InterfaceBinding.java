package org.krgboot.dhcp;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Binds a socket to a network interface: it hears that one only, and its broadcasts leave there.
 */
final class InterfaceBinding {
  /** {@code SOL_SOCKET} and {@code SO_BINDTODEVICE} of Linux, and its length {@code IFNAMSIZ}. */
  private static final int SOL_SOCKET = 1;

  private static final int SO_BINDTODEVICE = 25;
  private static final int IFNAMSIZ = DhcpListen.MAX_INTERFACE_NAME + 1;
  private static final RawUnixChannelOption BIND_TO_DEVICE =
      new RawUnixChannelOption("SO_BINDTODEVICE", SOL_SOCKET, SO_BINDTODEVICE, IFNAMSIZ);

  private InterfaceBinding() {}

  /** For a channel of native epoll. */
  static void bind(Bootstrap bootstrap, String interfaceName) {
    byte[] bytes = interfaceName.getBytes(StandardCharsets.US_ASCII);
    bootstrap.option(BIND_TO_DEVICE, ByteBuffer.allocateDirect(IFNAMSIZ).put(bytes).clear());
  }
}
