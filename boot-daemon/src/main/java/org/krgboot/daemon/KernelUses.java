package org.krgboot.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.krgboot.model.BootEvent;
import org.krgboot.model.BootFile;
import org.krgboot.model.Ipv4;
import org.krgboot.model.KernelVersion;

/** Which numbered kernel each node loaded last. */
public final class KernelUses implements BootEvent.Sink {
  private static final String FILE = "kernel-uses";
  private static final LastUses.Form<Integer> FORM =
      new LastUses.Form<>(
          number -> Integer.toString(number),
          text ->
              Optional.of(text)
                  .filter(word -> word.matches("[1-9][0-9]{0,8}"))
                  .map(Integer::valueOf));

  private final LastUses<Integer> uses;
  private final Cluster cluster;

  private KernelUses(LastUses<Integer> uses, Cluster cluster) {
    this.uses = uses;
    this.cluster = cluster;
  }

  /**
   * Goes on with the file of that directory.
   *
   * @param disk on which it is written: servers do not wait for it
   */
  static KernelUses open(Path stateDirectory, Cluster cluster, Executor disk) throws IOException {
    return new KernelUses(LastUses.open(stateDirectory.resolve(FILE), FORM, disk), cluster);
  }

  /**
   * What is known of all nodes.
   *
   * @param stateDirectory of the daemon
   * @return empty if no daemon has ever kept its state there
   */
  public static Optional<List<NodeUse<Integer>>> read(Path stateDirectory) throws IOException {
    return LastUses.read(stateDirectory.resolve(FILE), FORM);
  }

  /** The one of the node with that address; empty if it loaded none, or one of its root. */
  Optional<Integer> of(Ipv4 node) {
    return uses.of(node);
  }

  /** A node that loads a kernel of its root uses none of the store any more. */
  @Override
  public void accept(BootEvent event) {
    if (event instanceof BootEvent.FileSent sent && sent.role() == BootFile.Role.KERNEL) {
      Optional<Integer> number = KernelVersion.fetched(sent.file());
      if (number.isPresent()) {
        uses.note(new NodeUse<>(sent.at(), sent.address(), cluster.label(event), number.get()));
      } else {
        uses.forget(sent.address());
      }
    }
  }
}
