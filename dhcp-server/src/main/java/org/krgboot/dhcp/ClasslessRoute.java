package org.krgboot.dhcp;

import java.nio.ByteBuffer;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/** A route of option 121 (RFC 3442), and of 249, which is Microsoft's number for the same. */
final class ClasslessRoute {
  private ClasslessRoute() {}

  /** Of {@code 10.0.0.0/8 10.11.12.254}: the width, its significant octets, the router. */
  static byte[] encode(String text) {
    String[] words = text.strip().split("\\s+(via\\s+)?", -1);
    if (words.length != 2) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a route; write it as 10.0.0.0/8 10.11.12.254");
    }
    Subnet to = Subnet.parse(words[0]);
    int significant = (to.prefixLength() + 7) / 8;
    return ByteBuffer.allocate(1 + significant + 4)
        .put((byte) to.prefixLength())
        .put(to.network().octets(), 0, significant)
        .put(Ipv4.parse(words[1]).octets())
        .array();
  }
}
