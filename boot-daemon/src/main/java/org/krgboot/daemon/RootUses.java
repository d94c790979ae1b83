package org.krgboot.daemon;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.RootVersion;

/** Which version of the root each node mounted last. */
public final class RootUses implements BootEvent.Sink {
  private static final String FILE = "root-uses";
  private static final LastUses.Form<RootVersion> FORM =
      new LastUses.Form<>(
          version -> version.path().toString(), path -> RootVersion.of(Path.of(path)));

  private final LastUses<RootVersion> uses;
  private final Cluster cluster;

  private RootUses(LastUses<RootVersion> uses, Cluster cluster) {
    this.uses = uses;
    this.cluster = cluster;
  }

  /**
   * Goes on with the file of that directory.
   *
   * @param disk on which it is written: servers do not wait for it
   */
  static RootUses open(Path stateDirectory, Cluster cluster, Executor disk) throws IOException {
    return new RootUses(LastUses.open(stateDirectory.resolve(FILE), FORM, disk), cluster);
  }

  /**
   * What is known of all nodes.
   *
   * @param stateDirectory of the daemon
   * @return empty if no daemon has ever kept its state there
   */
  public static Optional<List<NodeUse<RootVersion>>> read(Path stateDirectory) throws IOException {
    return LastUses.read(stateDirectory.resolve(FILE), FORM);
  }

  @Override
  public void accept(BootEvent event) {
    if (event instanceof BootEvent.RootMounted(Instant at, Ipv4 address, String path)
        && !isOurs(address)) {
      RootVersion.of(Path.of(path))
          .ifPresent(version -> {
            uses.note(new NodeUse<>(at, address, cluster.label(event), version));
          });
    }
  }

  /** {@code krgboot check} mounts as a node does, and keeps nothing in use. */
  private static boolean isOurs(Ipv4 address) {
    try {
      return address.toInetAddress().isLoopbackAddress()
          || NetworkInterface.getByInetAddress(address.toInetAddress()) != null;
    } catch (SocketException e) {
      return false;
    }
  }
}
