package org.krgboot.image;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.krgboot.image.RootBuild.Existing;
import org.krgboot.images.ImageStore;
import org.krgboot.steps.BuildFailedException;
import org.krgboot.steps.MountTable;

/** All that can be known to go wrong before anything is done. Changes nothing. */
final class RootChecks {
  private static final long LEAST = 8 << 20;

  private RootChecks() {}

  /**
   * Checks the machine and the target.
   *
   * @return the manifest of the root that stands there, if it is just what is wanted
   * @throws BuildFailedException with all that is in the way and what to do about it
   */
  static Optional<Manifest> check(RootRecipe recipe, Existing existing, Host host)
      throws BuildFailedException, IOException {
    Path target = recipe.target();
    if (!Files.isDirectory(target.resolveSibling("."))) {
      throw new BuildFailedException(
          target.getParent()
              + " is not a directory; make it first: mkdir -p "
              + target.getParent());
    }
    Optional<Manifest> complete = existing(recipe, existing);
    if (complete.isPresent()) {
      return complete;
    }
    List<String> problems =
        Stream.of(
                privileges(host),
                tools(host, Recipe.of(recipe).source()),
                mount(target, host),
                space(target, host.freeBytes()))
            .flatMap(Optional::stream)
            .toList();
    if (!problems.isEmpty()) {
      throw new BuildFailedException(String.join("\n", problems));
    }
    return Optional.empty();
  }

  /** Checks the machine for a build into a store. */
  static void check(Recipe recipe, ImageStore store, Host host)
      throws BuildFailedException, IOException {
    Path place = store.building();
    Stream<Optional<String>> all =
        Stream.of(
            privileges(host),
            tools(host, recipe.source()),
            mount(place.resolve("root"), host),
            space(place.resolve("root"), wanted(recipe.source(), host)));
    List<String> problems = all.flatMap(Optional::stream).toList();
    if (!problems.isEmpty()) {
      throw new BuildFailedException(String.join("\n", problems));
    }
  }

  private static Optional<Manifest> existing(RootRecipe recipe, Existing existing)
      throws BuildFailedException, IOException {
    Path target = recipe.target();
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new BuildFailedException(target + " is not a directory; choose another target");
    }
    try (Stream<Path> inside = Files.list(target)) {
      if (inside.findAny().isEmpty()) {
        return Optional.empty();
      }
    }
    Optional<Manifest> manifest = Manifest.read(target);
    if (manifest.isPresent() && manifest.get().differences(recipe).isEmpty()) {
      return manifest;
    }
    return switch (existing) {
      case REPLACE -> Optional.empty();
      case KEEP -> throw refusal(target, manifest, recipe);
    };
  }

  private static BuildFailedException refusal(
      Path target, Optional<Manifest> manifest, RootRecipe recipe) {
    String what =
        manifest
            .map(m -> " is another root: " + String.join("; ", m.differences(recipe)))
            .orElse(" is not empty and was not made by krgboot");
    return new BuildFailedException(
        target
            + what
            + ". Choose another target, or ask for it to be replaced (the old one is kept beside"
            + " it)");
  }

  private static Optional<String> privileges(Host host) throws IOException {
    return host.isRoot()
        ? Optional.empty()
        : Optional.of("a node root has device nodes and many owners: run this as root");
  }

  private static Optional<String> tools(Host host, Source source) {
    List<String> missing = host.missingPackages(source);
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("missing packages: apt-get install " + String.join(" ", missing));
  }

  private static Optional<String> mount(Path target, Host host) throws IOException {
    MountTable table = host.mounts();
    if (table.mounts().stream().anyMatch(m -> m.at().equals(target))) {
      return Optional.of(
          target
              + " is a mount point, and a root is put into place by renaming; name a directory"
              + " below it");
    }
    List<String> options =
        table.of(target).map(MountTable.Mount::options).orElse(List.<String>of());
    List<String> bad = Stream.of("ro", "nodev", "noexec").filter(options::contains).toList();
    return bad.isEmpty()
        ? Optional.empty()
        : Optional.of(
            table.of(target).orElseThrow().at()
                + " is mounted with "
                + String.join(",", bad)
                + "; a root needs device nodes and programs there. Choose another target, or remount"
                + " it");
  }

  /** Of an archive at least its own size; how much comes out of it nobody knows beforehand. */
  private static long wanted(Source source, Host host) throws IOException {
    Optional<Path> file = source.input().filter(Files::isRegularFile);
    return switch (source) {
      case Source.Debian _ -> host.freeBytes();
      case Source.Directory _, Source.Tar _, Source.Oci _, Source.Squashfs _, Source.Host _ ->
          file.isPresent() ? Math.max(LEAST, Files.size(file.get())) : LEAST;
    };
  }

  private static Optional<String> space(Path target, long wanted) throws IOException {
    FileStore store = Files.getFileStore(target.resolveSibling("."));
    long free = store.getUsableSpace();
    return free >= wanted
        ? Optional.empty()
        : Optional.of(
            "only "
                + (free >> 20)
                + " MB are free at "
                + target.getParent()
                + "; a build needs "
                + (wanted >> 20)
                + " MB");
  }
}
