package org.krgboot.settings;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The files of a configuration as they are at one moment: the main one, and beside it a directory
 * ({@code krgboot.d} of {@code krgboot.toml}) of which every {@code .toml} is read after it.
 *
 * @param main where the main file is, or would be
 * @param texts by name, as problems name them ({@code krgboot.d/nodes.toml}), in the order in which
 *     they are read: the last wins
 */
public record ConfigFiles(Path main, Map<String, String> texts) {
  private static final String ENDING = ".toml";

  /** More is none of ours: 65,536 nodes need a fifth of it. */
  private static final long LONGEST_FILE = 32 << 20;

  public ConfigFiles {
    Map<String, String> inOrder = new LinkedHashMap<>();
    List<String> names = new ArrayList<>(texts.keySet());
    names.sort(order(main));
    for (String name : names) {
      inOrder.put(name, texts.get(name));
    }
    texts = Collections.unmodifiableMap(inOrder);
  }

  /** The main file, the directory's by name, and what our commands wrote: that is the newest. */
  private static Comparator<String> order(Path main) {
    return Comparator.comparing((String name) -> !name.equals(nameOf(main)))
        .thenComparing(name -> name.equals(nodesName(main)))
        .thenComparing(Comparator.naturalOrder());
  }

  /**
   * Reads what is there.
   *
   * @throws IOException if a file cannot be read; the message names it
   */
  public static ConfigFiles read(Path main) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    if (Files.exists(main)) {
      texts.put(nameOf(main), text(main));
    }
    Path directory = directory(main);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*" + ENDING)) {
      for (Path entry : entries) {
        if (!entry.getFileName().toString().startsWith(".")) {
          texts.put(nameOf(directory) + "/" + entry.getFileName(), text(entry));
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return new ConfigFiles(main, texts); // nobody needs one
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return new ConfigFiles(main, texts);
  }

  private static String text(Path file) throws IOException {
    try {
      if (Files.size(file) > LONGEST_FILE) {
        throw new IOException(file + " is no configuration: it has more than 32 MiB");
      }
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new IOException(file + " cannot be read: it is not UTF-8", e);
    } catch (NoSuchFileException e) {
      throw new IOException(file + " cannot be read: it is not there", e);
    } catch (java.nio.file.FileSystemException e) {
      throw new IOException(file + " cannot be read: " + e.getReason(), e);
    }
  }

  private static String nameOf(Path path) {
    return String.valueOf(path.getFileName());
  }

  /** The directory beside the main file. */
  public static Path directory(Path main) {
    String name = nameOf(main);
    String stem = name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
    return main.toAbsolutePath().resolveSibling(stem + ".d");
  }

  /** Where the file of that name is. */
  public Path pathOf(String name) {
    return main.toAbsolutePath().resolveSibling(name);
  }

  /** The name of the file that our commands write. */
  public String nodesName() {
    return nodesName(main);
  }

  private static String nodesName(Path main) {
    return nameOf(directory(main)) + "/" + NodesFile.NAME;
  }

  /** The text of a file; empty if it is not there. */
  public String text(String name) {
    return texts.getOrDefault(name, "");
  }

  /** The same with another text in that file. */
  public ConfigFiles with(String name, String text) {
    Map<String, String> more = new LinkedHashMap<>(texts);
    more.put(name, text);
    return new ConfigFiles(main, more);
  }

  /** Reads all of it; what is wrong goes to the settings' problems. */
  public void readInto(RawSettings raw) {
    texts.forEach(raw::readText);
  }

  /**
   * Makes the files on the disk what they are here, where these differ from others, each whole or
   * not at all; those that the others have and these have not go. No other file is touched.
   *
   * @param before as the disk is thought to be
   * @throws IOException if one is not so any more: somebody edits it, and nothing is written; or if
   *     one cannot be written. The message names it
   */
  public void writeOver(ConfigFiles before) throws IOException {
    ConfigFiles now = read(main);
    List<String> others = new ArrayList<>(before.texts.keySet());
    texts.keySet().stream().filter(name -> !before.texts.containsKey(name)).forEach(others::add);
    others.removeIf(name -> Objects.equals(before.texts.get(name), texts.get(name)));
    for (String name : others) {
      if (!Objects.equals(before.texts.get(name), now.texts.get(name))) {
        throw new IOException(
            pathOf(name) + " was changed by somebody else at this moment; try again");
      }
    }
    for (String name : others) {
      String text = texts.get(name);
      if (text == null) {
        Files.delete(pathOf(name));
      } else {
        write(pathOf(name), text);
      }
    }
  }

  private static void write(Path path, String text) throws IOException {
    try {
      // By number: the process has no umask of its own, which the modes of nodes' files need.
      Files.createDirectories(
          path.getParent(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
      NewFile.replace(path, text);
    } catch (java.nio.file.FileSystemException e) {
      String why = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
      throw new IOException(path + " cannot be written: " + why, e);
    }
  }
}
