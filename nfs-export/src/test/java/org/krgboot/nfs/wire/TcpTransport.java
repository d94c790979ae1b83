package org.krgboot.nfs.wire;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/** Record marking over TCP, RFC 1057 section 10. */
final class TcpTransport implements Transport {
  private static final int LAST = 1 << 31;
  private static final int PATIENCE_MILLIS = 10_000;

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private int firstXid = 1000;
  private int xid = firstXid;

  TcpTransport(int port) throws IOException {
    this("0.0.0.0", 0, port);
  }

  /** Connections of one host that live at the same time should not number their calls alike. */
  TcpTransport(int port, int firstXid) throws IOException {
    this(port);
    this.firstXid = firstXid;
    this.xid = firstXid;
  }

  /** From an address and port of our own choice; 0 is any. */
  TcpTransport(String from, int fromPort, int port) throws IOException {
    socket.bind(new InetSocketAddress(from, fromPort));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
  }

  @Override
  public int nextXid() {
    return xid++;
  }

  /** How many were made by way of {@link Transport#call}. */
  int calls() {
    return xid - firstXid;
  }

  @Override
  public RpcReply exchange(byte[] call) throws IOException {
    send(record(call));
    return receive();
  }

  /** One record of one fragment. */
  static byte[] record(byte[] call) {
    return fragment(LAST, call);
  }

  /** A record in several fragments. */
  static byte[] fragments(byte[] call, int size) {
    ByteBuffer out = ByteBuffer.allocate(call.length + 4 * (call.length / size + 1));
    for (int from = 0; from < call.length; from += size) {
      int length = Math.min(size, call.length - from);
      byte[] part = java.util.Arrays.copyOfRange(call, from, from + length);
      out.put(fragment(from + length == call.length ? LAST : 0, part));
    }
    return java.util.Arrays.copyOf(out.array(), out.position());
  }

  private static byte[] fragment(int last, byte[] bytes) {
    return ByteBuffer.allocate(4 + bytes.length).putInt(last | bytes.length).put(bytes).array();
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  RpcReply receive() throws IOException {
    byte[] whole = {};
    int mark;
    do {
      mark = in.readInt();
      byte[] part = in.readNBytes(mark & ~LAST);
      ByteBuffer both = ByteBuffer.allocate(whole.length + part.length).put(whole).put(part);
      whole = both.array();
    } while ((mark & LAST) == 0);
    return RpcReply.read(whole);
  }

  /** Whether the server has closed the connection, by now or within our patience. */
  boolean isClosedByServer() throws IOException {
    try {
      return in.read() < 0;
    } catch (java.net.SocketTimeoutException stillOpen) {
      return false;
    } catch (java.net.SocketException reset) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
