package org.krgboot.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Which number of a store was behind which link, and when: a line each in a file of the store. */
public final class PublicationLog {
  private static final String FILE = "publications";

  private final Path directory;

  /** Of the store in that directory. */
  public PublicationLog(Path directory) {
    this.directory = directory;
  }

  /** One publication. */
  public record Publication(Instant at, int number, Path link) {
    String line() {
      return at + " " + number + " " + link;
    }

    /** A line that was cut off by a crash is none. */
    static Optional<Publication> parse(String line) {
      String[] words = line.split(" ", 3);
      try {
        return words.length == 3 && words[1].matches("[1-9][0-9]{0,8}")
            ? Optional.of(
                new Publication(
                    Instant.parse(words[0]), Integer.parseInt(words[1]), Path.of(words[2])))
            : Optional.empty();
      } catch (DateTimeException e) {
        return Optional.empty();
      }
    }
  }

  /** What was published, oldest first. */
  public List<Publication> history() throws IOException {
    Path file = directory.resolve(FILE);
    List<Publication> history = new ArrayList<>();
    if (Files.exists(file)) {
      Files.readAllLines(file).forEach(line -> Publication.parse(line).ifPresent(history::add));
    }
    return history;
  }

  /** All links that something was published as, whatever they lead to now. */
  public List<Path> links() throws IOException {
    return history().stream().map(Publication::link).distinct().toList();
  }

  /**
   * The number that was behind the link before the present one; empty if there is none left.
   *
   * @param now what is behind it
   * @param exists whether there is still something of a number
   */
  public Optional<Integer> previous(Path link, Optional<Integer> now, IntPredicate exists)
      throws IOException {
    List<Integer> numbers =
        history().stream()
            .filter(publication -> publication.link().equals(link))
            .map(Publication::number)
            .toList();
    for (int i = numbers.size() - 1; i >= 0; i--) {
      int number = numbers.get(i);
      if (exists.test(number) && !now.equals(Optional.of(number)) && isBefore(numbers, i, now)) {
        return Optional.of(number);
      }
    }
    return Optional.empty();
  }

  /** A rollback of a rollback goes on back, not forth. */
  private static boolean isBefore(List<Integer> numbers, int index, Optional<Integer> now) {
    return now.map(number -> index < numbers.indexOf(number)).orElse(true);
  }

  /**
   * Leads the link there, in one step, and notes that.
   *
   * @param target as the link is to have it
   */
  public void publish(int number, Path link, Path target) throws IOException {
    Files.writeString(
        directory.resolve(FILE),
        new Publication(Instant.now(), number, link).line() + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    Files.createDirectories(link.resolveSibling("."));
    Path fresh = link.resolveSibling("." + link.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createSymbolicLink(fresh, target);
    Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
    Tool.sync(link.resolveSibling("."));
  }
}
