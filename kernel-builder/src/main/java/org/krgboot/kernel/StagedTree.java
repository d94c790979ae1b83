package org.krgboot.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.krgboot.steps.Chroot;

/**
 * A tree that is to be laid over a node root.
 *
 * @param place where it was built: a link to there leads nowhere on a node
 */
record StagedTree(Path stage, Path place) {
  /**
   * Mends or removes links that lead out of it. An absolute link to a place in a node root is one
   * of the node's own, and stays.
   *
   * @return what was removed, for people
   */
  List<String> mend() throws IOException {
    List<String> told = new ArrayList<>();
    for (Path link : links()) {
      Path target = onThisMachine(Files.readSymbolicLink(link));
      Path inside = stage.relativize(link);
      boolean toSources = // as modules_install leaves them
          inside.toString().matches("(usr/)?lib/modules/[^/]+/(build|source)");
      boolean toPlace = target.startsWith(place) && !target.startsWith(stage);
      if (toSources || toPlace || climbs(link, target)) {
        Files.delete(link);
        told.add("removed the link /" + inside + ", which led to " + target);
      } else if (target.startsWith(stage)) {
        Files.delete(link);
        Files.createSymbolicLink(link, link.resolveSibling(".").normalize().relativize(target));
      }
    }
    return told;
  }

  /** As it was seen from the compiler's root. */
  private Path onThisMachine(Path target) {
    return target.startsWith(Chroot.SHOWN)
        ? place.resolve(Chroot.SHOWN.relativize(target))
        : target;
  }

  private boolean climbs(Path link, Path target) {
    return !target.isAbsolute() && !link.resolveSibling(target).normalize().startsWith(stage);
  }

  private List<Path> links() throws IOException {
    try (Stream<Path> all = Files.walk(stage)) {
      return all.filter(Files::isSymbolicLink).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Whether there is nothing in it. */
  boolean isEmpty() throws IOException {
    try (Stream<Path> inside = Files.list(stage)) {
      return inside.findAny().isEmpty();
    }
  }

  /** All files, relative to it, in order. */
  List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(stage)) {
      return all.filter(path -> Files.isRegularFile(path) && !Files.isSymbolicLink(path))
          .map(stage::relativize)
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
