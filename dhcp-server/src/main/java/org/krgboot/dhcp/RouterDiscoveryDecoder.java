package org.krgboot.dhcp;

import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.krgboot.dhcp.RouterDiscoveryMessage.EmptyAdvertisement;
import org.krgboot.dhcp.RouterDiscoveryMessage.Malformed;
import org.krgboot.dhcp.RouterDiscoveryMessage.Offer;
import org.krgboot.dhcp.RouterDiscoveryMessage.Solicitation;
import org.krgboot.linux.Icmp6Packet;

/** From bytes to {@link RouterDiscoveryMessage}; the checks of RFC 4861, 6.1.1 and 6.1.2. */
final class RouterDiscoveryDecoder {
  /** A packet that a router has passed on has less: it is not from this link. */
  private static final int FROM_THIS_LINK = 255;

  private static final int SOLICITATION_LENGTH = 8;
  private static final int ADVERTISEMENT_LENGTH = 16;
  private static final int CODE = 1;

  /** Of an advertisement: the M and O flags, RFC 4861 section 4.2, and the router lifetime. */
  private static final int FLAGS = 5;

  private static final int MANAGED_OR_OTHER = 0xc0;
  private static final int LIFETIME = 6;

  /** Options, RFC 4861 section 4.6: type, length in units of 8 bytes, value. */
  private static final int OPTION_UNIT = 8;

  private static final int SOURCE_LINK_LAYER_ADDRESS = 1;
  private static final int PREFIX_INFORMATION = 3;

  private RouterDiscoveryDecoder() {}

  static RouterDiscoveryMessage decode(Icmp6Packet packet) {
    byte[] bytes = packet.bytes();
    if (packet.hopLimit() != FROM_THIS_LINK || bytes.length < SOLICITATION_LENGTH) {
      return new Malformed();
    }
    if (bytes[CODE] != 0) {
      return new Malformed();
    }
    return switch (bytes[0] & 0xff) {
      case RouterDiscoveryMessage.SOLICITATION -> solicitation(bytes, packet.source());
      case RouterDiscoveryMessage.ADVERTISEMENT -> advertisement(bytes, packet.source());
      default -> new Malformed();
    };
  }

  private static RouterDiscoveryMessage solicitation(byte[] bytes, Inet6Address source) {
    if (!optionsFit(bytes, SOLICITATION_LENGTH)) {
      return new Malformed();
    }
    boolean contradicts =
        source.isAnyLocalAddress() && has(SOURCE_LINK_LAYER_ADDRESS, bytes, SOLICITATION_LENGTH);
    return contradicts ? new Malformed() : new Solicitation(source);
  }

  private static RouterDiscoveryMessage advertisement(byte[] bytes, Inet6Address source) {
    if (!source.isLinkLocalAddress()
        || bytes.length < ADVERTISEMENT_LENGTH
        || !optionsFit(bytes, ADVERTISEMENT_LENGTH)) {
      return new Malformed();
    }
    int lifetime = Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(LIFETIME));
    boolean offers =
        lifetime > 0
            || (bytes[FLAGS] & MANAGED_OR_OTHER) != 0
            || has(PREFIX_INFORMATION, bytes, ADVERTISEMENT_LENGTH);
    return offers ? new Offer(Duration.ofSeconds(lifetime)) : new EmptyAdvertisement();
  }

  private static boolean optionsFit(byte[] bytes, int first) {
    int at = first;
    while (at + 1 < bytes.length && bytes[at + 1] != 0) {
      at += length(bytes, at);
    }
    return at == bytes.length;
  }

  /** Only of bytes whose options fit. */
  private static boolean has(int option, byte[] bytes, int first) {
    for (int at = first; at < bytes.length; at += length(bytes, at)) {
      if ((bytes[at] & 0xff) == option) {
        return true;
      }
    }
    return false;
  }

  private static int length(byte[] bytes, int at) {
    return (bytes[at + 1] & 0xff) * OPTION_UNIT;
  }
}
