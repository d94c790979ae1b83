package org.krgboot.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;

/**
 * A raw ICMP socket that asks hosts for an echo, as ping(8) does, and hears their answers, RFC 792.
 *
 * <p>Any thread may {@link #request} and {@link #wake}; one receives. {@link #close} when nobody
 * uses it any more: the kernel gives the number to the next file.
 */
public final class EchoSocket implements AutoCloseable {
  private static final int AF_INET = 2;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = 02000000;
  private static final int IPPROTO_ICMP = 1;
  private static final int SHUT_RDWR = 2;
  private static final int MSG_DONTWAIT = 0x40;

  /** Linux asm-generic/socket.h. */
  private static final int SOL_SOCKET = 1;

  private static final int SO_RCVTIMEO = 20;

  /** Linux uapi/linux/icmp.h: 32 bits, of which a set one keeps its type out. */
  private static final int SOL_RAW = 255;

  private static final int ICMP_FILTER = 1;

  /** RFC 792: types, and the length of the message without data. */
  private static final int ECHO_REPLY = 0;

  private static final int ECHO_REQUEST = 8;
  private static final int HEADER = 8;

  /** Some hosts answer no echo request without data; 16 bytes as good as any. */
  private static final int MESSAGE_LENGTH = HEADER + 16;

  private static final int IP_HEADER = 20;
  private static final int IP_SOURCE = 12;

  /** struct msghdr of 64-bit Linux, then what it points to, in one area. */
  private static final int NAME_SIZE = 8;

  private static final int VECTOR = 16;
  private static final int VECTOR_COUNT = 24;
  private static final int VECTOR_AT = 64;
  private static final int ADDRESS_AT = 96;
  private static final int ADDRESS_SIZE = 16;
  private static final int MESSAGE_AT = 128;
  private static final int MESSAGE_ROOM = 512;

  /** An answer: who gave it, first octet highest, and what the request had in it. */
  public record Reply(int source, int id, int sequence) {}

  private final int socket;

  private EchoSocket(int socket) {
    this.socket = socket;
  }

  /**
   * Opens the socket. EPERM without CAP_NET_RAW.
   *
   * @param patience how long {@link #receive} waits
   */
  public static EchoSocket open(Duration patience) throws LinuxException {
    Scratch mine = Scratch.mine();
    int socket = (int) mine.call(SystemCall.SOCKET, AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
    try {
      MemorySegment structure = mine.structure();
      structure.set(JAVA_INT, 0, ~(1 << ECHO_REPLY));
      mine.call(SystemCall.SETSOCKOPT, socket, SOL_RAW, ICMP_FILTER, structure.address(), 4);
      structure.set(JAVA_LONG, 0, patience.toSeconds()); // struct timeval
      structure.set(JAVA_LONG, 8, patience.toNanosPart() / 1000);
      mine.call(SystemCall.SETSOCKOPT, socket, SOL_SOCKET, SO_RCVTIMEO, structure.address(), 16);
      return new EchoSocket(socket);
    } catch (LinuxException refused) {
      FileCalls.close(socket);
      throw refused;
    }
  }

  /**
   * Asks, by the interface that the kernel's routes say; never waits. ENETUNREACH or EHOSTUNREACH
   * where no route leads, EPERM where a firewall forbids it.
   *
   * @param ipv4 first octet highest
   * @param id 16 bits by which the asker knows its answers
   * @param sequence 16 bits
   */
  public void request(int ipv4, int id, int sequence) throws LinuxException {
    byte[] message =
        ByteBuffer.allocate(MESSAGE_LENGTH)
            .put((byte) ECHO_REQUEST)
            .putShort(4, (short) id)
            .putShort(6, (short) sequence)
            .array();
    ByteBuffer.wrap(message).putShort(2, checksum(message));
    Scratch mine = Scratch.mine();
    MemorySegment all = header(mine, MESSAGE_LENGTH);
    all.set(JAVA_SHORT, ADDRESS_AT, (short) AF_INET);
    all.set(JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN), ADDRESS_AT + 4, ipv4);
    MemorySegment.copy(message, 0, all, JAVA_BYTE, MESSAGE_AT, message.length);
    mine.call(SystemCall.SENDMSG, socket, all.address(), MSG_DONTWAIT);
  }

  /**
   * The next answer to anybody on this machine who asked.
   *
   * @return empty if none came in time, or the socket was woken
   */
  public Optional<Reply> receive() throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment all = header(mine, MESSAGE_ROOM);
    int length;
    try {
      length = (int) mine.call(SystemCall.RECVMSG, socket, all.address(), 0);
    } catch (LinuxException refused) {
      if (refused.errno() == Errno.EAGAIN) {
        return Optional.empty();
      }
      throw refused;
    }
    return reply(all.asSlice(MESSAGE_AT, length).toArray(JAVA_BYTE));
  }

  /** Of an IP datagram with its header; empty if it is no echo reply. */
  static Optional<Reply> reply(byte[] datagram) {
    int start = datagram.length < IP_HEADER ? datagram.length : (datagram[0] & 0xf) * 4;
    if (start < IP_HEADER
        || datagram.length < start + HEADER
        || datagram[start] != ECHO_REPLY
        || datagram[start + 1] != 0) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(datagram);
    return Optional.of(
        new Reply(
            bytes.getInt(IP_SOURCE),
            Short.toUnsignedInt(bytes.getShort(start + 4)),
            Short.toUnsignedInt(bytes.getShort(start + 6))));
  }

  /** RFC 1071, over an even number of bytes. */
  static short checksum(byte[] message) {
    int sum = 0;
    for (int at = 0; at < message.length; at += 2) {
      sum += (message[at] & 0xff) << 8 | (message[at + 1] & 0xff);
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    return (short) ~(sum + (sum >>> 16));
  }

  /** Makes {@link #receive} return at once, now and ever after, on whatever thread it waits. */
  public void wake() {
    // ENOTCONN, as for every unconnected socket: but its readers are woken, Linux inet_shutdown().
    Scratch.mine().once(SystemCall.SHUTDOWN, socket, SHUT_RDWR, 0, 0, 0);
  }

  @Override
  public void close() throws LinuxException {
    FileCalls.close(socket);
  }

  /** A struct msghdr with an empty address and one vector. */
  private static MemorySegment header(Scratch mine, int messageSize) {
    MemorySegment all = mine.structure();
    all.asSlice(0, MESSAGE_AT).fill((byte) 0);
    all.set(JAVA_LONG, 0, all.address() + ADDRESS_AT);
    all.set(JAVA_INT, NAME_SIZE, ADDRESS_SIZE);
    all.set(JAVA_LONG, VECTOR, all.address() + VECTOR_AT);
    all.set(JAVA_LONG, VECTOR_COUNT, 1);
    all.set(JAVA_LONG, VECTOR_AT, all.address() + MESSAGE_AT);
    all.set(JAVA_LONG, VECTOR_AT + 8, messageSize);
    return all;
  }
}
