package org.krgboot.nfs;

/**
 * What a client of an export may do, and as whom.
 *
 * @param anonUid who squashed users become; never -1, which is no user
 */
public record Terms(
    Access access, Squash squash, int anonUid, int anonGid, Durability sync, SourcePorts ports) {
  /** What clients may do. */
  public enum Access {
    READ_WRITE,
    READ_ONLY
  }

  /** Whose identity is not believed. */
  public enum Squash {
    NONE,
    ROOT,
    ALL
  }

  /**
   * When a change of a name or an attribute is on disk: before it is answered, or a little later.
   * File data is not concerned: that is as durable as the client asks, either way.
   */
  public enum Durability {
    SYNC,
    ASYNC
  }

  /** From which ports calls are taken. */
  public enum SourcePorts {
    RESERVED_ONLY,
    ANY
  }

  /** The id of "nobody" on Debian. */
  public static final int NOBODY = 65534;

  /** What exports(5) gives where it names no options. */
  public static final Terms DEFAULTS =
      new Terms(
          Access.READ_ONLY,
          Squash.ROOT,
          NOBODY,
          NOBODY,
          Durability.SYNC,
          SourcePorts.RESERVED_ONLY);

  /** What a node's root needs: {@code (rw,sync,no_root_squash,insecure)}. */
  public static final Terms OF_A_NODE_ROOT =
      new Terms(Access.READ_WRITE, Squash.NONE, NOBODY, NOBODY, Durability.SYNC, SourcePorts.ANY);

  public Terms {
    if (anonUid == -1 || anonGid == -1) {
      throw new IllegalArgumentException("no user and no group has the id -1, setfsuid(2)");
    }
  }

  /** The same with another access. */
  public Terms with(Access other) {
    return new Terms(other, squash, anonUid, anonGid, sync, ports);
  }

  /** The same with other identities believed. */
  public Terms with(Squash other) {
    return new Terms(access, other, anonUid, anonGid, sync, ports);
  }

  /** The same with another durability. */
  public Terms with(Durability other) {
    return new Terms(access, squash, anonUid, anonGid, other, ports);
  }

  /** The same with other ports. */
  public Terms with(SourcePorts other) {
    return new Terms(access, squash, anonUid, anonGid, sync, other);
  }

  /** The same with squashed users becoming others. */
  public Terms withAnonymous(int uid, int gid) {
    return new Terms(access, squash, uid, gid, sync, ports);
  }
}
