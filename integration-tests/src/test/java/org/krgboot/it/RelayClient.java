package org.krgboot.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Asks a DHCP server through the eyes of a relay what simulated nodes are told, and prints each
 * part of the answers as a line. Run as a program within a namespace; written from RFC 2131 by
 * itself, so that it shares no mistake with the server.
 */
final class RelayClient {
  private static final byte[] COOKIE = {0x63, (byte) 0x82, 0x53, 0x63};
  private static final int SERVER_PORT = 67;
  private static final int WAIT = 15_000;

  /** A node: the options that it sends beside the protocol's own, in hexadecimal. */
  private record Kind(String name, int mac, String options) {}

  private static final Kind[] KINDS = {
    // Boot ROM: PXEClient, architecture 0, and the parameters of PXE 2.1 section 2.2.
    new Kind(
        "rom",
        1,
        "370d0102030c0f111c363a3b424380 3c20505845436c69656e743a417263683a30303030303a554e44493a303032303031"
            + "5d020000 39020240"),
    // iPXE: user class without a length octet, a longer list.
    new Kind("ipxe", 2, "370c01030607 0c0f111c2b424377 4d0469505845 5d020000 390205c0"),
    // The kernel's own client: no class, seven parameters.
    new Kind("kernel", 3, "37070103060c0f1128"),
    // klibc's ipconfig.
    new Kind("klibc", 4, "370b0103060c0f111a1c287779 3c0e4c696e757820697063 6f6e666967"),
    // A client that does not say what it wants.
    new Kind("plain", 5, ""),
  };

  private RelayClient() {}

  public static void main(String[] arguments) throws IOException {
    InetAddress server = InetAddress.getByName(arguments[0]);
    InetAddress relay = InetAddress.getByName(arguments[1]);
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(relay, SERVER_PORT))) {
      socket.setSoTimeout(WAIT);
      for (Kind kind : KINDS) {
        byte[] own = HexFormat.of().parseHex(kind.options().replace(" ", ""));
        ByteBuffer offer = ask(socket, server, packet(kind, relay, 1, own, new byte[0]));
        print(kind.name(), "OFFER", offer);
        byte[] address = new byte[4];
        offer.get(16, address);
        byte[] chosen = options(offer).getOrDefault(54, new byte[4]);
        ByteArrayOutputStream more = new ByteArrayOutputStream();
        more.writeBytes(new byte[] {50, 4});
        more.writeBytes(address);
        more.writeBytes(new byte[] {54, 4});
        more.writeBytes(chosen);
        print(
            kind.name(),
            "ACK",
            ask(socket, server, packet(kind, relay, 3, own, more.toByteArray())));
      }
    }
  }

  private static byte[] packet(Kind kind, InetAddress relay, int type, byte[] own, byte[] more) {
    ByteBuffer packet = ByteBuffer.allocate(548);
    packet.put(new byte[] {1, 1, 6, 1}).putInt(0x4b524700 | kind.mac() << 4 | type);
    packet.position(24);
    packet.put(relay.getAddress());
    packet.put(new byte[] {0x52, 0x54, 0, 0, 0, (byte) kind.mac()});
    packet.position(236);
    packet.put(COOKIE).put(new byte[] {53, 1, (byte) type}).put(own).put(more).put((byte) 255);
    return packet.array();
  }

  private static ByteBuffer ask(DatagramSocket socket, InetAddress server, byte[] packet)
      throws IOException {
    socket.send(new DatagramPacket(packet, packet.length, server, SERVER_PORT));
    while (true) {
      DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
      socket.receive(answer);
      ByteBuffer got = ByteBuffer.wrap(answer.getData(), 0, answer.getLength());
      if (got.get(0) == 2 && got.getInt(4) == ByteBuffer.wrap(packet).getInt(4)) {
        return got;
      }
    }
  }

  private static Map<Integer, byte[]> options(ByteBuffer packet) {
    Map<Integer, byte[]> options = new TreeMap<>();
    int at = 240;
    while (at + 1 < packet.limit() && (packet.get(at) & 0xff) != 255) {
      int code = packet.get(at) & 0xff;
      if (code == 0) {
        at++;
        continue;
      }
      byte[] value = new byte[packet.get(at + 1) & 0xff];
      packet.get(at + 2, value);
      options.put(code, value);
      at += 2 + value.length;
    }
    return options;
  }

  private static void print(String kind, String message, ByteBuffer packet) {
    String place = kind + " " + message + " ";
    int last = packet.get(19) & 0xff;
    System.out.println(place + "yiaddr=" + address(packet, 16));
    System.out.println(place + "siaddr=" + address(packet, 20));
    System.out.println(place + "sname=" + text(packet, 44, 64));
    System.out.println(place + "file=" + text(packet, 108, 128));
    options(packet)
        .forEach((code, value) -> {
          // The address is the server's choice; the name has to follow from it.
          String shown =
              code == 12
                  ? new String(value, StandardCharsets.US_ASCII)
                      .replaceFirst(last + "$", "<octet4>")
                  : HexFormat.of().formatHex(value);
          System.out.println(place + code + "=" + shown);
        });
  }

  private static String address(ByteBuffer packet, int at) {
    return (packet.get(at) & 0xff)
        + "."
        + (packet.get(at + 1) & 0xff)
        + "."
        + (packet.get(at + 2) & 0xff)
        + "."
        + (packet.get(at + 3) & 0xff);
  }

  private static String text(ByteBuffer packet, int at, int length) {
    byte[] field = new byte[length];
    packet.get(at, field);
    String text = new String(field, StandardCharsets.US_ASCII);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }
}
