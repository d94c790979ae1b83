package org.krgboot.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A numbered kernel in a store: {@code STORE/sealed/7}, which never changes. What is published
 * under a name is one of them, by the link {@code STORE/published/NAME}.
 */
public record KernelVersion(Path store, int number) {
  /** What nodes get whose configuration names no kernel, once it is published. */
  public static final String DEFAULT = "default";

  /** So a configuration names a kernel of the store: {@code kernels/krg}, {@code kernels/7}. */
  public static final String PREFIX = "kernels/";

  private static final String NUMBER = "[1-9][0-9]{0,8}";
  private static final Pattern TARGET = Pattern.compile("\\.\\./sealed/(" + NUMBER + ")");
  private static final Pattern TAG = Pattern.compile("kernel-(" + NUMBER + ")");
  private static final Pattern FILE =
      Pattern.compile("(?:.*/)?boot/kernel-(" + NUMBER + ")/vmlinuz");

  public KernelVersion {
    if (number < 1) {
      throw new IllegalArgumentException(number + " is not the number of a kernel");
    }
  }

  /** Whether a kernel can be published under that name; a number is none. */
  public static boolean isName(String text) {
    return text.matches("[a-z][a-z0-9-]{0,31}");
  }

  /** Whether a configuration means a kernel of the store, and not a file of the node root. */
  public static boolean isNamed(String configured) {
    return configured.startsWith(PREFIX);
  }

  /**
   * Whether a configuration may say so: {@link #PREFIX} and a name, or a number.
   *
   * @param configured {@link #isNamed}
   */
  public static boolean isWellNamed(String configured) {
    String name = configured.substring(PREFIX.length());
    return isName(name) || name.matches(NUMBER);
  }

  /** The link of a name. */
  public static Path link(Path store, String name) {
    return store.resolve("published").resolve(name);
  }

  /** The directory that has all versions. */
  public static Path sealed(Path store) {
    return store.resolve("sealed");
  }

  /** What is published under a name at this moment; empty if nothing is. */
  public static Optional<KernelVersion> published(Path store, String name) {
    try {
      Path link = link(store, name);
      if (!isName(name) || !Files.isSymbolicLink(link)) {
        return Optional.empty();
      }
      // Read once: whatever is published meanwhile, this is one version.
      Matcher target = TARGET.matcher(Files.readSymbolicLink(link).toString());
      return target.matches()
          ? Optional.of(new KernelVersion(store, Integer.parseInt(target.group(1))))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // it went away between the two looks
    }
  }

  /** All names under which something is published, in order. */
  public static List<String> names(Path store) throws IOException {
    List<String> names = new ArrayList<>();
    Path directory = store.resolve("published");
    if (Files.isDirectory(directory)) {
      try (Stream<Path> list = Files.list(directory)) {
        list.map(link -> link.getFileName().toString())
            .filter(KernelVersion::isName)
            .sorted()
            .forEach(names::add);
      }
    }
    return names;
  }

  /**
   * What a configuration means at this moment.
   *
   * @param configured {@link #isNamed}
   * @return empty if there is no such kernel
   */
  public static Optional<KernelVersion> meant(Path store, String configured) {
    String name = configured.substring(PREFIX.length());
    return name.matches(NUMBER)
        ? Optional.of(new KernelVersion(store, Integer.parseInt(name)))
            .filter(KernelVersion::isThere)
        : published(store, name);
  }

  /** The version of that {@link #tag}. */
  public static Optional<KernelVersion> tagged(Path store, String tag) {
    Matcher matcher = TAG.matcher(tag);
    return matcher.matches()
        ? Optional.of(new KernelVersion(store, Integer.parseInt(matcher.group(1))))
        : Optional.empty();
  }

  /** The number of the kernel that a node fetched under this name; empty if it is another file. */
  public static Optional<Integer> fetched(String file) {
    Matcher matcher = FILE.matcher(file.replace('\\', '/'));
    return matcher.matches() ? Optional.of(Integer.parseInt(matcher.group(1))) : Optional.empty();
  }

  /** Its directory. */
  public Path path() {
    return sealed(store).resolve(Integer.toString(number));
  }

  /** As a link in {@code published} leads there. */
  public Path target() {
    return Path.of("..", "sealed", Integer.toString(number));
  }

  /** Whether it has not been removed. */
  public boolean isThere() {
    return Files.isDirectory(path(), LinkOption.NOFOLLOW_LINKS);
  }

  /** In names of boot files: {@code kernel-7}. */
  public String tag() {
    return "kernel-" + number;
  }
}
