package org.krgboot.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.krgboot.images.PublicationHistory.Turn;

/** Which number of a store was behind which link, in a file of the store; and the switch itself. */
public final class PublicationLog {
  private static final String FILE = "publications";

  private final Path directory;

  /** Of the store in that directory. */
  public PublicationLog(Path directory) {
    this.directory = directory;
  }

  private PublicationHistory history() throws IOException {
    Path file = directory.resolve(FILE);
    return Files.exists(file)
        ? PublicationHistory.parse(Files.readString(file))
        : PublicationHistory.NONE;
  }

  /** All links that something was published as, whatever they lead to now. */
  public List<Path> links() throws IOException {
    return history().links();
  }

  /**
   * What a rollback of a link goes to; empty if there is none left.
   *
   * @param now what is behind it
   * @param exists whether there is still something of a number
   */
  public Optional<Integer> before(Path link, Optional<Integer> now, IntPredicate exists)
      throws IOException {
    return history().before(link, now, exists);
  }

  /** When a number stopped to be what is behind some link; empty if it never did. */
  public Optional<Instant> replacedAt(int number) throws IOException {
    return history().replacedAt(number);
  }

  /**
   * Leads the link there, in one step, and notes that.
   *
   * @param target as the link is to have it
   */
  public void publish(int number, Path link, Path target) throws IOException {
    turn(Turn.FORTH, number, link, target);
  }

  /** The same for what was there {@link #before}. */
  public void goBack(int number, Path link, Path target) throws IOException {
    turn(Turn.BACK, number, link, target);
  }

  private void turn(Turn turn, int number, Path link, Path target) throws IOException {
    PublicationHistory.Entry entry =
        new PublicationHistory.Entry(Instant.now(), turn, number, link);
    NumberedStore.replace(directory.resolve(FILE), history().with(entry).text());
    Files.createDirectories(link.resolveSibling("."));
    Path fresh = link.resolveSibling("." + link.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createSymbolicLink(fresh, target);
    Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
    Tool.sync(link.resolveSibling("."));
  }
}
