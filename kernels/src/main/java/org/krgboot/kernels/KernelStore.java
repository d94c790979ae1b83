package org.krgboot.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.krgboot.images.NumberedStore;
import org.krgboot.images.PublicationLog;
import org.krgboot.images.Tool;
import org.krgboot.model.KernelVersion;
import org.krgboot.model.StoredKernel;

/**
 * The kernels in one directory. One never changes once it has its number; what nodes get is one of
 * them, by a link for each name. Whoever changes the directory holds its lock until {@link #close}.
 */
public final class KernelStore implements AutoCloseable {
  private static final List<String> FILES =
      List.of(
          KernelManifest.KERNEL,
          KernelManifest.CONFIG,
          KernelManifest.SYSTEM_MAP,
          KernelManifest.INITRD,
          KernelManifest.ROOT,
          KernelManifest.FILE);

  private final NumberedStore store;
  private final PublicationLog log;

  private KernelStore(NumberedStore store) {
    this.store = store;
    this.log = new PublicationLog(store.directory());
  }

  /** Opens a store to look at it; one that does not exist has no kernels. */
  public static KernelStore look(Path directory) throws IOException {
    return new KernelStore(NumberedStore.look(directory));
  }

  /**
   * Opens a store to change it; makes it if it does not exist.
   *
   * @throws IOException if another process changes it now
   */
  public static KernelStore open(Path directory) throws IOException {
    NumberedStore store = NumberedStore.open(directory, "kernels");
    try {
      Files.createDirectories(KernelVersion.sealed(store.directory()));
      Files.createDirectories(
          KernelVersion.link(store.directory(), KernelVersion.DEFAULT).resolveSibling("."));
      return new KernelStore(store);
    } catch (IOException e) {
      store.close();
      throw e;
    }
  }

  /** Where it is. */
  public Path directory() {
    return store.directory();
  }

  private KernelVersion version(int number) {
    return new KernelVersion(store.directory(), number);
  }

  /** All numbers, in order; also of kernels that are damaged. */
  public Set<Integer> numbers() throws IOException {
    return store.numbers(KernelVersion.sealed(store.directory()));
  }

  /** The kernel of that number. */
  public StoredKernel kernel(int number) throws IOException {
    if (number < 1) {
      throw new KernelException("there is no kernel " + number + "; see krgboot kernel list");
    }
    return StoredKernel.read(version(number));
  }

  /** What the kernel of that number was made of. */
  public KernelManifest manifest(int number) throws IOException {
    return KernelManifest.read(kernel(number).version().path());
  }

  /**
   * Keeps a copy of what a build left, under a number of its own, once all of it is as it was built
   * and a node can be expected to boot it. The same result again has the number that it has.
   *
   * @param result the directory of the manifest
   * @throws IOException if that is not so, or there is no room; then nothing has changed
   */
  public StoredKernel add(Path result) throws IOException {
    KernelManifest there = KernelManifest.read(result);
    Optional<StoredKernel> same = same(there);
    if (same.isPresent()) {
      ResultCheck.of(result, there);
      return same.get();
    }
    Path made = Files.createTempDirectory(store.building(), "kernel-");
    try {
      Path kernel = Files.createDirectory(made.resolve("kernel"));
      for (String file : names(there)) {
        if (Files.exists(result.resolve(file), LinkOption.NOFOLLOW_LINKS)) {
          Tool.copy(result.resolve(file), kernel.resolve(file));
        }
      }
      // Looked at in the copy: what is kept is what was looked at.
      KernelManifest manifest = KernelManifest.read(kernel);
      ResultCheck.of(kernel, manifest);
      readable(kernel);
      int number = store.nextNumber(KernelVersion.sealed(store.directory()));
      StoredKernel stored = describe(version(number), kernel, manifest);
      Files.writeString(kernel.resolve(StoredKernel.FILE), stored.text());
      store.put(kernel, stored.version().path());
      return stored;
    } finally {
      Tool.remove(made);
    }
  }

  /** One with that manifest, and with all that the manifest names. */
  private Optional<StoredKernel> same(KernelManifest manifest) throws IOException {
    for (int number : numbers()) {
      try {
        if (manifest(number).equals(manifest)) {
          ResultCheck.of(version(number).path(), manifest);
          return Optional.of(kernel(number));
        }
      } catch (IOException e) {
        // It is damaged, and so it is not the same.
      }
    }
    return Optional.empty();
  }

  /** What is copied: what every result has, and whatever else its manifest names. */
  private static Set<String> names(KernelManifest manifest) throws KernelException {
    Set<String> names = new TreeSet<>(FILES);
    manifest.outputs().forEach(output -> names.add(output.file().split("/", 2)[0]));
    if (names.contains(StoredKernel.FILE)) {
      throw new KernelException(
          "an output is called '" + StoredKernel.FILE + "', which the store needs for itself");
    }
    return names;
  }

