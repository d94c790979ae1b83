package org.krgboot.images;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Numbered things in a directory, each of which stays as it was made: who may change the directory,
 * which numbers were given, which are never removed, and what is not done yet. Whoever changes it
 * holds its lock until {@link #close}; others do not wait for it.
 */
public final class NumberedStore implements AutoCloseable {
  private static final String COUNTER = "last-number";
  private static final String PINS = "pins";
  private static final String NUMBER = "[1-9][0-9]{0,8}";

  private final Path directory;
  private final @Nullable FileChannel lock;

  private NumberedStore(Path directory, @Nullable FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /** Opens a store to look at it; one that does not exist has nothing in it. */
  public static NumberedStore look(Path directory) throws IOException {
    Path path = directory.toAbsolutePath().normalize();
    return new NumberedStore(Files.exists(path) ? path.toRealPath() : path, null);
  }

  /**
   * Opens a store to change it; makes it if it does not exist.
   *
   * @param things what is in it, for people
   * @throws ImageException if another process changes it now
   */
  public static NumberedStore open(Path given, String things) throws IOException {
    Files.createDirectories(given.toAbsolutePath());
    Path directory = given.toRealPath();
    Files.createDirectories(
        directory.resolve("building"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock held;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      held = null;
    }
    if (held == null) {
      channel.close();
      throw new ImageException(
          "another krgboot is changing the " + things + " in " + directory + " now");
    }
    return new NumberedStore(directory, channel);
  }

  /** Where it is. */
  public Path directory() {
    return directory;
  }

  /** Where things are made that have no number yet; on the same file system. */
  public Path building() {
    return directory.resolve("building");
  }

  /** The numbers that things in a directory of the store have, in order. */
  public Set<Integer> numbers(Path in) throws IOException {
    Set<Integer> numbers = new TreeSet<>();
    if (Files.isDirectory(in)) {
      try (Stream<Path> list = Files.list(in)) {
        list.map(path -> path.getFileName().toString())
            .filter(name -> name.matches(NUMBER))
            .forEach(name -> numbers.add(Integer.parseInt(name)));
      }
    }
    return numbers;
  }

  /** Never one that was used: nodes may still have files of that open. */
  public int nextNumber(Path in) throws IOException {
    Path counter = directory.resolve(COUNTER);
    int last = numbers(in).stream().mapToInt(each -> each).max().orElse(0);
    if (Files.exists(counter)) {
      String text = Files.readString(counter).strip();
      last = Math.max(last, text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0);
    }
    replace(counter, (last + 1) + "\n");
    return last + 1;
  }

  /** Whole or not at all, and on disk when it returns: gc goes by it. */
  static void replace(Path file, String content) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, content);
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(file.resolveSibling("."))) {
      directory.force(true);
    }
  }

  /** Gives what was made its place: it is there whole, and on disk, or not at all. */
  public void put(Path made, Path numbered) throws IOException {
    Tool.sync(made);
    Files.move(made, numbered, StandardCopyOption.ATOMIC_MOVE);
    Tool.sync(directory);
  }

  /** Numbers that are never removed. */
  public Set<Integer> pins() throws IOException {
    Path file = directory.resolve(PINS);
    Set<Integer> pins = new TreeSet<>();
    if (Files.exists(file)) {
      Files.readAllLines(file).stream()
          .filter(line -> line.matches(NUMBER))
          .forEach(line -> pins.add(Integer.parseInt(line)));
    }
    return pins;
  }

  /** Keeps it whatever comes. */
  public void pin(int number) throws IOException {
    Set<Integer> pins = pins();
    pins.add(number);
    write(pins);
  }

  /** Takes that back. */
  public void unpin(int number) throws IOException {
    Set<Integer> pins = pins();
    pins.remove(number);
    write(pins);
  }

  private void write(Set<Integer> pins) throws IOException {
    StringBuilder text = new StringBuilder();
    pins.forEach(pin -> text.append(pin).append('\n'));
    replace(directory.resolve(PINS), text.toString());
  }

  /** Removes a tree of the store, if it is there: at once for all who look, then its files. */
  public void remove(Path tree) throws IOException {
    if (Files.exists(tree)) {
      Path away = Files.createTempDirectory(building(), "removed-");
      Files.move(tree, away.resolve("tree"), StandardCopyOption.ATOMIC_MOVE);
      Tool.remove(away);
    }
  }

  /**
   * Removes what was begun and never done: by a process that was killed.
   *
   * @param names what our own work there is called, as a regular expression
   */
  public List<String> removeLeftovers(String names) throws IOException {
    List<String> removed = new ArrayList<>();
    try (Stream<Path> list = Files.list(building())) {
      for (Path left : list.filter(left -> left.getFileName().toString().matches(names)).toList()) {
        Tool.remove(left);
        removed.add("removed " + left + ", left by a krgboot that was killed");
      }
    }
    return removed;
  }

  @Override
  public void close() throws IOException {
    if (lock != null) {
      lock.close();
    }
  }
}
