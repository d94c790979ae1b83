package org.krgboot.dhcp;

/** How all networks are served. */
public record Policy(
    Unknown unknown,
    Authority authority,
    Key key,
    Delivery delivery,
    Commit commit,
    Probing probing) {
  /** The defaults. */
  public static final Policy STANDARD =
      new Policy(Unknown.ALLOWED, Authority.AUTHORITATIVE, Key.MAC, Delivery.BY_FLAG);

  /** One that commits after an offer, and probes nothing. */
  public Policy(Unknown unknown, Authority authority, Key key, Delivery delivery) {
    this(unknown, authority, key, delivery, Commit.AFTER_AN_OFFER, Probing.NONE);
  }

  /** Whether we know all nodes of the network. */
  public enum Authority {
    /** A node that wants an address which it cannot have is told so. */
    AUTHORITATIVE,
    /** Only if it has, or had, a lease of ours; another server may know of the rest. */
    ONE_OF_SEVERAL
  }

  /** What makes two requests those of one node. */
  public enum Key {
    /** The hardware address: firmware, iPXE, initrd and kernel say different client ids. */
    MAC,
    /** Option 61 where there is one, as RFC 2131 section 2 has it. */
    CLIENT_ID
  }

  /** How a node on our own wire is reached that has no address yet. */
  public enum Delivery {
    /** By unicast unless its request has the broadcast flag, RFC 2131 section 4.1. */
    BY_FLAG,
    /** Always by broadcast. */
    BROADCAST
  }

  /** When a node gets its address. */
  public enum Commit {
    /** Once it has taken our offer. */
    AFTER_AN_OFFER,
    /** At once if it asks for that, RFC 4039: where there is no other server. */
    RAPID
  }

  /** Whether an address is tried before it is offered. */
  public enum Probing {
    /** By an echo request, RFC 2131 section 2.2: who answers uses it without our knowledge. */
    PING,
    NONE
  }

  /** The same but for when a node gets its address. */
  public Policy with(Commit when) {
    return new Policy(unknown, authority, key, delivery, when, probing);
  }

  /** The same but for whether addresses are tried. */
  public Policy with(Probing how) {
    return new Policy(unknown, authority, key, delivery, commit, how);
  }

  /** The same but for unknown nodes. */
  public Policy with(Unknown rule) {
    return new Policy(rule, authority, key, delivery, commit, probing);
  }
}
