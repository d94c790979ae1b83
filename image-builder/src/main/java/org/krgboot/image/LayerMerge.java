package org.krgboot.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.krgboot.steps.BuildFailedException;
import org.krgboot.steps.RootPath;

/**
 * Lays a layer, unpacked in a directory of its own, over a root that holds those below it. Nothing
 * is ever written through a link of the root: that could lead out of it. A directory that the layer
 * names takes the place of a link; one that it only implies ("lib/x" without "lib") is the one that
 * a program in the root would find there.
 */
final class LayerMerge {
  /** Of a name of a layer: it hides the name behind it (OCI image-spec, layer.md, "Whiteouts"). */
  private static final String HIDES = ".wh.";

  private static final String HIDES_ALL = ".wh..wh..opq";

  /** Removes a tree. */
  interface Removal {
    void remove(Path tree) throws IOException;
  }

  private final Path layer;
  private final Path root;
  private final Set<String> named;
  private final Path shapes;
  private final Removal removal;
  private final List<Path> shaped = new ArrayList<>();

  /**
   * One layer.
   *
   * @param named the directories that it has, as against those that lie on the way to a file
   * @param shapes an empty directory, for directories of the layer whose attributes are wanted
   */
  LayerMerge(Path layer, Path root, Set<String> named, Path shapes, Removal removal) {
    this.layer = layer;
    this.root = root;
    this.named = named;
    this.shapes = shapes;
    this.removal = removal;
  }

  /** The names in a list of tar's that are directories, relative to the root; "" is itself. */
  static boolean isDirectory(String listed) {
    return listed.endsWith("/");
  }

  /** As it is relative to the root: without "./" in front and "/" behind. */
  static String plain(String listed) {
    return listed.replaceFirst("^(\\./|/)+", "").replaceFirst("/+$", "");
  }

  /**
   * Moves all of it into the root.
   *
   * @return pairs of directories: the second is to get the first one's owner, mode, and so on
   */
  List<Path> run() throws IOException, BuildFailedException {
    into(layer, root);
    return shaped;
  }

  private void into(Path from, Path to) throws IOException, BuildFailedException {
    FileTime time = Files.getLastModifiedTime(from);
    List<Path> inside = list(from);
    for (Path child : inside) {
      hide(child, to);
    }
    for (Path child : inside) {
      if (!isWhiteout(child)) {
        place(child, to.resolve(child.getFileName()));
      }
    }
    if (named.contains(layer.relativize(from).toString())) {
      Files.setLastModifiedTime(from, time);
      Path shape = shapes.resolve(Integer.toString(shaped.size()));
      Files.move(from, shape, StandardCopyOption.ATOMIC_MOVE);
      shaped.add(shape);
      shaped.add(to);
    } else {
      Files.delete(from);
    }
  }

  /** Of the layers below only: what this one brings is not there yet. */
  private void hide(Path child, Path in) throws IOException {
    String name = child.getFileName().toString();
    if (!isWhiteout(child)) {
      return;
    }
    String hidden = name.substring(HIDES.length());
    if (name.equals(HIDES_ALL)) {
      for (Path each : list(in)) {
        removal.remove(each);
      }
    } else if (!hidden.startsWith(HIDES) && !Set.of("", ".", "..").contains(hidden)) {
      removal.remove(in.resolve(hidden));
    }
    removal.remove(child);
  }

  private void place(Path child, Path target) throws IOException, BuildFailedException {
    if (!isRealDirectory(child)) {
      if (isRealDirectory(target)) {
        removal.remove(target);
      }
      Files.move(child, target, StandardCopyOption.ATOMIC_MOVE);
    } else if (isRealDirectory(target)) {
      into(child, target);
    } else if (Files.isSymbolicLink(target)
        && !named.contains(layer.relativize(child).toString())) {
      into(child, behind(target));
    } else {
      Files.deleteIfExists(target);
      Files.move(child, target, StandardCopyOption.ATOMIC_MOVE);
      dropWhiteouts(target);
    }
  }

  private Path behind(Path link) throws BuildFailedException {
    String path = root.relativize(link).toString();
    Optional<Path> directory = RootPath.followed(root, path).filter(LayerMerge::isRealDirectory);
    return directory.orElseThrow(() ->
        new BuildFailedException(
            "a layer has files in /" + path + ", which is a link to no directory of the root"));
  }

  /** Below a directory that is new there is nothing to hide. */
  private void dropWhiteouts(Path directory) throws IOException {
    FileTime time = Files.getLastModifiedTime(directory);
    boolean changed = false;
    for (Path child : list(directory)) {
      if (isWhiteout(child)) {
        removal.remove(child);
        changed = true;
      } else if (isRealDirectory(child)) {
        dropWhiteouts(child);
      }
    }
    if (changed) {
      Files.setLastModifiedTime(directory, time);
    }
  }

  private static boolean isWhiteout(Path path) {
    return path.getFileName().toString().startsWith(HIDES);
  }

  private static boolean isRealDirectory(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> inside = Files.list(directory)) {
      return inside.sorted().toList();
    }
  }
}
