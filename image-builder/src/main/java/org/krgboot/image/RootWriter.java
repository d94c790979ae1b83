package org.krgboot.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
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

  /** A file of this machine. */
  void copy(Path from, String to, String permissions) throws IOException {
    Path path = root.resolve(to);
    makeParents(path);
    Files.deleteIfExists(path);
    Files.copy(from, path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  /** Sets a password in /etc/shadow, which keeps its owner. */
  void password(String user, String hash) throws IOException {
    Path shadow = root.resolve("etc/shadow");
    makeParents(shadow);
    if (!Files.isRegularFile(shadow, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("there is no /etc/shadow in the root to set the password of " + user);
    }
    List<String> lines = new ArrayList<>(Files.readAllLines(shadow));
    boolean known = false;
    for (int i = 0; i < lines.size(); i++) {
      String[] fields = lines.get(i).split(":", -1);
      if (fields[0].equals(user) && fields.length > 2) {
        fields[1] = hash;
        lines.set(i, String.join(":", fields));
        known = true;
      }
    }
    if (!known) {
      lines.add(user + ":" + hash + "::0:99999:7:::");
    }
    Files.write(shadow, lines);
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
