package org.krgboot.nfs;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.krgboot.model.Ipv4;

/**
 * A directory that clients may mount, and on which terms.
 *
 * @param path absolute; a directory
 * @param fsid in its handles and its attributes; if empty it is derived from the path
 * @param mountPoint where a file system must be mounted for the export to be served
 * @param rules for which clients; whom none is for may not mount. The narrowest rule that a client
 *     fits holds, of two that are equally narrow the first
 */
public record Export(
    Path path, Optional<Integer> fsid, Optional<Path> mountPoint, List<Rule> rules) {
  /** On which terms some clients are served. */
  public record Rule(Clients clients, Terms terms) {}

  public Export {
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("the export " + path + " is not an absolute path");
    }
    path = path.normalize();
    rules = rules.stream().sorted(Comparator.comparingInt(rule -> rule.clients().width())).toList();
  }

  /** An export for these clients. */
  public static Export of(Path path, Terms terms, Clients clients) {
    return new Export(path, Optional.empty(), Optional.empty(), List.of(new Rule(clients, terms)));
  }

  /** What a node's root needs: {@code (rw,sync,no_root_squash,insecure)}, for everybody. */
  public static Export readWriteRoot(Path path) {
    return of(path, Terms.OF_A_NODE_ROOT, Clients.everybody());
  }

  /** The terms for that client; null if the export is not for it. */
  @Nullable Terms termsFor(Ipv4 client) {
    for (Rule rule : rules) {
      if (rule.clients().contains(client)) {
        return rule.terms();
      }
    }
    return null;
  }
}
