package org.krgboot.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** Something that a server saw a node do. The daemon logs it in one line and keeps it. */
public sealed interface BootEvent {
  Instant at();

  /** Seen by DHCP, where a node is its MAC address. */
  sealed interface OfNode extends BootEvent {
    MacAddress mac();
  }

  /** Seen by TFTP, HTTP or NFS, where a node is the address that it was given. */
  sealed interface OfAddress extends BootEvent {
    Ipv4 address();
  }

  /**
   * The node was offered an address.
   *
   * @param client who asked, from options 60 and 77: "PXEClient", "iPXE", "Linux ipconfig", or ""
   */
  record AddressOffered(Instant at, MacAddress mac, Ipv4 address, String client)
      implements OfNode {}

  /** The node holds the address; {@code client} as in {@link AddressOffered}. */
  record AddressAcknowledged(Instant at, MacAddress mac, Ipv4 address, NodeName name, String client)
      implements OfNode {}

  /** The node was not served; {@code reason} is for the operator and says what to do. */
  record AddressRefused(Instant at, MacAddress mac, String reason) implements OfNode {}

  /** The node gave its address back, or said that somebody else has it. */
  record AddressReturned(Instant at, MacAddress mac, Ipv4 address, String how) implements OfNode {}

  /** By which protocol a boot file was asked for. */
  enum Carrier {
    TFTP,
    HTTP
  }

  /** A boot file was sent whole. {@code resent} counts blocks that had to go out again. */
  record FileSent(
      Instant at,
      Ipv4 address,
      Carrier carrier,
      String file,
      BootFile.Role role,
      long bytes,
      Duration took,
      long resent)
      implements OfAddress {
    /** Journals of the time when there was TFTP only do not name the carrier. */
    public FileSent {
      carrier = Objects.requireNonNullElse(carrier, Carrier.TFTP);
    }
  }

  /** A boot file was asked for and not sent, or not to its end. */
  record FileRefused(Instant at, Ipv4 address, Carrier carrier, String file, String reason)
      implements OfAddress {
    /** As in {@link FileSent}. */
    public FileRefused {
      carrier = Objects.requireNonNullElse(carrier, Carrier.TFTP);
    }
  }

  /** The node mounted an export; {@code path} as it asked for it. */
  record RootMounted(Instant at, Ipv4 address, String path) implements OfAddress {}

  /** A mount or an NFS version was refused; {@code reason} says what to do. */
  record MountRefused(Instant at, Ipv4 address, String path, String reason) implements OfAddress {}

  /** The first READ from the export since the node mounted it (or since the daemon started). */
  record RootFirstRead(Instant at, Ipv4 address) implements OfAddress {}

  /**
   * Where servers put events. Called from any of their threads; returns at once and never throws.
   */
  @FunctionalInterface
  interface Sink {
    void accept(BootEvent event);
  }
}
