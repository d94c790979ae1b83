package org.krgboot.dhcp;

import java.time.Duration;
import java.time.Instant;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;
import org.krgboot.model.MacAddress;

/**
 * A lease with what the server alone needs to know of it.
 *
 * @param renewed when {@code lease.expires()} was set; shows that the clock has been put back
 */
record Binding(Lease lease, Instant renewed) {
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
        new Lease(lease.mac(), lease.address(), lease.name(), lease.since(), expires), when);
  }
}
