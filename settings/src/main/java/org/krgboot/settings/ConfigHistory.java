package org.krgboot.settings;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each configuration that was accepted, by number: a directory of the state directory with the
 * files as they were. A number is never given twice.
 */
public final class ConfigHistory {
  /** So many are kept, the newest. */
  public static final int KEPT = 200;

  private static final Logger log = LoggerFactory.getLogger("krgboot");

  private static final String ABOUT = "about";
  private static final String FILES = "files";

  /**
   * One of them.
   *
   * @param by what was done: {@code start}, {@code reload}, {@code set krgnode07 target=local}
   */
  public record Version(long number, Instant at, String by) {}

  private final Path directory;

  /** Looks at nothing yet. */
  public ConfigHistory(Path directory) {
    this.directory = directory;
  }

  /**
   * All that are kept, oldest first.
   *
   * @throws IOException if they cannot be read; the message names what cannot
   */
  public List<Version> versions() throws IOException {
    List<Version> versions = new ArrayList<>();
    if (!Files.exists(directory)) {
      return List.of(); // nothing was ever accepted
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "[1-9]*")) {
      for (Path entry : entries) {
        version(entry).ifPresent(versions::add);
      }
    }
    versions.sort(Comparator.comparingLong(Version::number));
    return versions;
  }

  /** The one that was accepted last. */
  public Optional<Version> newest() throws IOException {
    return versions().stream().reduce((_, last) -> last);
  }

  /** Empty if it went while it was looked at: only so many are kept. */
  private static Optional<Version> version(Path kept) throws IOException {
    Path about = kept.resolve(ABOUT);
    try {
      List<String> lines = Files.readAllLines(about);
      return Optional.of(
          new Version(
              Long.parseLong(kept.getFileName().toString()),
              Instant.parse(lines.getFirst()),
              lines.get(1)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (DateTimeException | IndexOutOfBoundsException | NumberFormatException e) {
      throw new IOException(about + " is not as krgboot writes it; mend or delete " + kept, e);
    }
  }

  /**
   * The files of one.
   *
   * @param main where they are, or were
   * @throws IOException if there is no such number; the message says which there are
   */
  public ConfigFiles files(long number, Path main) throws IOException {
    Path kept = directory.resolve(Long.toString(number)).resolve(FILES);
    if (number <= 0 || !Files.isDirectory(kept)) {
      throw new IOException("there is no configuration " + number + among(versions()));
    }
    Map<String, String> texts = new LinkedHashMap<>();
    try (var files = Files.walk(kept)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        texts.put(kept.relativize(file).toString(), Files.readString(file));
      }
    }
    return new ConfigFiles(main, texts);
  }

  private static String among(List<Version> versions) {
    return versions.isEmpty()
        ? "; none was accepted yet"
        : "; there are " + versions.getFirst().number() + " to " + versions.getLast().number();
  }

  /**
   * Keeps the files under the next number, all or none; the newest stays as it is if it has the
   * same.
   *
   * @throws IOException if they cannot be kept; the message says where
   */
  public Version add(ConfigFiles files, Instant at, String by) throws IOException {
    List<Version> versions = versions();
    if (!versions.isEmpty()) {
      Version last = versions.getLast();
      if (files(last.number(), files.main()).texts().equals(files.texts())) {
        return last;
      }
    }
    Version version = new Version(versions.isEmpty() ? 1 : versions.getLast().number() + 1, at, by);
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path made = Files.createTempDirectory(directory, ".new-");
      Path kept = Files.createDirectory(made.resolve(FILES));
      for (Map.Entry<String, String> file : files.texts().entrySet()) {
        Path path = kept.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        NewFile.create(path, file.getValue());
      }
      NewFile.create(made.resolve(ABOUT), at + "\n" + by.replaceAll("\\p{Cntrl}", " ") + "\n");
      Files.move(
          made, directory.resolve(Long.toString(version.number())), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new IOException("the configuration cannot be kept in " + directory + ": " + e, e);
    }
    prune(versions.subList(0, Math.max(0, versions.size() + 1 - KEPT)));
    return version;
  }

  /** What is too old, and what a killed one left; the next one removes what cannot be now. */
  private void prune(List<Version> old) {
    try {
      for (Version version : old) {
        remove(version);
      }
      try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, ".{new,old}-*")) {
        for (Path path : left) {
          removeTree(path);
        }
      }
    } catch (IOException e) {
      log.warn("old configurations stay in {}: {}", directory, e.toString());
    }
  }

  /** Forgets one, as if it had not been accepted. */
  public void remove(Version version) throws IOException {
    Path gone = Files.createTempDirectory(directory, ".old-");
    Files.move(
        directory.resolve(Long.toString(version.number())),
        gone,
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    removeTree(gone);
  }

  private static void removeTree(Path tree) throws IOException {
    try (var files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
