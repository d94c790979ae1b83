package org.krgboot.images;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.krgboot.model.RootVersion;
import org.krgboot.model.RootVersion.Kind;

/**
 * The images in one directory. Whoever changes it holds its lock until {@link #close}; others wait
 * for that no longer than they were told to, which is not at all.
 */
public final class ImageStore implements AutoCloseable {
  private static final String IMAGE = "image";
  private static final String INVENTORY = "inventory";
  private static final String COUNTER = "last-number";

  private final Path directory;
  private final @Nullable FileChannel lock;

  private ImageStore(Path directory, @Nullable FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /** Opens a store to look at it; one that does not exist has no images. */
  public static ImageStore look(Path directory) throws IOException {
    Path path = directory.toAbsolutePath().normalize();
    return new ImageStore(Files.exists(path) ? path.toRealPath() : path, null);
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
      throw new ImageException("another krgboot is changing the images in " + directory + " now");
    }
    return new ImageStore(directory, channel);
  }

  /** Where it is. */
  public Path directory() {
    return directory;
  }

  /** Where things are made that belong to no image yet; on the same file system. */
  public Path building() {
    return directory.resolve("building");
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
    Set<Integer> numbers = new TreeSet<>();
    if (Files.isDirectory(kind.in(directory))) {
      try (Stream<Path> list = Files.list(kind.in(directory))) {
        list.map(path -> path.getFileName().toString())
            .filter(name -> name.matches("[1-9][0-9]{0,8}"))
            .forEach(name -> numbers.add(Integer.parseInt(name)));
      }
    }
    return numbers;
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
    int number = nextNumber();
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
    Tool.sync(made);
    Files.move(made, numbered(number), StandardCopyOption.ATOMIC_MOVE);
    Tool.sync(directory);
    return image;
  }

  /** Never one that was used: nodes may still have files of that image open. */
  private int nextNumber() throws IOException {
    Path counter = directory.resolve(COUNTER);
    int last = numbers(Kind.SEALED).stream().mapToInt(each -> each).max().orElse(0);
    if (Files.exists(counter)) {
      String text = Files.readString(counter).strip();
      last = Math.max(last, text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0);
    }
    replace(counter, (last + 1) + "\n");
    return last + 1;
  }

  /** Whole or not at all. */
  void replace(Path file, String content) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, content);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
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
    Path file = directory.resolve("pins");
    Set<Integer> pins = new TreeSet<>();
    if (Files.exists(file)) {
      Files.readAllLines(file).stream()
          .filter(line -> line.matches("[1-9][0-9]{0,8}"))
          .forEach(line -> pins.add(Integer.parseInt(line)));
    }
    return pins;
  }

  /** Keeps an image whatever comes. */
  public void pin(int number) throws IOException {
    image(number);
    Set<Integer> pins = pins();
    pins.add(number);
    write(pins);
  }

  /** Takes that back. */
  public void unpin(int number) throws IOException {
    image(number);
    Set<Integer> pins = pins();
    pins.remove(number);
    write(pins);
  }

  private void write(Set<Integer> pins) throws IOException {
    StringBuilder text = new StringBuilder();
    pins.forEach(pin -> text.append(pin).append('\n'));
    replace(directory.resolve("pins"), text.toString());
  }

  /**
   * Removes an image and what nodes wrote to its copy. Nobody may use it. The image goes last: as
   * long as it is there, a removal that was cut short is done again.
   */
  void remove(int number) throws IOException {
    for (Path tree : List.of(live(number).path(), numbered(number))) {
      if (Files.exists(tree)) {
        Path away = Files.createTempDirectory(building(), "removed-");
        Files.move(tree, away.resolve("tree"), StandardCopyOption.ATOMIC_MOVE);
        Tool.remove(away);
      }
    }
  }

  /** Removes what was begun and never done: by a process that was killed. */
  public List<String> removeLeftovers() throws IOException {
    List<String> removed = new ArrayList<>();
    try (Stream<Path> list = Files.list(building())) {
      for (Path left : list.filter(ImageStore::isOurs).toList()) {
        Tool.remove(left);
        removed.add("removed " + left + ", left by a krgboot that was killed");
      }
    }
    return removed;
  }

  private static boolean isOurs(Path left) {
    return left.getFileName().toString().matches("(image|removed|live|restore|change)-.*");
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
    if (lock != null) {
      lock.close();
    }
  }
}
