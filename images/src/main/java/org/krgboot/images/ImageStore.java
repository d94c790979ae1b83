package org.krgboot.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.krgboot.model.RootVersion;
import org.krgboot.model.RootVersion.Kind;

/**
 * The images in one directory. Whoever changes it holds its lock until {@link #close}; others wait
 * for that no longer than they were told to, which is not at all.
 */
public final class ImageStore implements AutoCloseable {
  private static final String IMAGE = "image";
  private static final String INVENTORY = "inventory";

  private final NumberedStore store;
  private final Path directory;

  private ImageStore(NumberedStore store) {
    this.store = store;
    this.directory = store.directory();
  }

  /** Opens a store to look at it; one that does not exist has no images. */
  public static ImageStore look(Path directory) throws IOException {
    return new ImageStore(NumberedStore.look(directory));
  }

  /**
   * Opens a store to change it; makes it if it does not exist.
   *
   * @throws ImageException if another process changes it now
   */
  public static ImageStore open(Path given) throws IOException {
    Files.createDirectories(given.toAbsolutePath());
    Path directory = given.toRealPath();
    // Its path goes into boot configurations, where these have a meaning, and there is little room.
    if (!directory.toString().matches("[A-Za-z0-9/._+-]{1,120}")) {
      throw new ImageException(
          directory + ": use a directory for images of letters, digits, / . _ + -, at most 120");
    }
    for (Kind kind : Kind.values()) {
      Files.createDirectories(kind.in(directory));
    }
    return new ImageStore(NumberedStore.open(directory, "images"));
  }

  /** Where it is. */
  public Path directory() {
    return directory;
  }

  /** Where things are made that belong to no image yet; on the same file system. */
  public Path building() {
    return store.building();
  }

  /** All images, oldest first. */
  public List<Image> images() throws IOException {
    List<Image> images = new ArrayList<>();
    for (int number : numbers(Kind.SEALED)) {
      images.add(image(number));
    }
    return images;
  }

  private Set<Integer> numbers(Kind kind) throws IOException {
    return store.numbers(kind.in(directory));
  }

  /** The image of that number. */
  public Image image(int number) throws IOException {
    Path file = numbered(number).resolve(IMAGE);
    if (number < 1 || !Files.exists(file)) {
      throw new ImageException(
          "there is no image " + number + " in " + directory + "; see krgboot image list");
    }
    return Image.read(file, number);
  }

  private Path numbered(int number) {
    return Kind.SEALED.in(directory).resolve(Integer.toString(number));
  }

  /** The image to which a directory belongs, in whatever store: of those that never change. */
  public static OptionalInt imageOf(Path real) {
    for (Path above = real; above != null; above = above.getParent()) {
      Path name = above.getFileName();
      if (name != null
          && name.toString().matches("[1-9][0-9]{0,8}")
          && Files.isRegularFile(above.resolve(IMAGE))
          && Files.isRegularFile(above.resolve(INVENTORY))) {
        return OptionalInt.of(Integer.parseInt(name.toString()));
      }
    }
    return OptionalInt.empty();
  }

  /** The image's files; not to be changed. */
  public Path root(int number) throws IOException {
    image(number);
    return sealed(number).path();
  }

  RootVersion sealed(int number) {
    return new RootVersion(directory, Kind.SEALED, number);
  }

  RootVersion live(int number) {
    return new RootVersion(directory, Kind.LIVE, number);
  }

  /** Every file of the image, as they were when it was added. */
  public Inventory inventory(int number) throws IOException {
    image(number);
    return Inventory.parse(
        Files.readString(numbered(number).resolve(INVENTORY), StandardCharsets.US_ASCII));
  }

  /**
   * Makes a root an image. The root is moved; it has to be on the store's file system.
   *
   * @param name for people
   * @param progress told what takes long
   */
  public Image add(Path root, String name, Consumer<String> progress) throws IOException {
    progress.accept("reading every file");
    return add(root, name, Inventory.of(root), progress);
  }

  private Image add(Path root, String name, Inventory inventory, Consumer<String> progress)
      throws IOException {
    RootStyle style = RootStyle.of(root);
    Optional<Image> last = images().stream().max(Comparator.comparingInt(Image::number));
    int number = store.nextNumber(Kind.SEALED.in(directory));
    Image image =
        new Image(
            number,
            name.replaceAll("\\p{Cntrl}", "?"),
            Instant.now(),
            style.kind(),
            kernel(root),
            inventory.entries().size(),
            inventory.bytes(),
            inventory.digest());
    Path made = Files.createTempDirectory(building(), "image-");
    Files.writeString(made.resolve(INVENTORY), inventory.text(), StandardCharsets.US_ASCII);
    Files.writeString(made.resolve(IMAGE), image.text());
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path mine = made.resolve("root");
    // Moved before it shares anything: whoever goes on with a build that was killed here must not
    // write into files that another image has too.
    Files.move(root, mine, StandardCopyOption.ATOMIC_MOVE);
    if (last.isPresent()) {
      int other = last.get().number();
      long shared = Sharing.share(mine, inventory, root(other), inventory(other));
      progress.accept((shared >> 20) + " MB are shared with image " + other);
    }
    store.put(made, numbered(number));
    return image;
  }

  private static String kernel(Path root) throws IOException {
    if (!Files.isDirectory(root.resolve("boot"))) {
      return "";
    }
    try (Stream<Path> list = Files.list(root.resolve("boot"))) {
      return list.map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("vmlinuz-"))
          .map(name -> name.substring("vmlinuz-".length()))
          .max(Comparator.naturalOrder())
          .orElse("");
    }
  }

  /** What is published, and was. */
  public Publications publications() {
    return new Publications(this);
  }

  /** Numbers that are never removed. */
  public Set<Integer> pins() throws IOException {
    return store.pins();
  }

  /** Keeps an image whatever comes. */
  public void pin(int number) throws IOException {
    image(number);
    store.pin(number);
  }

  /** Takes that back. */
  public void unpin(int number) throws IOException {
    image(number);
    store.unpin(number);
  }

  /**
   * Removes an image and what nodes wrote to its copy. Nobody may use it. The image goes last: as
   * long as it is there, a removal that was cut short is done again.
   */
  void remove(int number) throws IOException {
    store.remove(live(number).path());
    store.remove(numbered(number));
  }

  /** Removes what was begun and never done: by a process that was killed. */
  public List<String> removeLeftovers() throws IOException {
    return store.removeLeftovers("(image|removed|live|restore|change)-.*");
  }

  /** Writes an image into one file, and its SHA-256 beside it. */
  public void save(int number, Path file) throws IOException {
    image(number);
    Archive.save(numbered(number), file);
  }

  /**
   * Makes an image of a file that {@link #save} wrote.
   *
   * @throws ImageException if it is not what was saved, to the last attribute; nothing is added
   */
  public Image restore(Path file, Consumer<String> progress) throws IOException {
    Path made = Files.createTempDirectory(building(), "restore-");
    try {
      progress.accept("unpacking");
      Archive.unpack(file, made);
      Image was = Image.read(made.resolve(IMAGE), 1);
      Inventory saved =
          Inventory.parse(Files.readString(made.resolve(INVENTORY), StandardCharsets.US_ASCII));
      progress.accept("comparing every file");
      Path root = made.resolve("root");
      List<Difference> differences = saved.differences(Inventory.of(root));
      if (!differences.isEmpty()) {
        throw new ImageException(
            file
                + " does not give the image that was saved; "
                + differences.size()
                + " files differ, the first: "
                + differences.getFirst());
      }
      return add(root, was.name(), saved, progress);
    } finally {
      Tool.remove(made);
    }
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
