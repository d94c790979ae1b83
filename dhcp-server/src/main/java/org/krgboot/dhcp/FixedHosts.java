package org.krgboot.dhcp;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.krgboot.model.Ipv4;

/** The nodes that the configuration names, found by what they show of themselves. Immutable. */
final class FixedHosts {
  /** RFC 4361 section 6.1: type 255, four octets of IAID, then the DUID. */
  private static final int DUID_TYPE = 255;

  private static final int BEFORE_DUID = 5;

  private final Map<HostKey, FixedHost> byKey = new HashMap<>();
  private final Set<Ipv4> addresses = new HashSet<>();

  FixedHosts(List<FixedHost> hosts) {
    for (FixedHost host : hosts) {
      byKey.put(host.key(), host);
      host.address().ifPresent(addresses::add);
    }
  }

  /** The sender's entry: by its MAC address first, by its place on the network last. */
  Optional<FixedHost> of(DhcpRequest request, RelayInformation relay) {
    if (byKey.isEmpty()) {
      return Optional.empty();
    }
    return keys(request, relay)
        .flatMap(key -> Optional.ofNullable(byKey.get(key)).stream())
        .findFirst();
  }

  private static Stream<HostKey> keys(DhcpRequest request, RelayInformation relay) {
    byte[] id = request.options().bytes(OptionCode.CLIENT_ID);
    return Stream.of(
            Optional.of(new HostKey.Mac(request.mac())),
            Optional.of(id).filter(i -> i.length > 0).map(i -> new HostKey.ClientId(Octets.of(i))),
            duid(id).map(HostKey.Duid::new),
            relay.circuitId().map(HostKey.CircuitId::new),
            relay.remoteId().map(HostKey.RemoteId::new))
        .flatMap(Optional::<HostKey>stream);
  }

  private static Optional<Octets> duid(byte[] id) {
    return id.length > BEFORE_DUID && Byte.toUnsignedInt(id[0]) == DUID_TYPE
        ? Optional.of(Octets.of(Arrays.copyOfRange(id, BEFORE_DUID, id.length)))
        : Optional.empty();
  }

  boolean isFixed(Ipv4 address) {
    return addresses.contains(address);
  }
}
