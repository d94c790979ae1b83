package org.krgboot.image;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** Builds a node root, whole or not at all. Needs root: device nodes, owners and chroot do. */
public final class RootBuild {
  /** What to do with a root that is there already and is not what is wanted. */
  public enum Existing {
    /** Refuse, and say how to go on. */
    KEEP,
    /** Build a new one and put it in its place; the old one is kept beside it. */
    REPLACE
  }

  /** Whether there was anything to do. */
  public enum Outcome {
    BUILT,
    LEFT_ALONE
  }

  /**
   * A complete root.
   *
   * @param kernelRelease such as {@code 6.1.0-56-amd64}
   * @param kernel the kernel's file in the root
   * @param initrd the initrd's file in the root
   * @param took how long it took
   * @param log all that the tools said; of the build that made the root
   * @param old where the root that stood there before is now
   */
  public record Result(
      Outcome outcome,
      Path root,
      String kernelRelease,
      Path kernel,
      Path initrd,
      Duration took,
      Path log,
      Optional<Path> old) {}

  /**
   * Kernel parameters that the root is made for: the network interface is called eth0 on every
   * node, and a login prompt is on the first serial line too.
   */
  public static final List<String> KERNEL_PARAMETERS =
      List.of("net.ifnames=0", "console=tty0", "console=ttyS0,115200");

  private static final DateTimeFormatter ID = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private RootBuild() {}

  /**
   * Builds the root, or finds that it is there already.
   *
   * @throws BuildFailedException if there is no new root; what stood at the target still does
   */
  public static Result run(RootRecipe recipe, Existing existing, BuildProgress progress)
      throws BuildFailedException {
    return run(recipe, existing, progress, Host.real());
  }

  static Result run(RootRecipe recipe, Existing existing, BuildProgress progress, Host host)
      throws BuildFailedException {
    long start = System.nanoTime();
    Path log = recipe.target().resolveSibling(recipe.target().getFileName() + ".build.log");
    try {
      Optional<Manifest> complete = RootChecks.check(recipe, existing, host);
      if (complete.isPresent()) {
        progress.note(recipe.target() + " is complete and as wanted; left alone");
        return result(
            Outcome.LEFT_ALONE, recipe, complete.get().kernel(), start, log, Optional.empty());
      }
      BuildDirectory.removeStale(recipe.target(), host).forEach(progress::note);
      String id =
          ID.format(LocalDateTime.now(ZoneId.systemDefault()))
              + "-"
              + ProcessHandle.current().pid();
      try (BuildSession session = BuildSession.open(recipe, host, log, id, progress)) {
        session.build();
        Optional<Path> old = session.publish();
        return result(Outcome.BUILT, recipe, session.kernelRelease(), start, log, old);
      }
    } catch (IOException e) {
      throw new BuildFailedException(
          "building " + recipe.target() + " failed: " + e + "; the log is " + log, e);
    }
  }

  private static Result result(
      Outcome outcome, RootRecipe recipe, String kernel, long start, Path log, Optional<Path> old) {
    Path boot = recipe.target().resolve("boot");
    return new Result(
        outcome,
        recipe.target(),
        kernel,
        boot.resolve("vmlinuz-" + kernel),
        boot.resolve("initrd.img-" + kernel),
        Duration.ofNanos(System.nanoTime() - start),
        log,
        old);
  }

  /**
   * Removes a root that is not wanted any more, such as {@link Result#old}. Follows no link.
   *
   * @throws IOException if something is mounted below it, or it cannot be removed
   */
  public static void remove(Path root) throws IOException {
    BuildDirectory.refuseMounts(root, Host.real());
    BuildDirectory.delete(root);
  }

  /** Names of Debian packages that a build needs and this machine lacks. */
  public static List<String> missingTools() {
    return Host.real().missingPackages();
  }
}
