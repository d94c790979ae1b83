package org.krgboot.tftp;

import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broadcast addresses of this machine's networks, as they were some seconds ago. Asked by one
 * thread, which never waits for the answer.
 */
final class BroadcastAddresses {
  private static final Logger LOG = LoggerFactory.getLogger(BroadcastAddresses.class);

  /** So long what was found is believed. */
  private static final Duration BELIEVED = Duration.ofSeconds(5);

  /** A network of two addresses has none for all, RFC 3021. */
  private static final int LONGEST_PREFIX = 30;

  private final Executor disk;
  private volatile Set<Ipv4> found = Set.of();
  private Instant lookAt = Instant.MIN;

  /**
   * Looks now, and whenever it is asked some seconds later.
   *
   * @param disk where calls that may block run
   */
  BroadcastAddresses(Executor disk) {
    this.disk = disk;
    look();
  }

  boolean contains(Ipv4 address, Instant now) {
    if (!lookAt.isAfter(now)) {
      lookAt = now.plus(BELIEVED);
      try {
        disk.execute(this::look);
      } catch (RejectedExecutionException e) {
        LOG.debug("tftp: the networks are not looked at, the server ends");
      }
    }
    return found.contains(address);
  }

  /**
   * The highest address of each network, which the kernel takes for all of it whether it is told so
   * or not (the JDK tells only what it was told); but never one of our own.
   */
  private void look() {
    try {
      Set<Ipv4> own = new HashSet<>();
      Set<Ipv4> all = new HashSet<>();
      for (NetworkInterface nic : NetworkInterface.networkInterfaces().toList()) {
        for (InterfaceAddress one : nic.getInterfaceAddresses()) {
          if (one.getAddress() instanceof Inet4Address inet4) {
            Ipv4 address = Ipv4.of(inet4);
            own.add(address);
            if (one.getNetworkPrefixLength() <= LONGEST_PREFIX) {
              all.add(Subnet.around(address, one.getNetworkPrefixLength()).broadcast());
            }
          }
        }
      }
      all.removeAll(own);
      found = Set.copyOf(all);
    } catch (SocketException e) {
      LOG.debug("tftp: the networks cannot be looked at, as before is believed", e);
    }
  }
}
