package org.krgboot.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.images.PublicationHistory.Turn;
import org.krgboot.model.RootVersion;

/**
 * Which image is behind a name such as {@code /NFSROOT/kerrighed}: the name is a link, switched in
 * one step. Nodes that are up stay with the version that they mounted.
 */
public final class Publications {
  private final ImageStore store;
  private final PublicationLog log;

  Publications(ImageStore store) {
    this.store = store;
    this.log = new PublicationLog(store.directory());
  }

  /** The number that is behind the link now; empty if it is no link into this store. */
  public Optional<Integer> current(Path link) throws IOException {
    return RootVersion.behind(link)
        .filter(version -> version.store().equals(store.directory()))
        .map(RootVersion::number);
  }

  /** All names that something was published as. */
  List<Path> links() throws IOException {
    return log.links();
  }

  /** All links that lead to an image now, as far as they were made here. */
  public List<Path> linksTo(int number) throws IOException {
    List<Path> links = new ArrayList<>();
    for (Path link : log.links()) {
      if (current(link).equals(Optional.of(number))) {
        links.add(link);
      }
    }
    return links;
  }

  /**
   * The image that was behind the link before the present one came; empty if there is none left.
   */
  public Optional<Integer> previous(Path link) throws IOException {
    return log.before(
        link, current(link), number -> Files.isDirectory(store.sealed(number).path()));
  }

  /**
   * Puts an image behind the link: nodes that boot from now on get it.
   *
   * @return what the link leads to
   * @throws ImageException if something else has that name
   */
  public RootVersion publish(int number, Path given) throws IOException {
    return turn(number, given.toAbsolutePath().normalize(), Turn.FORTH);
  }

  private RootVersion turn(int number, Path link, Turn turn) throws IOException {
    Image image = store.image(number);
    mayBeReplaced(link);
    RootVersion version =
        switch (image.style()) {
          case READ_WRITE -> {
            makeLive(number, List.of());
            yield store.live(number);
          }
          case READ_ONLY -> {
            makeLive(number, RootStyle.of(store.root(number)).writable());
            yield store.sealed(number);
          }
          case OVERLAY -> store.sealed(number);
        };
    switch (turn) {
      case FORTH -> log.publish(number, link, version.path());
      case BACK -> log.goBack(number, link, version.path());
    }
    return version;
  }

  private void mayBeReplaced(Path link) throws IOException {
    boolean directory = Files.isDirectory(link, LinkOption.NOFOLLOW_LINKS);
    if (directory && isEmpty(link)) {
      Files.delete(link);
    } else if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)
        && RootVersion.behind(link).isEmpty()) {
      throw new ImageException(
          link
              + " is there already and is no published image; move it away first: mv "
              + link
              + " "
              + link
              + ".before");
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (var list = Files.list(directory)) {
      return list.findAny().isEmpty();
    }
  }

  /** The copy that nodes write to; one that is there stays, with what they wrote. */
  private void makeLive(int number, List<String> directories) throws IOException {
    Path live = store.live(number).path();
    if (Files.exists(live)) {
      return;
    }
    Path root = store.root(number);
    Path place = Files.createTempDirectory(store.building(), "live-");
    Path made = place.resolve("tree");
    try {
      if (directories.isEmpty()) {
        Tool.copy(root, made);
      } else {
        Files.createDirectory(made);
        Files.setPosixFilePermissions(made, Files.getPosixFilePermissions(root));
        copyEach(root, directories, made);
      }
      Tool.sync(made);
      Files.move(made, live, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Tool.remove(place);
    }
  }

  private static void copyEach(Path root, List<String> directories, Path made) throws IOException {
    for (String directory : directories) {
      Path from = root.resolve(directory);
      if (!Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
        throw new ImageException(
            "/" + directory + " is to be writable, and is no directory in the image");
      }
      Path to = made.resolve(directory);
      Files.createDirectories(to.getParent());
      Tool.copy(from, to);
    }
  }

  /** Puts the image back that was behind the link before. */
  public RootVersion rollback(Path given) throws IOException {
    Path link = given.toAbsolutePath().normalize();
    int number =
        previous(link)
            .orElseThrow(() ->
                new ImageException(
                    "nothing was published as "
                        + link
                        + " before that is still there; see krgboot image list"));
    return turn(number, link, Turn.BACK);
  }
}
