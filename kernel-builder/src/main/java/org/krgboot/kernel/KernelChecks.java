package org.krgboot.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.krgboot.kernel.KernelRecipe.Origin;
import org.krgboot.kernels.KernelManifest;
import org.krgboot.steps.BuildFailedException;
import org.krgboot.steps.Machine;

/** All that can be known to go wrong before anything is done. Changes nothing. */
record KernelChecks(KernelRecipe recipe, Toolchain toolchain, Machine machine, long most) {
  private static final long LEAST = 64L << 20;

  /** An unpacked kernel is ten times its archive, and its objects are nearly as much again. */
  private static final long TIMES_OF_ARCHIVE = 18;

  /**
   * Checks the machine, the inputs and the place.
   *
   * @throws BuildFailedException with all that is in the way and what to do about it
   */
  void check(Path output) throws IOException, BuildFailedException {
    List<String> problems = new ArrayList<>();
    output(output, problems);
    inputs(problems);
    tools(problems);
    if (machine.find(recipe.compiler().cc()).isPresent() || toolchain.gcc().isPresent()) {
      toolchain.tooOld(recipe.kernel().version()).ifPresent(problems::add);
    }
    privileges(problems);
    if (problems.isEmpty()) {
      space(output, problems);
    }
    if (!problems.isEmpty()) {
      throw new BuildFailedException(String.join("\n", problems));
    }
  }

  private static void output(Path output, List<String> problems) throws IOException {
    if (!Files.isDirectory(output.resolveSibling("."))) {
      problems.add(
          output.getParent()
              + " is not a directory; make it first: mkdir -p "
              + output.getParent());
      return;
    }
    if (!Files.exists(output, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    boolean ours =
        Files.isDirectory(output, LinkOption.NOFOLLOW_LINKS)
            && (Files.exists(output.resolve(KernelManifest.FILE)) || isEmpty(output));
    if (!ours) {
      problems.add(
          output + " is there and is no result of a kernel's build; name another with --output");
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> inside = Files.list(directory)) {
      return inside.findAny().isEmpty();
    }
  }

  private void inputs(List<String> problems) {
    for (KernelRecipe.Source source : recipe.sources()) {
      boolean missing =
          switch (source.origin()) {
            case Origin.Tar(Path file, Optional<String> url, _, _) ->
                url.isEmpty() && !Files.isReadable(file);
            case Origin.Git(String repository, _, Optional<Path> mirror) ->
                mirror.isEmpty() && !Files.isDirectory(Path.of(repository));
            case Origin.Directory(Path from) -> !Files.isDirectory(from);
          };
      if (missing) {
        problems.add("the source '" + source.name() + "' is not there: " + source.origin());
      }
    }
  }

  private void tools(List<String> problems) {
    Set<String> missing = new LinkedHashSet<>();
    List<KernelAge.Tool> tools = new ArrayList<>(List.of(new KernelAge.Tool("sync", "coreutils")));
    for (String program : List.of("unshare", "setpriv", "flock")) {
      tools.add(new KernelAge.Tool(program, "util-linux"));
    }
    if (recipe.changes().stream().anyMatch(KernelRecipe.Change.Patch.class::isInstance)) {
      tools.add(new KernelAge.Tool("patch", "patch"));
    }
    if (recipe.kernel().targets().contains("modules")) {
      tools.add(new KernelAge.Tool("depmod", "kmod"));
    }
    recipe.sources().forEach(source -> ofSource(source.origin(), tools));
    if (recipe.compiler().chroot().isEmpty()) {
      tools.addAll(KernelAge.tools(recipe.kernel().version()));
      tools.add(new KernelAge.Tool(recipe.compiler().cc(), "gcc"));
      tools.add(new KernelAge.Tool(recipe.compiler().hostCc(), "gcc"));
    }
    for (KernelAge.Tool tool : tools) {
      boolean there =
          tool.program().contains("/")
              ? Files.isExecutable(Path.of(tool.program()))
              : machine.find(tool.program()).isPresent();
      if (!there) {
        missing.add(
            tool.program().equals(tool.itsPackage())
                ? tool.itsPackage()
                : tool.itsPackage() + " (for " + tool.program() + ")");
      }
    }
    if (!missing.isEmpty()) {
      problems.add(
          "programs are missing; apt-get install "
              + String.join(" ", missing.stream().map(m -> m.split(" ", 2)[0]).distinct().toList())
              + "   ("
              + String.join(", ", missing)
              + ")");
    }
  }

  private static void ofSource(Origin origin, List<KernelAge.Tool> tools) {
    switch (origin) {
      case Origin.Tar(Path file, Optional<String> url, _, _) -> {
        tools.add(new KernelAge.Tool("tar", "tar"));
        String name = url.orElse(file.toString());
        if (name.endsWith("xz")) {
          tools.add(new KernelAge.Tool("xz", "xz-utils"));
        } else if (name.endsWith("bz2")) {
          tools.add(new KernelAge.Tool("bzip2", "bzip2"));
        } else if (name.endsWith("zst")) {
          tools.add(new KernelAge.Tool("zstd", "zstd"));
        }
      }
      case Origin.Git _ -> {
        tools.add(new KernelAge.Tool("git", "git"));
        tools.add(new KernelAge.Tool("bash", "bash"));
      }
      case Origin.Directory _ -> {}
    }
  }

  private void privileges(List<String> problems) throws IOException {
    if (machine.isRoot()) {
      return;
    }
    if (recipe.compiler().chroot().isPresent()) {
      problems.add("to compile in a chroot needs root: run this as root");
    }
    if (recipe.initramfs().isPresent()) {
      problems.add("to make an initrd in a node root needs root: run this as root");
    }
  }

  private void space(Path output, List<String> problems) throws IOException {
    long wanted = LEAST;
    for (KernelRecipe.Source source : recipe.sources()) {
      if (source.origin() instanceof Origin.Tar(Path file, _, _, _) && Files.exists(file)) {
        wanted += TIMES_OF_ARCHIVE * Files.size(file);
      }
    }
    long free = Math.min(most, Files.getFileStore(output.resolveSibling(".")).getUsableSpace());
    boolean begun = Files.exists(KernelPlace.beside(output).path()); // part of it is used already
    if (free < wanted && !begun) {
      problems.add(
          "only "
              + (free >> 20)
              + " MB are free at "
              + output.getParent()
              + "; the build needs about "
              + (wanted >> 20)
              + " MB. Name another place with --output");
    }
  }
}