  private static StoredKernel describe(
      KernelVersion version, Path kernel, KernelManifest manifest) {
    return new StoredKernel(
        version,
        manifest.name(),
        manifest.release(),
        Instant.now(),
        Optional.of(KernelManifest.INITRD).filter(file -> Files.exists(kernel.resolve(file))),
        manifest.commandLine().orElse("").strip());
  }

  /** The daemon may not be who made it; and nobody writes to it any more. */
  private static void readable(Path kernel) throws IOException {
    Files.setPosixFilePermissions(kernel, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String file : FILES) {
      if (Files.isRegularFile(kernel.resolve(file), LinkOption.NOFOLLOW_LINKS)) {
        Files.setPosixFilePermissions(
            kernel.resolve(file), PosixFilePermissions.fromString("r--r--r--"));
      }
    }
  }

  /** What is published under a name now. */
  public Optional<KernelVersion> published(String name) {
    return KernelVersion.published(store.directory(), name);
  }

  /** The names under which a number is published now. */
  public List<String> namesOf(int number) throws IOException {
    List<String> names = new ArrayList<>();
    for (String name : KernelVersion.names(store.directory())) {
      if (published(name).equals(Optional.of(version(number)))) {
        names.add(name);
      }
    }
    return names;
  }

  /** What was published under a name before the present kernel; empty if none of it is left. */
  public Optional<Integer> previous(String name) throws IOException {
    return log.before(
        link(name),
        published(name).map(KernelVersion::number),
        number -> version(number).isThere());
  }

  private Path link(String name) {
    return KernelVersion.link(store.directory(), name);
  }

  /** All names under which something was ever published. */
  List<String> namesEver() throws IOException {
    return log.links().stream().map(link -> link.getFileName().toString()).toList();
  }

  /** When a number stopped to be what is published under some name; empty if it never did. */
  Optional<Instant> replacedAt(int number) throws IOException {
    return log.replacedAt(number);
  }

  /**
   * Puts a kernel behind a name, in one step: nodes that read their boot configuration from now on
   * get it, with its initrd.
   *
   * @throws IOException if it is not what was built any more; nothing has changed then
   */
  public StoredKernel publish(int number, String name) throws IOException {
    requireName(name);
    StoredKernel kernel = checked(number, link(name));
    log.publish(number, link(name), kernel.version().target());
    return kernel;
  }

  private StoredKernel checked(int number, Path link) throws IOException {
    StoredKernel kernel = kernel(number);
    KernelManifest manifest = manifest(number);
    if (!manifest.release().equals(kernel.release())) {
      throw new KernelException("kernel " + number + " is damaged: its release was changed");
    }
    ResultCheck.of(kernel.version().path(), manifest);
    if (Files.exists(link, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(link)) {
      throw new KernelException(link + " is no link of ours; move it away first");
    }
    return kernel;
  }

  /**
   * For who wants to know it before there is something to publish.
   *
   * @throws KernelException if nothing can have that name
   */
  public void requireName(String name) throws KernelException {
    if (!KernelVersion.isName(name)) {
      throw new KernelException(
          "'"
              + name
              + "' is no name to publish a kernel as: take small letters, digits and hyphens, at"
              + " most 32, a letter first");
    }
  }

  /** Puts the kernel back that was published under a name before. */
  public StoredKernel rollback(String name) throws IOException {
    requireName(name);
    int number =
        previous(name)
            .orElseThrow(() ->
                new KernelException(
                    "no kernel was published as "
                        + name
                        + " before that is still there; see krgboot kernel list"));
    StoredKernel kernel = checked(number, link(name));
    log.goBack(number, link(name), kernel.version().target());
    return kernel;
  }

  /** Publishes nothing under a name any more; false if nothing was. */
  public boolean unpublish(String name) throws IOException {
    requireName(name);
    if (published(name).isEmpty()) {
      return false;
    }
    Files.delete(link(name));
    Tool.sync(store.directory());
    return true;
  }

  /** Numbers that are never removed. */
  public Set<Integer> pins() throws IOException {
    return store.pins();
  }

  /** Keeps a kernel whatever comes. */
  public void pin(int number) throws IOException {
    store.pin(kernel(number).version().number());
  }

  /** Takes that back. */
  public void unpin(int number) throws IOException {
    store.unpin(kernel(number).version().number());
  }

  void remove(int number) throws IOException {
    store.remove(version(number).path());
  }

  /** Removes what was begun and never done: by a process that was killed. */
  public List<String> removeLeftovers() throws IOException {
    return store.removeLeftovers("(kernel|removed)-.*");
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
