package org.krgboot.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * UDP over IPv4, udp(7), by plain descriptors that never block: for servers that wait with {@link
 * Poller}. Addresses have their first octet highest; 0 is any. Closed by {@link FileCalls#close}.
 */
public final class UdpSockets {
  /** The socket has nothing to receive, or no room to send. */
  public static final int WOULD_BLOCK = -1;

  /** UDP_MAX_SEGMENTS of Linux before 6.9. */
  public static final int MOST_SEGMENTS = 64;

  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_NONBLOCK = 04000;
  private static final int SOCK_CLOEXEC = 02000000;

  /** Linux asm-generic/socket.h. */
  private static final int SOL_SOCKET = 1;

  private static final int SO_RCVBUF = 8;
  private static final int SO_BINDTODEVICE = 25;

  /** Linux uapi/linux/in.h. */
  private static final int SOL_IP = 0;

  private static final int IP_TOS = 1;
  private static final int IP_ORIGDSTADDR = 20;

  /** Linux uapi/linux/udp.h. */
  private static final int SOL_UDP = 17;

  private static final int UDP_SEGMENT = 103;

  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_DONTWAIT = 0x40;

  /** struct sockaddr_in: family, port, address; padded to 16. */
  private static final int PORT = 2;

  private static final int ADDRESS = 4;
  private static final int NAME_SIZE = 16;
  private static final ValueLayout.OfShort NET_SHORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt NET_INT = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);

  /** struct msghdr of 64-bit Linux, then what it points to, in one area. */
  private static final int MESSAGE_NAME_SIZE = 8;

  private static final int MESSAGE_VECTOR = 16;
  private static final int MESSAGE_VECTOR_COUNT = 24;
  private static final int MESSAGE_CONTROL = 32;
  private static final int MESSAGE_CONTROL_SIZE = 40;
  private static final int VECTOR_AT = 64;
  private static final int NAME_AT = 96;
  private static final int CONTROL_AT = 128;
  private static final int CONTROL_ROOM = 64;
  private static final int MESSAGE_SIZE = CONTROL_AT + CONTROL_ROOM;

  /** struct cmsghdr: length, level, type; then the data. */
  private static final int CONTROL_LEVEL = 8;

  private static final int CONTROL_TYPE = 12;
  private static final int CONTROL_DATA = 16;

  private UdpSockets() {}

  /**
   * A datagram that came.
   *
   * @param length of what was received; a longer one is cut
   * @param address the sender's
   * @param to the address that it was sent to, 0 unless {@link #tellDestinations} was called
   */
  public record Received(int length, int address, int port, int to) {}

  /** A new socket, bound to nothing. */
  public static int open() throws LinuxException {
    return (int)
        Scratch.mine()
            .call(SystemCall.SOCKET, AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  }

  /**
   * Gives the socket its own name. EADDRINUSE if the port is taken, EADDRNOTAVAIL if the address is
   * not this machine's, EACCES without the right to a port below 1024.
   *
   * @param port 0 for any
   */
  public static void bind(int socket, int address, int port) throws LinuxException {
    name(SystemCall.BIND, socket, address, port);
  }

  /**
   * From now on the socket sends to that peer, hears nobody else, and is told when the peer's
   * machine says that nobody is there (ECONNREFUSED). ENETUNREACH where no route leads.
   */
  public static void connect(int socket, int address, int port) throws LinuxException {
    name(SystemCall.CONNECT, socket, address, port);
  }

  private static void name(SystemCall call, int socket, int address, int port)
      throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment name = mine.structure().asSlice(0, NAME_SIZE);
    put(name, address, port);
    mine.call(call, socket, name.address(), NAME_SIZE);
  }

  private static void put(MemorySegment name, int address, int port) {
    name.fill((byte) 0);
    name.set(JAVA_SHORT, 0, (short) AF_INET);
    name.set(NET_SHORT, PORT, (short) port);
    name.set(NET_INT, ADDRESS, address);
  }

  /** The port that the socket is bound to, getsockname(2). */
  public static int port(int socket) throws LinuxException {
    return TcpSockets.port(socket);
  }

  /**
   * How much may wait to be received; the kernel doubles it, and bounds it by net.core.rmem_max.
   */
  public static void receiveBuffer(int socket, int octets) throws LinuxException {
    set(socket, SOL_SOCKET, SO_RCVBUF, octets);
  }

  /** The octet of each IP header that holds DSCP and ECN. */
  public static void trafficClass(int socket, int octet) throws LinuxException {
    set(socket, SOL_IP, IP_TOS, octet);
  }

  /** From now on {@link #receiveFrom} tells where a datagram was sent to. */
  public static void tellDestinations(int socket) throws LinuxException {
    set(socket, SOL_IP, IP_ORIGDSTADDR, 1);
  }

  /**
   * From now on what is longer is cut into datagrams of that length by the kernel, at most {@link
   * #MOST_SEGMENTS}. Sending is refused then where a datagram does not fit into a frame. 0 ends it.
   * ENOPROTOOPT before Linux 4.18.
   */
  public static void segment(int socket, int octets) throws LinuxException {
    set(socket, SOL_UDP, UDP_SEGMENT, octets);
  }

  private static void set(int socket, int level, int option, int to) throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment value = mine.structure();
    value.set(JAVA_INT, 0, to);
    mine.call(SystemCall.SETSOCKOPT, socket, level, option, value.address(), Integer.BYTES);
  }

  /** Hears and sends by that network interface only. ENODEV if there is none. */
  public static void bindToInterface(int socket, String name) throws LinuxException {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    Scratch mine = Scratch.mine();
    MemorySegment value = mine.structure();
    MemorySegment.copy(bytes, 0, value, JAVA_BYTE, 0, bytes.length);
    mine.call(
        SystemCall.SETSOCKOPT, socket, SOL_SOCKET, SO_BINDTODEVICE, value.address(), bytes.length);
  }

  /**
   * Receives the next datagram, recv(2); what does not fit is lost. ECONNREFUSED and others tell
   * what became of what was sent before.
   *
   * @return bytes, perhaps none, or {@link #WOULD_BLOCK}
   */
  public static int receive(int socket, MemorySegment into) throws LinuxException {
    return transfer(SystemCall.RECVFROM, socket, into, 0, into.byteSize());
  }

  /**
   * Sends to the peer that the socket is connected to, send(2). ECONNREFUSED as in {@link
   * #receive}; nothing is sent then.
   *
   * @param from native memory, not freed meanwhile
   * @return bytes, or {@link #WOULD_BLOCK}
   */
  public static int send(int socket, MemorySegment from, long offset, long length)
      throws LinuxException {
    return transfer(SystemCall.SENDTO, socket, from, offset, length);
  }

  private static int transfer(
      SystemCall call, int socket, MemorySegment bytes, long offset, long length)
      throws LinuxException {
    if (!bytes.isNative()) {
      throw new IllegalArgumentException("the kernel needs native memory, not a heap buffer");
    }
    Objects.checkFromIndexSize(offset, length, bytes.byteSize());
    Scratch mine = Scratch.mine();
    while (true) {
      long count = once(mine, call, socket, bytes, offset, length);
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

  private static long once(
      Scratch mine, SystemCall call, int socket, MemorySegment bytes, long offset, long length) {
    try {
      return mine.once(
          call, socket, bytes.address() + offset, length, MSG_NOSIGNAL | MSG_DONTWAIT, 0);
    } finally {
      Reference.reachabilityFence(bytes);
    }
  }

  /** Receives the next datagram, recvmsg(2); null if there is none. */
  public static @Nullable Received receiveFrom(int socket, MemorySegment into)
      throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment message = message(mine, into, into.byteSize());
    message.set(JAVA_LONG, MESSAGE_CONTROL, message.address() + CONTROL_AT);
    message.set(JAVA_LONG, MESSAGE_CONTROL_SIZE, CONTROL_ROOM);
    long count = once(mine, SystemCall.RECVMSG, socket, message, into);
    if (count < 0) {
      return refused(mine, SystemCall.RECVMSG);
    }
    return new Received(
        (int) count,
        message.get(NET_INT, NAME_AT + ADDRESS),
        message.get(NET_SHORT, NAME_AT + PORT) & 0xffff,
        destination(message));
  }

  private static long once(
      Scratch mine, SystemCall call, int socket, MemorySegment message, MemorySegment bytes) {
    try {
      return mine.once(call, socket, message.address(), MSG_NOSIGNAL | MSG_DONTWAIT, 0, 0);
    } finally {
      Reference.reachabilityFence(bytes);
    }
  }

  private static @Nullable Received refused(Scratch mine, SystemCall call) throws LinuxException {
    int error = mine.error();
    if (error == Errno.EAGAIN.number() || error == Errno.EINTR.number()) {
      return null;
    }
    throw new LinuxException(call.manualName(), error);
  }

  private static int destination(MemorySegment message) {
    boolean told =
        message.get(JAVA_LONG, MESSAGE_CONTROL_SIZE) >= CONTROL_DATA + NAME_SIZE
            && message.get(JAVA_INT, CONTROL_AT + CONTROL_LEVEL) == SOL_IP
            && message.get(JAVA_INT, CONTROL_AT + CONTROL_TYPE) == IP_ORIGDSTADDR;
    return told ? message.get(NET_INT, CONTROL_AT + CONTROL_DATA + ADDRESS) : 0;
  }

  /**
   * Sends one datagram to anybody, sendmsg(2).
   *
   * @return bytes, or {@link #WOULD_BLOCK}
   */
  public static int sendTo(int socket, MemorySegment from, long length, int address, int port)
      throws LinuxException {
    Objects.checkFromIndexSize(0, length, from.byteSize());
    Scratch mine = Scratch.mine();
    MemorySegment message = message(mine, from, length);
    put(message.asSlice(NAME_AT, NAME_SIZE), address, port);
    long count = once(mine, SystemCall.SENDMSG, socket, message, from);
    if (count < 0) {
      var _ = refused(mine, SystemCall.SENDMSG);
      return WOULD_BLOCK;
    }
    return (int) count;
  }

  /** A struct msghdr with an empty name and the bytes as its one vector. */
  private static MemorySegment message(Scratch mine, MemorySegment bytes, long length) {
    if (!bytes.isNative()) {
      throw new IllegalArgumentException("the kernel needs native memory, not a heap buffer");
    }
    MemorySegment message = mine.structure().asSlice(0, MESSAGE_SIZE).fill((byte) 0);
    message.set(JAVA_LONG, 0, message.address() + NAME_AT);
    message.set(JAVA_INT, MESSAGE_NAME_SIZE, NAME_SIZE);
    message.set(JAVA_LONG, MESSAGE_VECTOR, message.address() + VECTOR_AT);
    message.set(JAVA_LONG, MESSAGE_VECTOR_COUNT, 1);
    message.set(JAVA_LONG, VECTOR_AT, bytes.address());
    message.set(JAVA_LONG, VECTOR_AT + 8, length);
    return message;
  }
}
