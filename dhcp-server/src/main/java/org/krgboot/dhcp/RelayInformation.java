package org.krgboot.dhcp;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.krgboot.model.Ipv4;

/**
 * What a relay tells in option 82, by sub-option. A part that is cut short is not there. Without a
 * giaddr a switch may have put the option in, so who the node is counts; but the node itself may
 * have, so where it is, and who the server is, do not.
 */
record RelayInformation(Map<Integer, Octets> parts) {
  static final RelayInformation NONE = new RelayInformation(Map.of());

  /** RFC 3046 section 3.1. */
  private static final int CIRCUIT_ID = 1;

  /** RFC 3046 section 3.2. */
  private static final int REMOTE_ID = 2;

  /** RFC 3527. */
  private static final int LINK_SELECTION = 5;

  /** RFC 5107. */
  private static final int SERVER_ID_OVERRIDE = 11;

  /** RFC 8357 section 5.4. */
  private static final int RELAY_PORT = 19;

  private static final Set<Integer> OF_A_RELAY_ONLY =
      Set.of(LINK_SELECTION, SERVER_ID_OVERRIDE, RELAY_PORT);

  static RelayInformation of(DhcpRequest request) {
    byte[] option = request.options().bytes(OptionCode.RELAY_AGENT);
    if (option.length == 0) {
      return NONE;
    }
    Map<Integer, Octets> parts = new HashMap<>();
    for (int at = 0; at + 2 <= option.length; ) {
      int end = at + 2 + Byte.toUnsignedInt(option[at + 1]);
      if (end > option.length) {
        break;
      }
      Octets value = Octets.of(Arrays.copyOfRange(option, at + 2, end));
      parts.putIfAbsent(Byte.toUnsignedInt(option[at]), value);
      at = end;
    }
    if (!request.isRelayed()) {
      parts.keySet().removeAll(OF_A_RELAY_ONLY);
    }
    return new RelayInformation(parts);
  }

  Optional<Octets> circuitId() {
    return Optional.ofNullable(parts.get(CIRCUIT_ID));
  }

  Optional<Octets> remoteId() {
    return Optional.ofNullable(parts.get(REMOTE_ID));
  }

  /** An address of the subnet that the node is in, where giaddr is not. */
  Optional<Ipv4> link() {
    return address(LINK_SELECTION);
  }

  /** What the node is to take for the server, so that its renewals pass the relay too. */
  Optional<Ipv4> serverId() {
    return address(SERVER_ID_OVERRIDE);
  }

  /** The relay listens at the port that it sent from, and not at 67. */
  boolean hasOwnPort() {
    return parts.containsKey(RELAY_PORT);
  }

  private Optional<Ipv4> address(int code) {
    return Optional.ofNullable(parts.get(code))
        .filter(value -> value.length() == 4)
        .map(value -> Ipv4.of(value.bytes()));
  }
}
