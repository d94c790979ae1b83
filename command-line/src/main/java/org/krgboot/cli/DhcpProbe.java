package org.krgboot.cli;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dhcp4java.DHCPBadPacketException;
import org.dhcp4java.DHCPConstants;
import org.dhcp4java.DHCPPacket;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/**
 * Asks the network who serves DHCP, as a node would, and takes nothing: a DISCOVER binds no
 * address. The client is dhcp4java, an implementation that is not ours, so that our own answers are
 * judged by somebody else.
 */
final class DhcpProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int SERVER_PORT = 67;
  private static final int CLIENT_PORT = 68;

  private DhcpProbe() {}

  /**
   * The servers that made an offer, each once, in the order of their answers.
   *
   * @param from the address on the network to ask; broadcasts leave by its interface
   * @throws IOException if the client port cannot be used
   */
  static List<Ipv4> servers(Ipv4 from) throws IOException {
    byte[] discover = discover();
    int id = new DHCPPacketView(discover).id();
    // Answers are broadcast: only a socket bound to no address hears them. Questions must leave by
    // the right interface: only a socket bound to its address does that.
    try (DatagramSocket in = socket(Ipv4.ANY);
        DatagramSocket out = socket(from)) {
      out.send(
          new DatagramPacket(
              discover,
              discover.length,
              new InetSocketAddress(InetAddress.getByName("255.255.255.255"), SERVER_PORT)));
      return offers(in, id);
    }
  }

  private static DatagramSocket socket(Ipv4 address) throws IOException {
    DatagramSocket socket = new DatagramSocket(null);
    try {
      socket.setReuseAddress(true);
      socket.setBroadcast(true);
      socket.bind(new InetSocketAddress(address.toInetAddress(), CLIENT_PORT));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static byte[] discover() {
    SecureRandom random = new SecureRandom();
    byte[] hardware = Arrays.copyOf(MacAddress.OF_A_CHECK.octets(), 16);
    DHCPPacket packet = new DHCPPacket();
    packet.setOp(DHCPConstants.BOOTREQUEST);
    packet.setHtype(DHCPConstants.HTYPE_ETHER);
    packet.setHlen((byte) 6);
    packet.setXid(random.nextInt());
    packet.setFlags((short) 0x8000);
    packet.setChaddr(hardware);
    packet.setDHCPMessageType(DHCPConstants.DHCPDISCOVER);
    return packet.serialize();
  }

  private static List<Ipv4> offers(DatagramSocket in, int id) throws IOException {
    List<Ipv4> servers = new ArrayList<>();
    long end = System.nanoTime() + PATIENCE.toNanos();
    byte[] buffer = new byte[1500];
    for (long left = PATIENCE.toMillis(); left > 0; left = (end - System.nanoTime()) / 1_000_000) {
      in.setSoTimeout((int) left);
      DatagramPacket datagram = new DatagramPacket(buffer, buffer.length);
      try {
        in.receive(datagram);
      } catch (SocketTimeoutException e) {
        break;
      }
      byte[] bytes = Arrays.copyOf(buffer, datagram.getLength());
      DHCPPacketView answer = new DHCPPacketView(bytes);
      if (answer.isOffer() && answer.id() == id && !servers.contains(answer.server())) {
        servers.add(answer.server());
      }
    }
    return servers;
  }

  /** A packet as dhcp4java reads it; what it cannot read is no offer. */
  private static final class DHCPPacketView {
    private final DHCPPacket packet;
    private final boolean readable;

    DHCPPacketView(byte[] bytes) {
      DHCPPacket read = new DHCPPacket();
      boolean ok = true;
      try {
        read = DHCPPacket.getPacket(bytes, 0, bytes.length, false);
      } catch (DHCPBadPacketException e) {
        ok = false;
      }
      packet = read;
      readable = ok;
    }

    int id() {
      return packet.getXid();
    }

    boolean isOffer() {
      byte[] type = packet.getOptionRaw(DHCPConstants.DHO_DHCP_MESSAGE_TYPE);
      return readable
          && type != null
          && type.length == 1
          && type[0] == DHCPConstants.DHCPOFFER
          && serverId().length == 4;
    }

    Ipv4 server() {
      return Ipv4.of(serverId());
    }

    private byte[] serverId() {
      byte[] id = packet.getOptionRaw(DHCPConstants.DHO_DHCP_SERVER_IDENTIFIER);
      return id == null ? new byte[0] : id;
    }
  }
}
