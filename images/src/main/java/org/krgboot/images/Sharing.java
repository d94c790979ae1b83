package org.krgboot.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.Set;
import org.krgboot.images.TreeEntry.Kind;

/**
 * One inode for a file that two images have in common. Images never change, so that is safe; and
 * the server reads it once for the nodes of both.
 */
final class Sharing {
  private Sharing() {}

  /**
   * Replaces files of a new root by those of an image where they are the same in every respect.
   *
   * @return how many bytes are shared
   */
  static long share(Path root, Inventory mine, Path image, Inventory its) throws IOException {
    Set<String> manyNames = new HashSet<>();
    for (Inventory inventory : new Inventory[] {mine, its}) {
      inventory.entries().values().stream()
          .filter(entry -> entry.kind() == Kind.HARD_LINK)
          .forEach(entry -> manyNames.add(entry.content()));
    }
    long shared = 0;
    for (TreeEntry entry : mine.entries().values()) {
      boolean same =
          entry.kind() == Kind.FILE
              && entry.size() > 0
              && entry.equals(its.entries().get(entry.path()))
              && !manyNames.contains(entry.path());
      if (same && link(root, image, entry.path())) {
        shared += entry.size();
      }
    }
    return shared;
  }

  private static void replace(Path file, Path other) throws IOException {
    Path parent = file.getParent();
    FileTime changed = Files.getLastModifiedTime(parent);
    Path fresh = file.resolveSibling(".krgboot-shared");
    try {
      Files.createLink(fresh, other);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
      Files.setLastModifiedTime(parent, changed);
    }
  }

  private static boolean link(Path root, Path image, String bytes) throws IOException {
    String name = new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    if (name.indexOf('\ufffd') >= 0) {
      return false;
    }
    try {
      Path file = root.resolve(name);
      Path other = image.resolve(name);
      if (!Files.isSameFile(file, other)) { // rename(2) would leave both names
        replace(file, other);
      }
      return true;
    } catch (InvalidPathException e) {
      return false; // a name that this Java cannot say
    } catch (FileSystemException e) {
      return false; // as many links as the file system allows, or another file system
    }
  }
}
