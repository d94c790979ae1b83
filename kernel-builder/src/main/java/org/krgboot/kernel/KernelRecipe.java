package org.krgboot.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a kernel is to be, and how it is made.
 *
 * @param name for people
 * @param changes what is changed in the trees, in this order
 * @param components what is built beside the kernel, in this order
 * @param files put into the staged root, after what components have installed
 */
public record KernelRecipe(
    String name,
    Kernel kernel,
    List<Source> sources,
    List<Change> changes,
    Configuration config,
    Compiler compiler,
    List<Component> components,
    List<OwnFile> files,
    Optional<Initramfs> initramfs,
    Optional<Kerrighed> kerrighed) {

  /**
   * The kernel's own build.
   *
   * @param tree where its tree is, below the sources
   * @param arch as make's ARCH=
   * @param targets what make is to build; none if a component builds the kernel
   * @param image the kernel's file in the tree; empty for the usual one of an x86
   * @param date of all that is built; empty for the sources' own
   * @param commandLine what this kernel wants on its command line
   */
  record Kernel(
      String tree,
      KernelVersion version,
      String arch,
      List<String> targets,
      Optional<String> image,
      Optional<Instant> date,
      Optional<String> commandLine) {}

  /**
   * A tree.
   *
   * @param name its directory below the sources
   */
  record Source(String name, Origin origin) {}

  /** Where a tree comes from. */
  sealed interface Origin {
    /**
     * Packed with tar.
     *
     * @param file on this machine; for one with a URL, where its copy is kept
     * @param sha256 what it must be, if that is known
     * @param strip how many directories in front of each name are left away
     */
    record Tar(Path file, Optional<String> url, Optional<String> sha256, int strip)
        implements Origin {}

    /**
     * A commit.
     *
     * @param repository a directory, or a URL whose copy is kept in {@code mirror}
     */
    record Git(String repository, String commit, Optional<Path> mirror) implements Origin {}

    record Directory(Path from) implements Origin {}
  }

  /** What is changed in a tree before it is configured; in order. */
  sealed interface Change {
    /** The tree, below the sources. */
    String tree();

    record Patch(String tree, Path file, int strip) implements Change {}

    /**
     * A file of the tree.
     *
     * @param from where it stands in the recipe
     */
    record Edit(String tree, String file, Way way, String from) implements Change {}
  }

  /** How a file is edited. */
  sealed interface Way {
    /**
     * A text.
     *
     * @param times how often it must be there; empty for once or more
     */
    record Replace(String text, String with, Optional<Integer> times) implements Way {}

    /**
     * A regular expression, line by line.
     *
     * @param times how often it must match; empty for once or more
     */
    record Pattern(String pattern, String with, Optional<Integer> times) implements Way {}

    record Append(String text) implements Way {}

    /** A file that is not there yet. */
    record Create(String text) implements Way {}

    /**
     * A copy of another file of the tree; it is not there yet.
     *
     * @param from in the tree
     */
    record CopyOf(String from) implements Way {}

    /** What is there is not needed. */
    record Remove() implements Way {}
  }

  /**
   * The kernel's configuration.
   *
   * @param base what the requests go on top of
   */
  record Configuration(
      Base base,
      List<Config.Request> requests,
      List<Preset> presets,
      List<NetworkCard> cards,
      List<Path> fragments) {
    ConfigCheck check() {
      return new ConfigCheck(requests, presets, cards);
    }
  }

  /** What a configuration begins with. */
  sealed interface Base {
    /** One of make's targets. */
    record Target(String name) implements Base {}

    record OwnFile(Path file) implements Base {}

    /** A file of the tree. */
    record InTree(String file) implements Base {}

    /** What is in the tree as {@code .config} already, such as what a component has put there. */
    record AsItIs() implements Base {}
  }

  /**
   * What compiles.
   *
   * @param byAge whether the flags that krgboot knows for the kernel's age are used
   * @param flags for the kernel's compiler, in front of all others: the kernel's own words win
   * @param wrapper a script that is put in front of the compiler: it is called with the compiler's
   *     name and all words
   * @param chroot a root in which all that compiles runs
   * @param environment of all commands
   */
  record Compiler(
      String cc,
      String hostCc,
      boolean byAge,
      List<String> flags,
      List<String> hostFlags,
      List<String> makeArguments,
      Map<String, String> environment,
      Optional<Path> wrapper,
      Optional<Path> chroot) {
    Compiler {
      environment = new TreeMap<>(environment);
    }

    /** Files that it is made of, as far as they are named by their paths. */
    List<Path> files() {
      Stream<String> named =
          Stream.concat(
              Stream.of(cc, hostCc),
              makeArguments.stream().map(each -> each.replaceFirst(".*?=", "")));
      return Stream.concat(
              named.filter(each -> each.startsWith("/")).map(Path::of), wrapper.stream())
          .filter(Files::isRegularFile)
          .distinct()
          .toList();
    }
  }

  /** When a component is configured and made. */
  enum When {
    /** Before the kernel is configured: the component unpacks or changes its tree. */
    BEFORE_CONFIGURE,
    AFTER_BUILD
  }

  /**
   * Something beside the kernel: modules, tools. Each list is lines for a shell.
   *
   * @param in where they run, below the sources
   */
  record Component(
      String name,
      String in,
      When when,
      List<String> configure,
      List<String> make,
      List<String> install) {}

  /**
   * A file of the staged root.
   *
   * @param path in the root, relative
   * @param content as text; empty if it is copied from a file
   * @param permissions as {@code rwxr-xr-x}
   */
  record OwnFile(String path, Optional<String> content, Optional<Path> from, String permissions) {}

  /**
   * An initrd, made by the mkinitramfs of a node root for that root.
   *
   * @param modules more of them
   * @param compress gzip and so on
   */
  record Initramfs(Path root, List<String> modules, String compress) {}

  /**
   * Kerrighed's own files.
   *
   * @param nodes lines of /etc/kerrighed_nodes
   * @param defaults lines of /etc/default/kerrighed; none to leave it as it is
   */
  record Kerrighed(List<String> nodes, List<String> defaults) {}
}
