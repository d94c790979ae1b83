package org.krgboot.nfs;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A portmapper in the way: it has a port, on TCP too, and knows what it is told. Test code. */
final class OtherPortmapper implements AutoCloseable {
  /** A mapping as it is on the wire. */
  record Entry(int program, int version, int protocol, int port) {}

  final Set<Entry> entries = ConcurrentHashMap.newKeySet();
  private final ServerSocket tcp;
  private final DatagramSocket udp;
  private volatile boolean refuses;

  private OtherPortmapper(ServerSocket tcp, DatagramSocket udp) {
    this.tcp = tcp;
    this.udp = udp;
  }

  static OtherPortmapper start(int port) throws IOException {
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    ServerSocket tcp = new ServerSocket(port, 1, loopback);
    OtherPortmapper other =
        new OtherPortmapper(tcp, new DatagramSocket(tcp.getLocalPort(), loopback));
    Thread.ofPlatform().daemon().start(other::serve);
    return other;
  }

  int port() {
    return tcp.getLocalPort();
  }

  /** From now on it takes no mapping, as one does whose entries belong to another user. */
  void refuse() {
    refuses = true;
  }

  private void serve() {
    byte[] room = new byte[4096];
    while (!udp.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(room, room.length);
        udp.receive(packet);
        byte[] answer = answer(ByteBuffer.wrap(room, 0, packet.getLength()));
        udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException e) {
        continue; // closed, or the client went away
      }
    }
  }

  private byte[] answer(ByteBuffer call) {
    ByteBuffer out = ByteBuffer.allocate(4096);
    out.putInt(call.getInt()).putInt(1).putInt(0).putLong(0).putInt(0);
    int procedure = call.position(20).getInt();
    call.position(40);
    switch (procedure) {
      case 1 -> out.putInt(set(entry(call)) ? 1 : 0);
      case 2 -> out.putInt(unset(entry(call)) ? 1 : 0);
      case 4 -> {
        for (Entry e : entries) {
          out.putInt(1).putInt(e.program).putInt(e.version).putInt(e.protocol).putInt(e.port);
        }
        out.putInt(0);
      }
      default -> {}
    }
    byte[] bytes = new byte[out.position()];
    out.get(0, bytes);
    return bytes;
  }

  private static Entry entry(ByteBuffer call) {
    return new Entry(call.getInt(), call.getInt(), call.getInt(), call.getInt());
  }

  private boolean set(Entry entry) {
    boolean taken =
        entries.stream()
            .anyMatch(e ->
                e.program == entry.program
                    && e.version == entry.version
                    && e.protocol == entry.protocol
                    && e.port != entry.port);
    if (!taken && !refuses) {
      entries.add(entry);
    }
    return !taken && !refuses;
  }

  private boolean unset(Entry entry) {
    return !refuses
        && entries.removeIf(e -> e.program == entry.program && e.version == entry.version);
  }

  @Override
  public void close() throws IOException {
    tcp.close();
    udp.close();
  }
}
