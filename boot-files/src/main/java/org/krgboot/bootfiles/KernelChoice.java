package org.krgboot.bootfiles;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.krgboot.model.KernelVersion;
import org.krgboot.model.StoredKernel;

/**
 * Which kernel and initrd nodes load: of a node root's {@code boot} directory, or of the store of
 * kernels.
 *
 * @param kernel file name
 * @param initrd file name, if there is one for this kernel
 * @param stored which one of the store it is, if it is of the store
 */
public record KernelChoice(String kernel, Optional<String> initrd, Optional<StoredKernel> stored) {
  private static final List<String> KERNELS = List.of("vmlinuz", "vmlinux", "bzImage");

  /** Debian, the how-to, Fedora and dracut, in this order; %s is the kernel's version. */
  private static final List<String> INITRDS =
      List.of("initrd.img-%s", "initrd-%s", "initrd-%s.img", "initramfs-%s.img");

  /** Of a node root. */
  KernelChoice(String kernel, Optional<String> initrd) {
    this(kernel, initrd, Optional.empty());
  }

  private KernelChoice(StoredKernel stored) {
    this(StoredKernel.KERNEL, stored.initrd(), Optional.of(stored));
  }

  /**
   * What a node gets that boots this at this moment; empty if it is not there. A name of the store
   * is followed once: kernel and initrd are of one make.
   */
  public static Optional<KernelChoice> of(BootEntry entry) {
    Optional<String> named = entry.kernel().filter(KernelVersion::isNamed);
    if (named.isPresent()) {
      return KernelVersion.meant(entry.kernels(), named.get()).flatMap(KernelChoice::read);
    }
    Optional<KernelVersion> usual =
        entry.kernel().isEmpty() && entry.initrd().isEmpty()
            ? KernelVersion.published(entry.kernels(), KernelVersion.DEFAULT)
            : Optional.empty();
    return usual.isPresent()
        ? usual.flatMap(KernelChoice::read)
        : find(entry.nodeRoot(), entry.kernel(), entry.initrd());
  }

  private static Optional<KernelChoice> read(KernelVersion version) {
    try {
      return Optional.of(new KernelChoice(StoredKernel.read(version)));
    } catch (IOException e) {
      return Optional.empty(); // removed or damaged; another kernel in its place would be worse
    }
  }

  /** The newest kernel of {@code nodeRoot}/boot with its initrd; empty if there is none. */
  public static Optional<KernelChoice> find(Path nodeRoot) {
    return find(nodeRoot, Optional.empty(), Optional.empty());
  }

  /**
   * As the operator names them; a named file that does not exist makes the answer empty.
   *
   * @param kernel file name in {@code boot}, or empty for the newest
   * @param initrd file name in {@code boot}, or empty for the kernel's own
   */
  public static Optional<KernelChoice> find(
      Path nodeRoot, Optional<String> kernel, Optional<String> initrd) {
    List<String> names = names(nodeRoot.resolve("boot"));
    Optional<String> chosen =
        kernel.isPresent()
            ? kernel.filter(names::contains)
            : names.stream().filter(KernelChoice::isKernel).max(NEWEST);
    if (chosen.isEmpty() || (initrd.isPresent() && !names.contains(initrd.get()))) {
      return Optional.empty();
    }
    String version = version(chosen.get());
    Optional<String> own =
        INITRDS.stream()
            .map(form -> form.replace("%s", version))
            .filter(names::contains)
            .findFirst();
    return Optional.of(new KernelChoice(chosen.get(), initrd.or(() -> own)));
  }

  /** By version; of equal versions the packed form wins over the plain one. */
  private static final Comparator<String> NEWEST =
      Comparator.comparing(KernelChoice::version, VersionOrder.DEBIAN)
          .thenComparingInt(name -> -KERNELS.indexOf(stem(name)));

  private static List<String> names(Path directory) {
    List<String> names = new ArrayList<>();
    // A node that writes to its root could make this a FIFO.
    try (Held held = Held.directory(directory);
        DirectoryStream<Path> entries = Files.newDirectoryStream(held.name())) {
      for (Path entry : entries) {
        if (Files.isRegularFile(entry)) {
          names.add(entry.getFileName().toString());
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return List.of(); // no such directory: no kernel, which the caller tells
    }
    return names;
  }

  private static boolean isKernel(String name) {
    return KERNELS.contains(stem(name)) && !name.endsWith(".old");
  }

  private static String stem(String name) {
    int dash = name.indexOf('-');
    return dash < 0 ? name : name.substring(0, dash);
  }

  /** Where kernel and initrd are. */
  public Path directory(Path nodeRoot) {
    return stored.map(known -> known.version().path()).orElseGet(() -> nodeRoot.resolve("boot"));
  }

  /** As its modules are called; empty if its name does not tell. */
  public String release() {
    return stored.map(StoredKernel::release).orElseGet(() -> version(kernel));
  }

  /**
   * What it adds to the command line: what it needs, and what it is. A kernel leaves words with a
   * dot to modules of that name, and says nothing where there is none.
   */
  String words() {
    return stored
        .map(known -> (known.append() + " krgboot.kernel=" + known.version().number()).strip())
        .orElse("");
  }

  /** What stands behind the first dash; empty for a plain {@code vmlinuz}. */
  static String version(String kernel) {
    int dash = kernel.indexOf('-');
    return dash < 0 ? "" : kernel.substring(dash + 1);
  }
}
