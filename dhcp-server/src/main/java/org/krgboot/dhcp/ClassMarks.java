package org.krgboot.dhcp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a request shows of its sender, by which classes tell nodes apart. */
final class ClassMarks {
  /** Client system architecture, RFC 4578 section 2.1: a list of 16-bit codes. */
  private static final int CLIENT_ARCHITECTURE = 93;

  private final byte[] mac;
  private final String vendorClass;
  private final List<String> userClasses;
  private final Set<Integer> architectures;
  private final RelayInformation relay;

  ClassMarks(DhcpRequest request, RelayInformation relay) {
    this.mac = request.mac().octets();
    this.vendorClass = text(request.options().bytes(OptionCode.VENDOR_CLASS));
    this.userClasses = userClasses(request.options().bytes(OptionCode.USER_CLASS));
    this.architectures = numbers(request.options().bytes(CLIENT_ARCHITECTURE));
    this.relay = relay;
  }

  boolean areIn(NodeClass one) {
    return among(one.macPrefixes().stream().anyMatch(this::beginsMac), one.macPrefixes().isEmpty())
        && among(
            one.vendorClasses().stream().anyMatch(vendorClass::startsWith),
            one.vendorClasses().isEmpty())
        && among(
            one.userClasses().stream().anyMatch(userClasses::contains), one.userClasses().isEmpty())
        && among(
            one.architectures().stream().anyMatch(architectures::contains),
            one.architectures().isEmpty())
        && among(isIn(relay.circuitId(), one.circuitIds()), one.circuitIds().isEmpty())
        && among(isIn(relay.remoteId(), one.remoteIds()), one.remoteIds().isEmpty());
  }

  private static boolean among(boolean found, boolean anyWillDo) {
    return anyWillDo || found;
  }

  private static boolean isIn(Optional<Octets> shown, Set<Octets> wanted) {
    return shown.filter(wanted::contains).isPresent();
  }

  private boolean beginsMac(Octets prefix) {
    ByteBuffer begin = ByteBuffer.wrap(mac, 0, prefix.length());
    return begin.equals(ByteBuffer.wrap(prefix.bytes()));
  }

  /** RFC 3004: each with its length before it. iPXE and Windows send the bare text instead. */
  private static List<String> userClasses(byte[] option) {
    List<String> classes = new ArrayList<>();
    classes.add(text(option));
    for (int at = 0; at < option.length; ) {
      int end = at + 1 + Byte.toUnsignedInt(option[at]);
      if (end > option.length) {
        return classes;
      }
      classes.add(new String(option, at + 1, end - at - 1, StandardCharsets.ISO_8859_1));
      at = end;
    }
    return classes;
  }

  private static Set<Integer> numbers(byte[] option) {
    Set<Integer> numbers = new HashSet<>();
    ByteBuffer bytes = ByteBuffer.wrap(option);
    while (bytes.remaining() >= 2) {
      numbers.add(Short.toUnsignedInt(bytes.getShort()));
    }
    return numbers;
  }

  private static String text(byte[] option) {
    return new String(option, StandardCharsets.ISO_8859_1);
  }
}
