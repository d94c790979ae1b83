package org.krgboot.nfs;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Calls NFS procedure 0, which does nothing but answer (RFC 1813 section 3.3.0), over TCP. */
record NullCall(InetSocketAddress server) {
  private static final int XID = 0x6b726762;
  private static final int NFS = 100003;
  private static final int WORDS = 10;

  /** RFC 5531 section 11: the last fragment of a record has the highest bit. */
  private static final int LAST = 0x80000000;

  /** Call, RPC version 2, program, version 3, procedure 0, no credentials: RFC 5531 section 9. */
  private static byte[] call() {
    return ByteBuffer.allocate(4 + WORDS * 4)
        .putInt(LAST | WORDS * 4)
        .putInt(XID)
        .putInt(0)
        .putInt(2)
        .putInt(NFS)
        .putInt(3)
        .array();
  }

  /** Somebody who lets in a connection from there, until he is told that it has ended. */
  interface Host {
    void expect(InetSocketAddress caller);

    void expectNoMore(InetSocketAddress caller);
  }

  /** Whether it is answered in time; the server is told first where it will come from. */
  boolean isAnswered(Duration within, Host host) {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(server.getAddress(), 0));
      InetSocketAddress caller = new InetSocketAddress(server.getAddress(), socket.getLocalPort());
      host.expect(caller);
      try {
        return isAnswered(within, socket);
      } finally {
        host.expectNoMore(caller);
      }
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isAnswered(Duration within, Socket socket) {
    int milliseconds = Math.toIntExact(within.toMillis());
    try {
      socket.setSoTimeout(milliseconds);
      socket.connect(server, milliseconds);
      socket.getOutputStream().write(call());
      DataInputStream reply = new DataInputStream(socket.getInputStream());
      reply.readInt();
      return reply.readInt() == XID;
    } catch (IOException e) {
      return false;
    }
  }
}
