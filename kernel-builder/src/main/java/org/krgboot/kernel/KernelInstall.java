package org.krgboot.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.krgboot.kernels.KernelManifest;
import org.krgboot.steps.BuildFailedException;
import org.krgboot.steps.Command;
import org.krgboot.steps.Machine;
import org.krgboot.steps.Remedy;
import org.krgboot.steps.RootPath;

/**
 * Lays what a kernel brings with it, such as its modules, over a node root. No link of the root is
 * followed out of it; each file and each new directory is there whole or not at all.
 */
public final class KernelInstall {
  /** Below it: files whose lines are added to those of the root, unless they are there. */
  static final String ADDITIONS = ".krgboot-additions/";

  private static final String SCRATCH = ".krgboot-kernel-";

  private final Path from;
  private final Path root;
  private final Command command;
  private final Path scratch;
  private final List<String> told = new ArrayList<>();

  private KernelInstall(Path from, Path root, Path scratch, Machine machine) {
    this.from = from;
    this.root = root;
    this.scratch = scratch;
    this.command = new Command(machine, scratch.resolve("log"), new Remedy(Map.of()));
  }

  /**
   * Lays a result over a root.
   *
   * @param result the directory that a build has left
   * @return what was done, for people
   * @throws BuildFailedException if something is in the way; then nothing was changed
   */
  public static List<String> run(Path result, Path root) throws IOException, BuildFailedException {
    KernelManifest.read(result).verify(result);
    Path from = result.resolve(KernelManifest.ROOT);
    if (!Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
      return List.of("the kernel has no modules and brings no files: nothing to install");
    }
    if (!Files.isDirectory(root)) {
      throw new BuildFailedException(root + " is not a directory");
    }
    Path real = root.toRealPath();
    if (real.getNameCount() == 0) {
      throw new BuildFailedException("/ is this machine's own root; name a node root");
    }
    Machine machine = Machine.real();
    try (RootLock _ = RootLock.take(real, machine)) {
      return install(from, real, machine);
    } catch (UncheckedIOException e) { // of streams of files
      throw e.getCause();
    }
  }

  private static List<String> install(Path from, Path root, Machine machine)
      throws IOException, BuildFailedException {
    for (Path left : leftovers(root)) {
      removeTree(left);
    }
    Path scratch = Files.createTempDirectory(root, SCRATCH);
    try {
      return new KernelInstall(from, root, scratch, machine).install();
    } finally {
      removeTree(scratch);
    }
  }

  private static List<Path> leftovers(Path root) throws IOException {
    try (Stream<Path> list = Files.list(root)) {
      return list.filter(path -> path.getFileName().toString().startsWith(SCRATCH)).toList();
    }
  }

