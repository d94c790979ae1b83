package org.krgboot.nfs;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.krgboot.model.Ipv4;
import org.krgboot.nfs.PortmapProgram.Mapping;

/** Calls servers of this machine, over loopback. Blocking; used off the paths of nodes' calls. */
final class PortmapClient {
  private static final int ATTEMPTS = 3;
  private static final int WAIT_MILLIS = 1000;
  private static final int DATAGRAM = 64 << 10;

  /** RFC 5531 section 11. */
  private static final int LAST_FRAGMENT = 1 << 31;

  /** Portmappers let only programs on reserved ports register, as rresvport(3) gives them. */
  private static final int LAST_RESERVED = 1023;

  private static final int FIRST_RESERVED = 600;
  private static final int LAST_PORT = 0xffff;

  private static final Ipv4 LOOPBACK = Ipv4.parse("127.0.0.1");

  private final int port;

  PortmapClient(int port) {
    this.port = port;
  }

  /** Whether a portmapper answers there. */
  boolean answers() {
    try {
      return ask(PortmapProgram.NULL).isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * All that it knows of TCP and UDP.
   *
   * @throws IOException if it does not answer, or not as a portmapper
   */
  List<Mapping> dump() throws IOException {
    XdrReader results =
        ask(PortmapProgram.DUMP)
            .orElseThrow(() -> new IOException("the portmapper does not tell what it knows"));
    try {
      return PortmapMessage.dumped(results);
    } catch (MalformedException e) {
      throw new IOException("the portmapper's answer is no list of mappings", e);
    }
  }

  /** Whether it took the mapping. */
  boolean set(Mapping mapping) throws IOException {
    return agreed(tell(PortmapProgram.SET, mapping));
  }

  /** Whether it forgot the program's version, on both transports. */
  boolean unset(Mapping mapping) throws IOException {
    return agreed(tell(PortmapProgram.UNSET, mapping));
  }

  private static boolean agreed(Optional<XdrReader> results) throws IOException {
    try {
      return results.isPresent() && results.get().bool();
    } catch (MalformedException e) {
      throw new IOException("the portmapper's answer is neither yes nor no", e);
    }
  }

  private Optional<XdrReader> ask(int procedure) throws IOException {
    int xid = ThreadLocalRandom.current().nextInt();
    byte[] call =
        PortmapMessage.call(xid, PortmapProgram.NUMBER, PortmapProgram.VERSION, procedure);
    try (DatagramSocket socket = new DatagramSocket()) {
      return answer(socket, xid, call);
    }
  }

  private Optional<XdrReader> tell(int procedure, Mapping about) throws IOException {
    int xid = ThreadLocalRandom.current().nextInt();
    try (DatagramSocket socket = reserved()) {
      return answer(socket, xid, PortmapMessage.call(xid, procedure, about));
    }
  }

  private Optional<XdrReader> answer(DatagramSocket socket, int xid, byte[] call)
      throws IOException {
    try {
      return PortmapMessage.results(xid, datagram(socket, port, call, ATTEMPTS));
    } catch (MalformedException e) {
      throw new IOException("no portmapper answers on port " + port, e);
    }
  }

  private static DatagramSocket reserved() throws IOException {
    for (int local = LAST_RESERVED; ; local--) {
      boolean last = local < FIRST_RESERVED; // all taken, or not permitted: any port may do
      try {
        return new DatagramSocket(
            new InetSocketAddress(LOOPBACK.toInetAddress(), last ? 0 : local));
      } catch (IOException e) {
        if (last) {
          throw e;
        }
      }
    }
  }

  /** Whether a server answers where the mapping leads: any answer of RPC to its procedure 0. */
  static boolean isLive(Mapping mapping) {
    if (mapping.port() <= 0 || mapping.port() > LAST_PORT) {
      return false; // whatever it was told: nothing can be there
    }
    int xid = ThreadLocalRandom.current().nextInt();
    byte[] call = PortmapMessage.call(xid, mapping.program(), mapping.version(), 0);
    try {
      ByteBuffer answer =
          switch (mapping.transport()) {
            case TCP -> record(mapping.port(), call);
            case UDP -> {
              try (DatagramSocket socket = new DatagramSocket()) {
                yield datagram(socket, mapping.port(), call, 1);
              }
            }
          };
      return answer.remaining() >= 4 && answer.getInt() == xid;
    } catch (IOException e) {
      return false;
    }
  }

  private static ByteBuffer datagram(DatagramSocket socket, int port, byte[] call, int attempts)
      throws IOException {
    socket.connect(new InetSocketAddress(LOOPBACK.toInetAddress(), port));
    socket.setSoTimeout(WAIT_MILLIS);
    byte[] answer = new byte[DATAGRAM];
    for (int attempt = 1; ; attempt++) {
      socket.send(new DatagramPacket(call, call.length));
      try {
        DatagramPacket packet = new DatagramPacket(answer, answer.length);
        socket.receive(packet);
        return ByteBuffer.wrap(answer, 0, packet.getLength());
      } catch (SocketTimeoutException e) {
        if (attempt == attempts) {
          throw e;
        }
      }
    }
  }

  /** The answer's xid. */
  private static ByteBuffer record(int port, byte[] call) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(LOOPBACK.toInetAddress(), port), WAIT_MILLIS);
      socket.setSoTimeout(WAIT_MILLIS);
      ByteBuffer out = ByteBuffer.allocate(4 + call.length);
      out.putInt(LAST_FRAGMENT | call.length).put(call);
      socket.getOutputStream().write(out.array());
      byte[] markAndXid = socket.getInputStream().readNBytes(8);
      return ByteBuffer.wrap(markAndXid).position(Math.min(4, markAndXid.length));
    }
  }
}
