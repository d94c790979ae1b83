package org.krgboot.dhcp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  /** Section 3.1 of the PXE specification 2.1, and UEFI 2.5 section 23.7.1. */
  private static final Pattern ARCHITECTURE_IN_CLASS =
      Pattern.compile("(?:PXE|HTTP)Client:Arch:([0-9]{5})(?::.*)?");

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

  /** Option 60, printable. */
  String vendorClass() {
    return options.text(OptionCode.VENDOR_CLASS);
  }

  /** Whether it boots by PXE or HTTP, as its option 60 says. */
  boolean isFirmware() {
    return vendorClass().startsWith(BootClient.PXE_CLASS)
        || vendorClass().startsWith(BootClient.HTTP_CLASS);
  }

  /**
   * Option 77: the elements of RFC 3004's list where the lengths come out even, else all of it as
   * one, see {@link FirmwareQuirk#USER_CLASS_WITHOUT_LENGTH}.
   */
  List<String> userClasses() {
    byte[] all = options.bytes(OptionCode.USER_CLASS);
    List<String> classes = new ArrayList<>();
    int at = 0;
    while (at < all.length && all[at] != 0 && at + 1 + Byte.toUnsignedInt(all[at]) <= all.length) {
      int length = Byte.toUnsignedInt(all[at]);
      classes.add(new String(all, at + 1, length, StandardCharsets.ISO_8859_1));
      at += 1 + length;
    }
    return at == all.length ? classes : List.of(new String(all, StandardCharsets.ISO_8859_1));
  }

  /**
   * Numbers of RFC 4578 section 2.1, the best first: of option 93, or of option 60 where that is
   * missing; see {@link FirmwareQuirk#ARCHITECTURE_ONLY_IN_CLASS}.
   */
  List<Integer> architectures() {
    ByteBuffer all = ByteBuffer.wrap(options.bytes(OptionCode.CLIENT_ARCHITECTURE));
    List<Integer> numbers = new ArrayList<>();
    while (all.remaining() >= 2) {
      numbers.add(Short.toUnsignedInt(all.getShort()));
    }
    if (!numbers.isEmpty() || !options.has(OptionCode.VENDOR_CLASS)) {
      return numbers;
    }
    Matcher inClass = ARCHITECTURE_IN_CLASS.matcher(vendorClass());
    return inClass.matches() ? List.of(Integer.parseInt(inClass.group(1))) : numbers;
  }

  /** Option 97, RFC 4578 section 2.3: a type 0 and 16 bytes. */
  Optional<UUID> machine() {
    byte[] id = options.bytes(OptionCode.CLIENT_MACHINE);
    if (id.length != 17 || id[0] != 0) {
      return Optional.empty();
    }
    ByteBuffer uuid = ByteBuffer.wrap(id, 1, 16);
    return Optional.of(new UUID(uuid.getLong(), uuid.getLong()));
  }

  /** RFC 4039: an ACK at once is welcome. */
  boolean wantsRapidCommit() {
    return type == MessageType.DISCOVER && options.has(OptionCode.RAPID_COMMIT);
  }

  /** iPXE, also as the ROM of a QEMU card. */
  boolean isIpxe() {
    return userClasses().contains("iPXE") || FirmwareQuirk.FLEXBOOT_WITHOUT_USER_CLASS.shows(this);
  }

  /** klibc's client in an initramfs, which takes option 17 for a path and nothing else. */
  boolean isLinuxIpconfig() {
    return vendorClass().equals("Linux ipconfig");
  }

  /** Who asks, for the operator: "iPXE", "PXEClient", "Linux ipconfig", or "". */
  String client() {
    String vendor = vendorClass();
    int colon = vendor.indexOf(':');
    return isIpxe() ? "iPXE" : colon < 0 ? vendor : vendor.substring(0, colon);
  }
}
