package org.krgboot.nfs.wire;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;

/** One call a datagram. */
final class UdpTransport implements Transport {
  private static final int PATIENCE_MILLIS = 5_000;

  private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
  private int xid = 5000;

  UdpTransport(int port) throws IOException {
    socket.connect(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  @Override
  public int nextXid() {
    return xid++;
  }

  @Override
  public RpcReply exchange(byte[] call) throws IOException {
    send(call);
    return receive();
  }

  void send(byte[] call) throws IOException {
    socket.send(new DatagramPacket(call, call.length));
  }

  RpcReply receive() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
    socket.receive(packet);
    return RpcReply.read(Arrays.copyOf(packet.getData(), packet.getLength()));
  }

  boolean hearsNothing(int millis) throws IOException {
    socket.setSoTimeout(millis);
    try {
      receive();
      return false;
    } catch (SocketTimeoutException silence) {
      return true;
    } finally {
      socket.setSoTimeout(PATIENCE_MILLIS);
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
