package org.krgboot.tftp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A hand-written client, one socket; polite or hostile as the test wants it. */
final class Client implements AutoCloseable {
  private final DatagramSocket socket;
  private final int serverPort;
  InetSocketAddress from = new InetSocketAddress(0);

  Client(int serverPort) throws IOException {
    this(serverPort, "127.0.0.1");
  }

  Client(int serverPort, String address) throws IOException {
    this.serverPort = serverPort;
    socket = new DatagramSocket(0, InetAddress.getByName(address));
    socket.setSoTimeout(5000);
  }

  Client(int serverPort, int timeoutMillis) throws IOException {
    this(serverPort);
    socket.setSoTimeout(timeoutMillis);
  }

  int port() {
    return socket.getLocalPort();
  }

  void ask(String text) throws IOException {
    send(serverPort, 1, text);
  }

  void send(int port, int opcode, String text) throws IOException {
    byte[] tail = text.replace('|', '\0').getBytes(StandardCharsets.ISO_8859_1);
    send(port, ByteBuffer.allocate(2 + tail.length).putShort((short) opcode).put(tail).array());
  }

  void send(int port, byte[] raw) throws IOException {
    socket.send(new DatagramPacket(raw, raw.length, InetAddress.getByName("127.0.0.1"), port));
  }

  void ack(int block) throws IOException {
    send(from.getPort(), ByteBuffer.allocate(4).putInt(4 << 16 | block).array());
  }

  TftpPacket receive() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
    socket.receive(packet);
    from = (InetSocketAddress) packet.getSocketAddress();
    return TftpCodec.decode(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
  }

  /** Lock-step with {@code blockSize}, to the end. */
  byte[] fetch(String request, int blockSize) throws IOException {
    ask(request);
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    int block = 0;
    while (true) {
      TftpPacket packet = receive();
      if (packet instanceof TftpPacket.OptionAck) {
        ack(0);
      } else if (packet instanceof TftpPacket.Data(int number, ByteBuffer bytes)) {
        if (number == ((block + 1) & 0xffff)) {
          block++;
          got.write(bytes.array(), bytes.arrayOffset(), bytes.remaining());
        }
        ack(number);
        if (bytes.remaining() < blockSize) {
          return got.toByteArray();
        }
      } else {
        throw new AssertionError(packet);
      }
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
