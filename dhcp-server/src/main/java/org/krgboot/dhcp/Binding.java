package org.krgboot.dhcp;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;
import org.krgboot.model.MacAddress;

/**
 * A lease with what the server alone needs to know of it.
 *
 * @param renewed when {@code lease.expires()} was set; shows that the clock has been put back
 * @param clientId the node's option 61, if that is what it is known by
 */
record Binding(Lease lease, Instant renewed, Optional<Octets> clientId) {
  /** Of a node that is known by its MAC address. */
  Binding(Lease lease, Instant renewed) {
    this(lease, renewed, Optional.empty());
  }

  ClientKey key() {
    return clientId
        .<ClientKey>map(ClientKey.ById::new)
        .orElseGet(() -> new ClientKey.ByMac(lease.mac()));
  }

  /** The same as it is known where the client id is not looked at. */
  Binding knownBy(Policy.Key key) {
    return switch (key) {
      case MAC -> new Binding(lease, renewed, Optional.empty());
      case CLIENT_ID -> this;
    };
  }

  MacAddress mac() {
    return lease.mac();
  }

  Ipv4 address() {
    return lease.address();
  }

  boolean isActive(Instant now) {
    return lease.isActive(now);
  }

  /** The same with as much time from {@code now} as it had when it was renewed. */
  Binding restartedAt(Instant now) {
    return until(now.plus(Duration.between(renewed, lease.expires())), now);
  }

  /** Free from {@code now} on, but still this node's unless another needs the address. */
  Binding endedAt(Instant now) {
    return until(now, now);
  }

  private Binding until(Instant expires, Instant when) {
    return new Binding(
        new Lease(lease.mac(), lease.address(), lease.name(), lease.since(), expires),
        when,
        clientId);
  }
}
