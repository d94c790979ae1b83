package org.krgboot.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * TCP over IPv4, tcp(7), by plain descriptors that never block: for servers that wait with {@link
 * Epoll}, and that send from files.
 */
public final class TcpSockets {
  /** The socket has nothing to receive, or no room to send. */
  public static final int WOULD_BLOCK = -1;

  private static final int AF_INET = 2;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_NONBLOCK = 04000;
  private static final int SOCK_CLOEXEC = 02000000;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_NODELAY = 1;

  /** Linux asm-generic/socket.h. */
  private static final int SOL_SOCKET = 1;

  private static final int SO_REUSEADDR = 2;
  private static final int SO_KEEPALIVE = 9;

  private static final int SHUT_RD = 0;

  /** A peer that has left is an error of the call, not a signal; the call never waits. */
  private static final int MSG_NOSIGNAL = 0x4000;

  private static final int MSG_DONTWAIT = 0x40;

  /** More follows at once: it need not go as a packet of its own. */
  private static final int MSG_MORE = 0x8000;

  /** struct sockaddr_in: family, port, address; padded to 16. */
  private static final int PORT = 2;

  private static final int ADDRESS = 4;
  private static final int SIZE = 16;
  private static final int LENGTH_AT = SIZE;
  private static final ValueLayout.OfShort NET_SHORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt NET_INT = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);

  private TcpSockets() {}

  /**
   * A connection that a peer began.
   *
   * @param address the peer's, first octet highest
   */
  public record Accepted(int socket, int address, int port) {}

  /**
   * A socket that listens. EADDRINUSE if the port is taken, EADDRNOTAVAIL if the address is not
   * this machine's, EACCES without the right to a port below 1024.
   *
   * @param address first octet highest; 0 for all
   * @param port 0 for any
   */
  public static int listen(int address, int port, int backlog) throws LinuxException {
    Scratch mine = Scratch.mine();
    int socket =
        (int)
            mine.call(
                SystemCall.SOCKET,
                AF_INET,
                SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                IPPROTO_TCP);
    try {
      set(socket, SOL_SOCKET, SO_REUSEADDR);
      MemorySegment name = mine.structure().asSlice(0, SIZE).fill((byte) 0);
      name.set(JAVA_SHORT, 0, (short) AF_INET);
      name.set(NET_SHORT, PORT, (short) port);
      name.set(NET_INT, ADDRESS, address);
      mine.call(SystemCall.BIND, socket, name.address(), SIZE);
      mine.call(SystemCall.LISTEN, socket, backlog);
      return socket;
    } catch (LinuxException refused) {
      FileCalls.close(socket);
      throw refused;
    }
  }

  /** The port that the socket is bound to, getsockname(2). */
  public static int port(int socket) throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment name = mine.structure();
    name.set(JAVA_INT, LENGTH_AT, SIZE);
    mine.call(SystemCall.GETSOCKNAME, socket, name.address(), name.address() + LENGTH_AT);
    return name.get(NET_SHORT, PORT) & 0xffff;
  }

  /**
   * Takes the next connection, accept4(2), without delay of small messages and with keep-alive.
   * EMFILE or ENFILE if there is no descriptor for it.
   *
   * @return null if there is none
   */
  public static @Nullable Accepted accept(int listener) throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment name = mine.structure();
    name.set(JAVA_INT, LENGTH_AT, SIZE);
    long socket =
        mine.once(
            SystemCall.ACCEPT4,
            listener,
            name.address(),
            name.address() + LENGTH_AT,
            SOCK_NONBLOCK | SOCK_CLOEXEC,
            0);
    if (socket < 0) {
      return refused(mine, SystemCall.ACCEPT4);
    }
    Accepted accepted =
        new Accepted((int) socket, name.get(NET_INT, ADDRESS), name.get(NET_SHORT, PORT) & 0xffff);
    try {
      set(accepted.socket(), IPPROTO_TCP, TCP_NODELAY);
      set(accepted.socket(), SOL_SOCKET, SO_KEEPALIVE);
    } catch (LinuxException gone) {
      FileCalls.close(accepted.socket());
      throw gone;
    }
    return accepted;
  }

  private static @Nullable Accepted refused(Scratch mine, SystemCall call) throws LinuxException {
    if (mine.error() == Errno.EAGAIN.number()) {
      return null;
    }
    throw new LinuxException(call.manualName(), mine.error());
  }

  private static void set(int socket, int level, int option) throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment value = mine.structure();
    value.set(JAVA_INT, 0, 1);
    mine.call(SystemCall.SETSOCKOPT, socket, level, option, value.address(), Integer.BYTES);
  }

  /**
   * Receives what is there, recv(2). ECONNRESET and others if the connection is lost.
   *
   * @return bytes, 0 if the peer sends no more, or {@link #WOULD_BLOCK}
   */
  public static int receive(int socket, MemorySegment into) throws LinuxException {
    return transfer(SystemCall.RECVFROM, socket, into, MSG_DONTWAIT);
  }

  /**
   * Sends what there is room for, send(2). EPIPE and others if the connection is lost.
   *
   * @return bytes, or {@link #WOULD_BLOCK}
   */
  public static int send(int socket, MemorySegment from) throws LinuxException {
    return transfer(SystemCall.SENDTO, socket, from, MSG_NOSIGNAL | MSG_DONTWAIT);
  }

  /** As {@link #send}, of what is only the beginning. */
  public static int sendFirst(int socket, MemorySegment from) throws LinuxException {
    return transfer(SystemCall.SENDTO, socket, from, MSG_NOSIGNAL | MSG_DONTWAIT | MSG_MORE);
  }

  private static int transfer(SystemCall call, int socket, MemorySegment bytes, int flags)
      throws LinuxException {
    Scratch mine = Scratch.mine();
    while (true) {
      long count = once(mine, call, socket, bytes, flags);
      if (count >= 0) {
        return (int) count;
      }
      int error = mine.error();
      if (error == Errno.EAGAIN.number()) {
        return WOULD_BLOCK;
      }
      if (error != Errno.EINTR.number()) {
        throw new LinuxException(call.manualName(), error);
      }
    }
  }

  /** With no address: the call has more arguments than those for which a buffer can be pinned. */
  private static long once(
      Scratch mine, SystemCall call, int socket, MemorySegment bytes, int flags) {
    if (!bytes.isNative()) {
      throw new IllegalArgumentException("the kernel needs native memory, not a heap buffer");
    }
    try {
      return mine.once(call, socket, bytes.address(), bytes.byteSize(), flags, 0);
    } finally {
      Reference.reachabilityFence(bytes);
    }
  }

  /**
   * Sends from a file what there is room for, sendfile(2).
   *
   * @return bytes, 0 at the end of the file, or {@link #WOULD_BLOCK}
   */
  public static int sendFile(int socket, int file, long offset, int count) throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment at = mine.structure();
    while (true) {
      at.set(JAVA_LONG, 0, offset);
      long sent = mine.once(SystemCall.SENDFILE, socket, file, at.address(), count, 0);
      if (sent >= 0) {
        return (int) sent;
      }
      int error = mine.error();
      if (error == Errno.EAGAIN.number()) {
        return WOULD_BLOCK;
      }
      if (error != Errno.EINTR.number()) {
        throw new LinuxException("sendfile", error);
      }
    }
  }

  /** Takes no more from the peer, shutdown(2); what it has sent can still be received. */
  public static void stopReceiving(int socket) throws LinuxException {
    Scratch.mine().call(SystemCall.SHUTDOWN, socket, SHUT_RD);
  }
}
