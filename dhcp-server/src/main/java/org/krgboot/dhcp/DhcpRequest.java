package org.krgboot.dhcp;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/**
 * A client's message. The fields {@code yiaddr} and {@code siaddr} are not read: the Linux kernel
 * sends them as 255.255.255.255.
 *
 * @param xid the client's number for this exchange
 * @param flags as sent; see {@link DhcpReply#BROADCAST_FLAG}
 * @param current {@code ciaddr}: the address that the client uses already, or 0.0.0.0
 * @param relay {@code giaddr}: the relay that passed it on, or 0.0.0.0
 */
record DhcpRequest(
    MessageType type,
    MacAddress mac,
    int xid,
    int flags,
    Ipv4 current,
    Ipv4 relay,
    DhcpOptions options)
    implements Decoded {
  boolean isRelayed() {
    return !relay.equals(Ipv4.ANY);
  }

  /**
   * True if the client, tired of waiting, has said {@code earlier} once more: RFC 2131 section 4.1
   * has it repeat a message with the same xid. The field {@code secs} may have grown.
   */
  boolean repeats(DhcpRequest earlier) {
    return type == earlier.type
        && mac.equals(earlier.mac)
        && xid == earlier.xid
        && current.equals(earlier.current)
        && relay.equals(earlier.relay)
        && requestedAddress().equals(earlier.requestedAddress());
  }

  Optional<Ipv4> requestedAddress() {
    return options.address(OptionCode.REQUESTED_ADDRESS);
  }

  Optional<Ipv4> chosenServer() {
    return options.address(OptionCode.SERVER_ID);
  }

  /** The options asked for, each once, in the client's order; empty if it did not say. */
  Set<Integer> wanted() {
    Set<Integer> wanted = new LinkedHashSet<>();
    for (byte code : options.bytes(OptionCode.PARAMETER_LIST)) {
      wanted.add(Byte.toUnsignedInt(code));
    }
    return wanted;
  }

  /** iPXE, also as the ROM of a QEMU card. FlexBoot has option 175 without the user class. */
  boolean isIpxe() {
    return options.has(OptionCode.IPXE)
        || new String(options.bytes(OptionCode.USER_CLASS), StandardCharsets.ISO_8859_1)
            .contains("iPXE");
  }

  /** klibc's client in an initramfs, which takes option 17 for a path and nothing else. */
  boolean isLinuxIpconfig() {
    return options.text(OptionCode.VENDOR_CLASS).equals("Linux ipconfig");
  }

  /** Who asks, for the operator: "iPXE", "PXEClient", "Linux ipconfig", or "". */
  String client() {
    String vendor = options.text(OptionCode.VENDOR_CLASS);
    int colon = vendor.indexOf(':');
    return isIpxe() ? "iPXE" : colon < 0 ? vendor : vendor.substring(0, colon);
  }
}
