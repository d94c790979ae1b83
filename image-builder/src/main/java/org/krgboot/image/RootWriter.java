package org.krgboot.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.krgboot.image.RootFiles.Entry;

/**
 * Writes into a root from outside. A link in the root is never followed: it would lead into the
 * building machine.
 */
record RootWriter(Path root) {
  void write(List<Entry> entries) throws IOException {
    for (Entry entry : entries) {
      Path path = root.resolve(entry.path());
      makeParents(path);
      Files.deleteIfExists(path);
      switch (entry) {
        case Entry.File file -> {
          Files.createFile(
              path,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
          Files.writeString(path, file.content());
          Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(file.permissions()));
        }
        case Entry.Link link -> Files.createSymbolicLink(path, Path.of(link.to()));
        case Entry.Absent _ -> {}
      }
    }
  }

  private void makeParents(Path path) throws IOException {
    Path directory = root;
    for (Path name : root.relativize(path.getParent())) {
      Files.createDirectories(directory);
      directory = directory.resolve(name);
      if (Files.isSymbolicLink(directory)) {
        throw new IOException(directory + " is a link, and " + path + " would lie behind it");
      }
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(directory);
        Files.setPosixFilePermissions(directory, mode(directory));
      }
    }
  }

  private static Set<PosixFilePermission> mode(Path directory) {
    return PosixFilePermissions.fromString(directory.endsWith(".ssh") ? "rwx------" : "rwxr-xr-x");
  }
}
