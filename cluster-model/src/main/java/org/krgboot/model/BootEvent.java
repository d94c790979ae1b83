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

  /** Of the server as a whole, whatever nodes do. */
  sealed interface OfServer extends BootEvent {}

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

  /** Why a node did not get what it asked for, for whoever looks for the cause. */
  enum Refusal {
    /** Only nodes of the configuration are served. */
    UNKNOWN_NODE,
    /** Nobody has approved it yet. */
    NOT_APPROVED,
    /** An operator does not want it. */
    REJECTED,
    /** An operator has shut it out for a while. */
    FENCED,
    /** All addresses that it may have are taken. */
    NO_FREE_ADDRESS,
    /** It is on a network that is not ours. */
    OTHER_NETWORK,
    /** It wanted to keep an address that it cannot have here; it may ask for another. */
    OTHER_ADDRESS,
    /** There is no such file or directory. */
    NOT_FOUND,
    /** It is there, and may not be had. */
    FORBIDDEN,
    /** No kernel for the node, or a command line that no kernel takes. */
    NOTHING_TO_BOOT,
    /** The server could not read it. */
    FAILED,
    /** The node stopped to answer. */
    NODE_SILENT,
    /** The node broke it off. */
    NODE_ENDED,
    /** Too much at once: it has to wait. */
    BUSY,
    /** It spoke a version of NFS that is not served. */
    NFS_VERSION,
    OTHER
  }

  /**
   * The node was not served.
   *
   * @param reason for the operator; says what to do
   */
  record AddressRefused(Instant at, MacAddress mac, Refusal why, String reason) implements OfNode {
    /** Journals of the first versions do not say why. */
    public AddressRefused {
      why = Objects.requireNonNullElse(why, Refusal.OTHER);
    }

    /** For no reason that has a word of its own. */
    public AddressRefused(Instant at, MacAddress mac, String reason) {
      this(at, mac, Refusal.OTHER, reason);
    }
  }

  /** The node took the offer of another DHCP server, and not ours. */
  record OtherOfferTaken(Instant at, MacAddress mac, Ipv4 server) implements OfNode {}

  /** Why a node does not want its address. */
  enum GivenBack {
    /** It needs none any more: it is switched off. */
    RELEASED,
    /** Another machine answers at it. */
    DECLINED
  }

  /** The node gave its address back; {@code how} is for the operator. */
  record AddressReturned(Instant at, MacAddress mac, Ipv4 address, GivenBack why, String how)
      implements OfNode {
    /** Journals of the first versions have the words alone. */
    public AddressReturned {
      why =
          Objects.requireNonNullElse(
              why, how.startsWith("declined") ? GivenBack.DECLINED : GivenBack.RELEASED);
    }
  }

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
  record FileRefused(
      Instant at, Ipv4 address, Carrier carrier, String file, Refusal why, String reason)
      implements OfAddress {
    /** As in {@link FileSent} and {@link AddressRefused}. */
    public FileRefused {
      carrier = Objects.requireNonNullElse(carrier, Carrier.TFTP);
      why = Objects.requireNonNullElse(why, Refusal.OTHER);
    }

    /** For no reason that has a word of its own. */
    public FileRefused(Instant at, Ipv4 address, Carrier carrier, String file, String reason) {
      this(at, address, carrier, file, Refusal.OTHER, reason);
    }
  }

  /** The node mounted an export; {@code path} as it asked for it. */
  record RootMounted(Instant at, Ipv4 address, String path) implements OfAddress {}

  /** A mount or an NFS version was refused; {@code reason} says what to do. */
  record MountRefused(Instant at, Ipv4 address, String path, Refusal why, String reason)
      implements OfAddress {
    /** As in {@link AddressRefused}. */
    public MountRefused {
      why = Objects.requireNonNullElse(why, Refusal.OTHER);
    }

    /** For no reason that has a word of its own. */
    public MountRefused(Instant at, Ipv4 address, String path, String reason) {
      this(at, address, path, Refusal.OTHER, reason);
    }
  }

  /**
   * The first READ from the export since the node mounted it (or since the daemon started).
   *
   * @param init what the node starts next, if its root is as it was when it mounted it; empty if
   *     there is no init, or the mount was not seen by this daemon
   */
  record RootFirstRead(Instant at, Ipv4 address, String init) implements OfAddress {
    /** As in {@link AddressRefused}. */
    public RootFirstRead {
      init = Objects.requireNonNullElse(init, "");
    }
  }

  /** The node looked for init in a root that has none. */
  record InitNotFound(Instant at, Ipv4 address, String path) implements OfAddress {}

  /**
   * The node read the file of init: it starts it.
   *
   * @param login one of the programs of this root that let people log in; empty if none is known
   */
  record InitRead(Instant at, Ipv4 address, String init, String login) implements OfAddress {}

  /** The node read a program that lets people log in, such as agetty or sshd: it starts it. */
  record LoginStarted(Instant at, Ipv4 address, String program) implements OfAddress {}

  /** What an operator has done about a node, or what came of it. */
  enum Order {
    APPROVED,
    REJECTED,
    FENCED,
    UNFENCED,
    /** Told to boot something. */
    BOOT,
    /** Has booted what it was to boot once. */
    BOOT_DONE
  }

  /**
   * An operator did something about the node. No step of a boot.
   *
   * @param detail what exactly, perhaps nothing: the name it was given, what it is to boot
   */
  record NodeOrdered(Instant at, MacAddress mac, Order order, String detail) implements OfNode {}

  /** What became of a configuration. */
  enum Reading {
    /** It holds. */
    ACCEPTED,
    /** It is wrong, and the one before holds on. */
    REFUSED
  }

  /**
   * A configuration was read.
   *
   * @param number by which it is kept; 0 if it is not
   * @param detail who had it read and what came of it
   */
  record ConfigurationRead(Instant at, Reading what, long number, String detail)
      implements OfServer {}

  /**
   * Where servers put events. Called from any of their threads; returns at once and never throws.
   */
  @FunctionalInterface
  interface Sink {
    void accept(BootEvent event);
  }
}
