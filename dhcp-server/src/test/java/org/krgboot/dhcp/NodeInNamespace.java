package org.krgboot.dhcp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import org.krgboot.linux.Icmp6Packet;
import org.krgboot.linux.Icmp6Socket;

/** The other end of the wire: a node, or a router, that does what its standard input says. */
final class NodeInNamespace {
  private NodeInNamespace() {}

  /**
   * For each line: {@code send ADDRESS HEX} does so; {@code listen} says the advertisement that
   * comes, or "nothing".
   *
   * @param args interface
   */
  public static void main(String[] args) throws IOException {
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
    try (Icmp6Socket socket = Icmp6Socket.open(args[0], Duration.ofSeconds(2), Set.of(134))) {
      System.out.println("ready");
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        String[] words = line.split(" ");
        if (words[0].equals("send")) {
          byte[] message = HexFormat.of().parseHex(words[2]);
          socket.send(message, (Inet6Address) InetAddress.getByName(words[1]));
        } else {
          System.out.println(socket.receive().map(NodeInNamespace::text).orElse("nothing"));
        }
      }
    }
  }

  private static String text(Icmp6Packet packet) {
    byte[] withoutChecksum = packet.bytes().clone();
    withoutChecksum[2] = 0;
    withoutChecksum[3] = 0;
    return "from %s hops %d: %s"
        .formatted(
            packet.source().getHostAddress().replaceFirst("%.*", ""),
            packet.hopLimit(),
            HexFormat.of().formatHex(withoutChecksum));
  }
}
