package org.krgboot.nfs;

import java.nio.file.Path;
import java.util.List;
import org.krgboot.model.Ipv4;

/**
 * What the server serves, and where. A port of 0 is not served; {@link #EPHEMERAL} takes any free
 * one.
 *
 * @param listen the address to bind; {@link Ipv4#ANY} for all
 * @param stateDirectory where the key of the file handles is kept, and the journal of calls
 */
public record NfsConfig(
    Ipv4 listen,
    int nfsPort,
    int mountPort,
    int portmapPort,
    List<Export> exports,
    Path stateDirectory,
    Limits limits) {
  public static final int EPHEMERAL = -1;
  public static final int NFS_PORT = 2049;

  /** Where a Linux nfsroot looks if there is no portmapper: Linux fs/nfs/nfsroot.c. */
  public static final int MOUNT_PORT = 627;

  public static final int PORTMAP_PORT = 111;

  public NfsConfig {
    exports = List.copyOf(exports);
    for (int port : new int[] {nfsPort, mountPort, portmapPort}) {
      if (port < EPHEMERAL || port > 65535) {
        throw new IllegalArgumentException(port + " is not a port");
      }
    }
  }

  /** The same with other exports. */
  public NfsConfig withExports(List<Export> others) {
    return new NfsConfig(listen, nfsPort, mountPort, portmapPort, others, stateDirectory, limits);
  }

  /** The well-known ports on all addresses, with the default limits. */
  public static NfsConfig of(List<Export> exports, Path stateDirectory) {
    return new NfsConfig(
        Ipv4.ANY, NFS_PORT, MOUNT_PORT, PORTMAP_PORT, exports, stateDirectory, Limits.DEFAULTS);
  }
}
