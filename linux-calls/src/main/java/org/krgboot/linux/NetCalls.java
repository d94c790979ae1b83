package org.krgboot.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The neighbour table, arp(7). */
public final class NetCalls {
  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 02000000;

  /** Linux sockios.h. */
  private static final int SIOCSARP = 0x8955;

  /** Linux if_arp.h: a complete entry; not permanent, so that the kernel may age it. */
  private static final int ATF_COM = 2;

  private static final short ARPHRD_ETHER = 1;

  /** struct arpreq: three sockaddr of 16 bytes, the flags after the second, then the name. */
  private static final int HARDWARE = 16;

  private static final int FLAGS = 32;
  private static final int INTERFACE = 52;
  private static final int SIZE = 68;
  private static final int INTERFACE_NAME_SIZE = 16;

  private NetCalls() {}

  /**
   * Tells the kernel where {@code ipv4} is, SIOCSARP, so that a packet can be sent to a host that
   * has no address yet and so answers no ARP. Needs CAP_NET_ADMIN (EPERM); ENODEV for an unknown
   * interface, ENETUNREACH (or EINVAL) for an address that is not on its link.
   *
   * @param ipv4 first octet highest
   * @param mac 6 bytes
   */
  public static void setArp(String interfaceName, int ipv4, byte[] mac) throws LinuxException {
    byte[] name = interfaceName.getBytes(StandardCharsets.UTF_8);
    if (name.length >= INTERFACE_NAME_SIZE || mac.length != 6) {
      throw new LinuxException("SIOCSARP", Errno.EINVAL);
    }
    Scratch mine = Scratch.mine();
    MemorySegment request = mine.structure().asSlice(0, SIZE).fill((byte) 0);
    request.set(JAVA_SHORT, 0, (short) AF_INET);
    request.set(JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN), 4, ipv4);
    request.set(JAVA_SHORT, HARDWARE, ARPHRD_ETHER);
    MemorySegment.copy(mac, 0, request, JAVA_BYTE, HARDWARE + 2L, mac.length);
    request.set(JAVA_INT, FLAGS, ATF_COM);
    MemorySegment.copy(name, 0, request, JAVA_BYTE, INTERFACE, name.length);
    int socket = (int) mine.call(SystemCall.SOCKET, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    try {
      mine.call(SystemCall.IOCTL, socket, SIOCSARP, request.address());
    } finally {
      FileCalls.close(socket);
    }
  }
}
