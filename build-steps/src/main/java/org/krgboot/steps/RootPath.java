package org.krgboot.steps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Paths as a program in a root sees them: a link in it leads to another place in it. */
public final class RootPath {
  private static final int MOST_LINKS = 40;

  private RootPath() {}

  /**
   * The name itself, with the links of the directories before it followed.
   *
   * @return empty if a directory before it is missing
   */
  public static Optional<Path> inside(Path root, String path) {
    Path relative = Path.of(path.replaceFirst("^/+", ""));
    Optional<Path> parent =
        relative.getParent() == null
            ? Optional.of(root)
            : followed(root, relative.getParent().toString());
    return parent.map(directory -> directory.resolve(relative.getFileName()));
  }

  /** What is there in the end, with all links followed; empty if there is nothing. */
  public static Optional<Path> followed(Path root, String path) {
    Deque<String> left = new ArrayDeque<>();
    Path.of("/" + path).forEach(name -> left.addLast(name.toString()));
    Path at = root;
    int links = 0;
    while (!left.isEmpty()) {
      String name = left.removeFirst();
      if (name.equals("..")) {
        at = at.equals(root) ? root : at.resolveSibling(".").normalize();
        continue;
      }
      Path next = name.equals(".") ? at : at.resolve(name);
      if (!Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      if (!Files.isSymbolicLink(next)) {
        at = next;
        continue;
      }
      try {
        Path target = Files.readSymbolicLink(next);
        at = target.isAbsolute() ? root : at;
        for (int i = target.getNameCount() - 1; i >= 0; i--) {
          left.addFirst(target.getName(i).toString());
        }
      } catch (IOException e) {
        return Optional.empty();
      }
      if (++links > MOST_LINKS) {
        return Optional.empty();
      }
    }
    return Optional.of(at);
  }
}
