package org.krgboot.nfs;

import java.nio.file.Path;
import java.util.List;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/**
 * A directory that clients may mount, and on which terms.
 *
 * @param path absolute; a directory
 * @param anonUid who squashed users become
 * @param clients who may mount it; empty = everybody
 */
public record Export(
    Path path,
    Access access,
    Squash squash,
    int anonUid,
    int anonGid,
    Durability sync,
    List<Subnet> clients,
    SourcePorts ports) {
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

  public Export {
    clients = List.copyOf(clients);
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("the export " + path + " is not an absolute path");
    }
    path = path.normalize();
  }

  /** What a node's root needs: {@code (rw,sync,no_root_squash,insecure)}, for everybody. */
  public static Export readWriteRoot(Path path) {
    return new Export(
        path,
        Access.READ_WRITE,
        Squash.NONE,
        NOBODY,
        NOBODY,
        Durability.SYNC,
        List.of(),
        SourcePorts.ANY);
  }

  boolean isFor(Ipv4 client) {
    return clients.isEmpty() || clients.stream().anyMatch(subnet -> subnet.contains(client));
  }
}
