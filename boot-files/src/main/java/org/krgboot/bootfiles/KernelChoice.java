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

/**
 * Which kernel and initrd of a node root's {@code boot} directory nodes load.
 *
 * @param kernel file name
 * @param initrd file name, if there is one for this kernel
 */
public record KernelChoice(String kernel, Optional<String> initrd) {
  private static final List<String> KERNELS = List.of("vmlinuz", "vmlinux", "bzImage");

  /** Debian, the how-to, Fedora and dracut, in this order; %s is the kernel's version. */
  private static final List<String> INITRDS =
      List.of("initrd.img-%s", "initrd-%s", "initrd-%s.img", "initramfs-%s.img");

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
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
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

  /** What stands behind the first dash; empty for a plain {@code vmlinuz}. */
  static String version(String kernel) {
    int dash = kernel.indexOf('-');
    return dash < 0 ? "" : kernel.substring(dash + 1);
  }
}
