package org.krgboot.cli;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.krgboot.model.MacAddress;

/** Switches machines on by AMD's magic packet (white paper 20213, 1995). */
final class WakeOnLan {
  /** The discard port, RFC 863: nobody answers there. */
  private static final int PORT = 9;

  private static final int REPEATS = 16;

  private WakeOnLan() {}

  /** Six times 0xff, then the address sixteen times. */
  static byte[] packet(MacAddress mac) {
    byte[] packet = new byte[MacAddress.LENGTH * (1 + REPEATS)];
    Arrays.fill(packet, 0, MacAddress.LENGTH, (byte) 0xff);
    for (int i = 1; i <= REPEATS; i++) {
      System.arraycopy(mac.octets(), 0, packet, i * MacAddress.LENGTH, MacAddress.LENGTH);
    }
    return packet;
  }

  /**
   * Sends the packet for each to all networks of this machine that have a broadcast address; which
   * one a machine that is off stands on nobody can know.
   *
   * @throws IOException if there is none, or it cannot be sent
   */
  static void wake(List<MacAddress> machines) throws IOException {
    List<InterfaceAddress> networks = networks();
    if (networks.isEmpty()) {
      throw new IOException("this machine has no interface that is up and has a broadcast address");
    }
    for (InterfaceAddress network : networks) {
      try (DatagramSocket socket =
          new DatagramSocket(new InetSocketAddress(network.getAddress(), 0))) {
        socket.setBroadcast(true);
        for (MacAddress machine : machines) {
          byte[] packet = packet(machine);
          InetAddress all = Objects.requireNonNull(network.getBroadcast());
          socket.send(new DatagramPacket(packet, packet.length, all, PORT));
        }
      }
    }
  }

  private static List<InterfaceAddress> networks() throws SocketException {
    return NetworkInterface.networkInterfaces()
        .filter(WakeOnLan::isUp)
        .flatMap(card -> card.getInterfaceAddresses().stream())
        .filter(address -> address.getBroadcast() != null)
        .toList();
  }

  private static boolean isUp(NetworkInterface card) {
    try {
      return card.isUp() && !card.isLoopback();
    } catch (SocketException e) {
      return false; // it has just gone
    }
  }
}
