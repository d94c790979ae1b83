package org.krgboot.nfs.wire;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a hard mount does: a call without an answer is sent again on a new connection, the same
 * bytes with the same xid, for as long as it takes.
 */
final class HardTransport implements Transport {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

  private final int port;
  private TcpTransport connection;
  private int xid;
  private int connections;
  private boolean resent;

  HardTransport(int port, int firstXid) {
    this.port = port;
    this.xid = firstXid;
  }

  @Override
  public int nextXid() {
    return xid++;
  }

  @Override
  public RpcReply exchange(byte[] call) throws IOException {
    long start = System.nanoTime();
    boolean sent = false;
    while (true) {
      try {
        if (connection == null) {
          connection = new TcpTransport(port);
          connections++;
        }
        resent = sent;
        sent = true;
        return connection.exchange(call);
      } catch (IOException lost) {
        close();
        if (System.nanoTime() - start > PATIENCE) {
          throw lost;
        }
        LockSupport.parkNanos(PAUSE);
      }
    }
  }

  /** Whether the last call was sent more than once: the server may have done it before. */
  boolean resent() {
    return resent;
  }

  /** How often there was a new connection. */
  int connections() {
    return connections;
  }

  @Override
  public void close() throws IOException {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }
}
