package org.krgboot.images;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Every file of a tree: two trees with the same inventory are the same to whoever uses them. */
public final class Inventory {
  /**
   * tar's options by which it tells all that belongs to a file, the same for the same tree. Without
   * {@code --acls}: that writes ACLs with this machine's names of users, while as extended
   * attributes they have numbers.
   */
  static final List<String> TAR =
      List.of(
          "tar",
          "--create",
          "--file=-",
          "--format=posix",
          "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime",
          "--sort=name",
          "--numeric-owner",
          "--xattrs",
          "--xattrs-include=*",
          "--one-file-system");

  private final SortedMap<String, TreeEntry> entries;

  private Inventory(SortedMap<String, TreeEntry> entries) {
    this.entries = entries;
  }

  /** Reads a whole tree. Sockets are left out, as tar does. */
  public static Inventory of(Path tree) throws IOException {
    if (!Files.isDirectory(tree)) {
      throw new ImageException(tree + " is not a directory");
    }
    List<String> command = new ArrayList<>(TAR);
    command.addAll(List.of("--warning=no-file-ignored", "-C", tree.toString(), "."));
    return Tool.read(command, Inventory::ofArchive);
  }

  static Inventory ofArchive(InputStream archive) throws IOException {
    TarReader reader = new TarReader(new BufferedInputStream(archive, 1 << 16));
    SortedMap<String, TreeEntry> entries = new TreeMap<>();
    for (Optional<TreeEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
      entries.put(next.get().path(), next.get());
    }
    return new Inventory(entries);
  }

  /** Reads what {@link #text} gave. */
  static Inventory parse(String text) throws IOException {
    SortedMap<String, TreeEntry> entries = new TreeMap<>();
    try {
      for (String line : text.lines().toList()) {
        TreeEntry entry = TreeEntry.parse(line);
        entries.put(entry.path(), entry);
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("the inventory is damaged: " + e.getMessage(), e);
    }
    return new Inventory(entries);
  }

  String text() {
    return entries.values().stream()
        .map(entry -> entry.line() + "\n")
        .collect(Collectors.joining());
  }

  /** The same for the same tree only. */
  public String digest() {
    byte[] text = text().getBytes(StandardCharsets.US_ASCII);
    return HexFormat.of().formatHex(Tool.sha256().digest(text));
  }

  SortedMap<String, TreeEntry> entries() {
    return entries;
  }

  /** The bytes of all files. */
  long bytes() {
    return entries.values().stream().mapToLong(TreeEntry::size).sum();
  }

  /** In what the other tree differs from this one, by path. */
  public List<Difference> differences(Inventory other) {
    List<Difference> differences = new ArrayList<>();
    SortedMap<String, Boolean> paths = new TreeMap<>();
    entries.keySet().forEach(path -> paths.put(path, true));
    other.entries.keySet().forEach(path -> paths.put(path, true));
    for (String path : paths.keySet()) {
      Difference.between(
              Optional.ofNullable(entries.get(path)), Optional.ofNullable(other.entries.get(path)))
          .ifPresent(differences::add);
    }
    return differences;
  }
}
