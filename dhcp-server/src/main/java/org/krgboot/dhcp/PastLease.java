package org.krgboot.dhcp;

import java.time.Instant;
import org.krgboot.model.Lease;

/**
 * A time in which a node had an address without a break.
 *
 * @param lease {@code lease.expires()} is when it ended, or will unless it is renewed
 */
public record PastLease(Lease lease, Standing standing) {
  /** Whether it can still be renewed. */
  public enum Standing {
    /** Another node has had the address since, or this node another address, or a break. */
    ENDED,
    /** Nothing came after it: it holds, or the address waits for this node to come back. */
    LATEST
  }

  /** Whether the node has the address now. */
  public boolean holds(Instant now) {
    return standing == Standing.LATEST && lease.isActive(now);
  }
}