  private static void removeTree(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    }
  }

  private List<String> install() throws IOException, BuildFailedException {
    Path copy = Files.createDirectory(scratch.resolve("tree"));
    command.must(
        "copying " + from,
        List.of(
            "cp",
            "--recursive",
            "--no-dereference",
            "--preserve=mode,timestamps,links",
            from + "/.",
            copy.toString()));
    Path additions = copy.resolve(ADDITIONS);
    Path aside = scratch.resolve("additions");
    if (Files.isDirectory(additions)) {
      Files.move(additions, aside);
    }
    List<String> inTheWay = new ArrayList<>();
    look(copy, root, inTheWay);
    if (Files.isDirectory(aside)) {
      lookAtAdditions(aside, copy, inTheWay);
    }
    if (!inTheWay.isEmpty()) {
      throw new BuildFailedException(
          "nothing was installed, as something is in the way: " + String.join("; ", inTheWay));
    }
    command.must("writing to the disk", List.of("sync", "-f", copy.toString()));
    lay(copy, root);
    if (Files.isDirectory(aside)) {
      add(aside);
    }
    command.must("writing to the disk", List.of("sync", "-f", root.toString()));
    return told;
  }

  /** Where a directory of the tree is in the root; empty if it is not there. */
  private Optional<Path> place(Path directory) {
    return Files.isSymbolicLink(directory)
        ? RootPath.followed(root, root.relativize(directory).toString())
        : Optional.of(directory).filter(Files::exists);
  }

  private void look(Path tree, Path target, List<String> inTheWay) throws IOException {
    for (Path child : list(tree)) {
      Path to = target.resolve(child.getFileName());
      boolean there = Files.exists(to, LinkOption.NOFOLLOW_LINKS);
      if (isRealDirectory(child) && there) {
        Optional<Path> place = place(to);
        if (place.filter(KernelInstall::isRealDirectory).isEmpty()) {
          inTheWay.add("/" + root.relativize(to) + " is no directory of the root");
        } else {
          look(child, place.get(), inTheWay);
        }
      } else if (!isRealDirectory(child) && isRealDirectory(to)) {
        inTheWay.add("/" + root.relativize(to) + " is a directory");
      }
    }
  }

  /** The directory of such a file is there, or comes with the tree. */
  private void lookAtAdditions(Path additions, Path copy, List<String> inTheWay)
      throws IOException {
    for (Path file : new StagedTree(additions, additions).files()) {
      Optional<Path> to = RootPath.inside(root, file.toString());
      if (to.isEmpty() && !isRealDirectory(copy.resolve(file).resolveSibling("."))) {
        inTheWay.add("the root has no directory for /" + file);
      } else if (to.isPresent() && Files.isSymbolicLink(to.get())) {
        inTheWay.add("/" + file + " is a link, and lines are to be added to it");
      } else if (to.isPresent() && isRealDirectory(to.get())) {
        inTheWay.add("/" + file + " is a directory, and lines are to be added to it");
      }
    }
  }

  private void lay(Path tree, Path target) throws IOException {
    for (Path child : list(tree)) {
      Path to = target.resolve(child.getFileName());
      if (!isRealDirectory(child) || !Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(child, to, StandardCopyOption.ATOMIC_MOVE);
        told.add("/" + root.relativize(to));
        continue;
      }
      Path place = place(to).orElseThrow(() -> new IOException(to + " is gone"));
      if (place
          .resolveSibling(".")
          .normalize()
          .endsWith("lib/modules")) { // those of an earlier build go as a whole
        Exchange.of(child, place);
        told.add("/" + root.relativize(place) + ", in place of what was there");
      } else {
        lay(child, place);
      }
    }
  }

  private void add(Path additions) throws IOException {
    for (Path file : new StagedTree(additions, additions).files()) {
      Path to =
          RootPath.inside(root, file.toString())
              .orElseThrow(() -> new IOException("the directory of /" + file + " is gone"));
      addLines(Files.readAllLines(additions.resolve(file)), to, file);
    }
  }

  private void addLines(List<String> lines, Path to, Path file) throws IOException {
    String text = Files.exists(to) ? Files.readString(to, StandardCharsets.ISO_8859_1) : "";
    List<String> have = text.lines().map(KernelInstall::normal).toList();
    List<String> missing = lines.stream().filter(line -> !have.contains(normal(line))).toList();
    if (missing.isEmpty()) {
      return;
    }
    Path fresh = scratch.resolve("file");
    if (Files.exists(to)) {
      Files.copy(to, fresh, StandardCopyOption.COPY_ATTRIBUTES);
    }
    String between = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
    Files.writeString(
        fresh, text + between + String.join("\n", missing) + "\n", StandardCharsets.ISO_8859_1);
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(fresh, to, StandardCopyOption.ATOMIC_MOVE);
    told.add("/" + file + ": " + missing.size() + " lines more");
  }

  private static String normal(String line) {
    return line.strip().replaceAll("\\s+", " ");
  }

  private static boolean isRealDirectory(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> inside = Files.list(directory)) {
      return inside.sorted().toList();
    }
  }
}
