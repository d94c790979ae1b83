package org.krgboot.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A raw ICMPv6 socket on one network interface, for neighbour discovery: what it sends has hop
 * limit 255, and the kernel writes and checks the checksums (RFC 3542, section 3.1).
 *
 * <p>One thread receives and sends; any other may {@link #wake} it. {@link #close} when nobody uses
 * it any more: the kernel gives the number to the next file.
 */
public final class Icmp6Socket implements AutoCloseable {
  /** The longest message that is received or sent whole; of a longer one, its beginning. */
  public static final int MAX_MESSAGE = 3072;

  private static final int AF_INET6 = 10;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = 02000000;
  private static final int IPPROTO_ICMPV6 = 58;
  private static final int SHUT_RDWR = 2;

  /** Linux sockios.h, netdevice(7): struct ifreq is the name and, for this one, the index. */
  private static final int SIOCGIFINDEX = 0x8933;

  private static final int INTERFACE_NAME_SIZE = 16;

  /** Linux asm-generic/socket.h. */
  private static final int SOL_SOCKET = 1;

  private static final int SO_RCVTIMEO = 20;
  private static final int SO_BINDTODEVICE = 25;

  /** Linux uapi/linux/in6.h. */
  private static final int IPPROTO_IPV6 = 41;

  private static final int IPV6_UNICAST_HOPS = 16;
  private static final int IPV6_MULTICAST_HOPS = 18;
  private static final int IPV6_JOIN_GROUP = 20;
  private static final int IPV6_RECVHOPLIMIT = 51;
  private static final int IPV6_HOPLIMIT = 52;

  /** Linux uapi/linux/icmpv6.h: 256 bits, of which a set one keeps its type out. */
  private static final int ICMPV6_FILTER = 1;

  private static final int FILTER_SIZE = 32;

  /** RFC 4861: a receiver takes this as proof that the packet was sent on its own link. */
  private static final int MAX_HOPS = 255;

  /** struct msghdr of 64-bit Linux, then what it points to, in one area. */
  private static final int NAME = 0;

  private static final int NAME_SIZE = 8;
  private static final int VECTOR = 16;
  private static final int VECTOR_COUNT = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_SIZE = 40;
  private static final int VECTOR_AT = 64;
  private static final int ADDRESS_AT = 96;
  private static final int ADDRESS_SIZE = 28;
  private static final int CONTROL_AT = 128;
  private static final int CONTROL_ROOM = 128;
  private static final int MESSAGE_AT = 256;

  /** struct sockaddr_in6: family, port, flow, address, scope. */
  private static final int IN6_ADDRESS = 8;

  private static final int IN6_SCOPE = 24;
  private static final int IN6_SIZE = 16;

  /** struct cmsghdr: length with this header, level, type; padded to 8. */
  private static final int CONTROL_HEADER = 16;

  private final int socket;
  private final int interfaceIndex;

  private Icmp6Socket(int socket, int interfaceIndex) {
    this.socket = socket;
    this.interfaceIndex = interfaceIndex;
  }

  /**
   * Opens the socket. EPERM without CAP_NET_RAW, EAFNOSUPPORT where the kernel has no IPv6, ENODEV
   * for an unknown interface.
   *
   * @param patience how long {@link #receive} waits
   * @param types the ICMPv6 types to receive, 0 to 255
   */
  public static Icmp6Socket open(String interfaceName, Duration patience, Set<Integer> types)
      throws LinuxException {
    byte[] name = interfaceName.getBytes(StandardCharsets.UTF_8);
    if (name.length >= INTERFACE_NAME_SIZE) {
      throw new LinuxException("SO_BINDTODEVICE", Errno.EINVAL);
    }
    Scratch mine = Scratch.mine();
    int socket =
        (int) mine.call(SystemCall.SOCKET, AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6);
    try {
      filter(socket, Set.of()); // what came before the socket was bound is not of this interface
      set(socket, SOL_SOCKET, SO_BINDTODEVICE, name);
      set(socket, SOL_SOCKET, SO_RCVTIMEO, patience);
      set(socket, IPPROTO_IPV6, IPV6_UNICAST_HOPS, MAX_HOPS);
      set(socket, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, MAX_HOPS);
      set(socket, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
      filter(socket, types);
      return new Icmp6Socket(socket, indexOf(socket, name));
    } catch (LinuxException refused) {
      FileCalls.close(socket);
      throw refused;
    }
  }

  /** Receives what is sent to this multicast group on the interface, too. */
  public void join(Inet6Address group) throws LinuxException {
    MemorySegment request = Scratch.mine().structure();
    MemorySegment.copy(group.getAddress(), 0, request, JAVA_BYTE, 0, IN6_SIZE);
    request.set(JAVA_INT, IN6_SIZE, interfaceIndex);
    set(socket, IPPROTO_IPV6, IPV6_JOIN_GROUP, request.asSlice(0, IN6_SIZE + 4));
  }

  /**
   * The next message of the chosen types, recvmsg(2).
   *
   * @return empty if none came in time, or the socket was woken
   */
  public Optional<Icmp6Packet> receive() throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment all = header(mine, CONTROL_ROOM, MAX_MESSAGE);
    int length;
    try {
      length = (int) mine.call(SystemCall.RECVMSG, socket, all.address(), 0);
    } catch (LinuxException refused) {
      if (refused.errno() == Errno.EAGAIN) {
        return Optional.empty();
      }
      throw refused;
    }
    if (all.get(JAVA_INT, NAME_SIZE) != ADDRESS_SIZE) { // woken: there is no sender
      return Optional.empty();
    }
    byte[] bytes = all.asSlice(MESSAGE_AT, length).toArray(JAVA_BYTE);
    return Optional.of(new Icmp6Packet(bytes, source(all), hopLimit(all)));
  }

  /**
   * Sends a message, sendmsg(2); its checksum may be left 0. EADDRNOTAVAIL while the interface has
   * no usable address of that scope.
   *
   * @param to on the link of this interface
   */
  public void send(byte[] message, Inet6Address to) throws LinuxException {
    if (message.length > MAX_MESSAGE) {
      throw new LinuxException("sendmsg", Errno.EMSGSIZE);
    }
    Scratch mine = Scratch.mine();
    MemorySegment all = header(mine, 0, message.length);
    all.set(JAVA_SHORT, ADDRESS_AT, (short) AF_INET6);
    MemorySegment.copy(to.getAddress(), 0, all, JAVA_BYTE, ADDRESS_AT + IN6_ADDRESS, IN6_SIZE);
    all.set(JAVA_INT, ADDRESS_AT + IN6_SCOPE, interfaceIndex);
    MemorySegment.copy(message, 0, all, JAVA_BYTE, MESSAGE_AT, message.length);
    mine.call(SystemCall.SENDMSG, socket, all.address(), 0);
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

  /** A struct msghdr with an empty address, one vector, and room for control messages. */
  private static MemorySegment header(Scratch mine, int controlSize, int messageSize) {
    MemorySegment all = mine.structure();
    all.asSlice(0, MESSAGE_AT).fill((byte) 0);
    all.set(JAVA_LONG, NAME, all.address() + ADDRESS_AT);
    all.set(JAVA_INT, NAME_SIZE, ADDRESS_SIZE);
    all.set(JAVA_LONG, VECTOR, all.address() + VECTOR_AT);
    all.set(JAVA_LONG, VECTOR_COUNT, 1);
    all.set(JAVA_LONG, CONTROL, controlSize == 0 ? 0 : all.address() + CONTROL_AT);
    all.set(JAVA_LONG, CONTROL_SIZE, controlSize);
    all.set(JAVA_LONG, VECTOR_AT, all.address() + MESSAGE_AT);
    all.set(JAVA_LONG, VECTOR_AT + 8, messageSize);
    return all;
  }

  private static Inet6Address source(MemorySegment all) {
    byte[] address = all.asSlice(ADDRESS_AT + IN6_ADDRESS, IN6_SIZE).toArray(JAVA_BYTE);
    try {
      return Inet6Address.getByAddress(null, address, all.get(JAVA_INT, ADDRESS_AT + IN6_SCOPE));
    } catch (UnknownHostException wrongLength) {
      throw new AssertionError(wrongLength);
    }
  }

  /** 0 if the kernel did not say, which no receiver takes for 255. */
  private static int hopLimit(MemorySegment all) {
    long end = CONTROL_AT + Math.min(all.get(JAVA_LONG, CONTROL_SIZE), CONTROL_ROOM);
    long at = CONTROL_AT;
    while (at + CONTROL_HEADER + 4 <= end) {
      if (all.get(JAVA_INT, at + 8) == IPPROTO_IPV6
          && all.get(JAVA_INT, at + 12) == IPV6_HOPLIMIT) {
        return all.get(JAVA_INT, at + CONTROL_HEADER);
      }
      at += Math.max(CONTROL_HEADER, (all.get(JAVA_LONG, at) + 7) & ~7L);
    }
    return 0;
  }

  private static int indexOf(int socket, byte[] name) throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment request = mine.structure().asSlice(0, 40).fill((byte) 0);
    MemorySegment.copy(name, 0, request, JAVA_BYTE, 0, name.length);
    mine.call(SystemCall.IOCTL, socket, SIOCGIFINDEX, request.address());
    return request.get(JAVA_INT, INTERFACE_NAME_SIZE);
  }

  private static void filter(int socket, Set<Integer> types) throws LinuxException {
    MemorySegment blocked = Scratch.mine().structure().asSlice(0, FILTER_SIZE).fill((byte) 0xff);
    for (int type : types) {
      int word = type >>> 5;
      int bits = blocked.getAtIndex(JAVA_INT, word);
      blocked.setAtIndex(JAVA_INT, word, bits & ~(1 << (type & 31)));
    }
    set(socket, IPPROTO_ICMPV6, ICMPV6_FILTER, blocked);
  }

  private static void set(int socket, int level, int option, byte[] value) throws LinuxException {
    MemorySegment structure = Scratch.mine().structure();
    MemorySegment.copy(value, 0, structure, JAVA_BYTE, 0, value.length);
    set(socket, level, option, structure.asSlice(0, value.length));
  }

  /** struct timeval. */
  private static void set(int socket, int level, int option, Duration time) throws LinuxException {
    MemorySegment structure = Scratch.mine().structure();
    structure.set(JAVA_LONG, 0, time.toSeconds());
    structure.set(JAVA_LONG, 8, time.toNanosPart() / 1000);
    set(socket, level, option, structure.asSlice(0, 16));
  }

  private static void set(int socket, int level, int option, int value) throws LinuxException {
    MemorySegment structure = Scratch.mine().structure();
    structure.set(JAVA_INT, 0, value);
    set(socket, level, option, structure.asSlice(0, Integer.BYTES));
  }

  private static void set(int socket, int level, int option, MemorySegment value)
      throws LinuxException {
    Scratch.mine()
        .call(SystemCall.SETSOCKOPT, socket, level, option, value.address(), value.byteSize());
  }
}
