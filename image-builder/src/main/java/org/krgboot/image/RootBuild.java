package org.krgboot.image;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.krgboot.images.Image;
import org.krgboot.images.ImageStore;
import org.krgboot.steps.BuildFailedException;
import org.krgboot.steps.BuildProgress;
import org.krgboot.steps.Sha256;
import org.krgboot.steps.Step;

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
    RootDirectory directory = beside(recipe.target());
    try {
      Optional<Manifest> complete = RootChecks.check(recipe, existing, host);
      if (complete.isPresent()) {
        progress.note(recipe.target() + " is complete and as wanted; left alone");
        return result(
            Outcome.LEFT_ALONE,
            recipe,
            complete.get().kernel(),
            start,
            directory,
            Optional.empty());
      }
      try (RootSession session = RootSession.open(directory, host, progress)) {
        session.build(Steps.of(Recipe.of(recipe), host, directory, sourceDate(), recipe.lines()));
        String kernel = Manifest.read(directory.root()).orElseThrow().kernel();
        Optional<Path> old = session.publish(recipe.target());
        return result(Outcome.BUILT, recipe, kernel, start, directory, old);
      }
    } catch (IOException e) {
      throw failed(recipe.target().toString(), directory, e);
    }
  }

  private static BuildFailedException failed(String what, RootDirectory directory, IOException e) {
    return new BuildFailedException(
        "building " + what + " failed: " + e.getMessage() + "; the log is " + directory.log(), e);
  }

  /** Where the root of that target is built: on the same file system, so that it can be renamed. */
  private static RootDirectory beside(Path target) {
    return new RootDirectory(target.resolveSibling(target.getFileName() + ".build"));
  }

  /** Where to begin. */
  public enum From {
    /** Where an earlier run of the same recipe has stopped. */
    WHERE_IT_STOPPED,
    NOTHING
  }

  /**
   * Builds an image by a recipe.
   *
   * @throws BuildFailedException if there is no new image; the next run goes on with what is done
   */
  public static Image image(Recipe recipe, ImageStore store, From from, BuildProgress progress)
      throws BuildFailedException {
    return image(recipe, store, from, progress, sourceDate());
  }

  static Image image(
      Recipe recipe, ImageStore store, From from, BuildProgress progress, Optional<Instant> epoch)
      throws BuildFailedException {
    Host host = Host.real();
    RootDirectory directory = in(store, recipe);
    try {
      RootChecks.check(recipe, store, host);
      store.removeLeftovers().forEach(progress::note);
      try (RootSession session = RootSession.open(directory, host, progress)) {
        switch (from) {
          case WHERE_IT_STOPPED -> {}
          case NOTHING -> session.forget();
        }
        session.build(Steps.of(recipe, host, directory, epoch, lines(recipe)));
        Image image = store.add(directory.root(), recipe.name(), progress::note);
        session.remove();
        return image;
      }
    } catch (IOException e) {
      throw failed("an image by '" + recipe.name() + "'", directory, e);
    }
  }

  /**
   * What {@link #image} would do, for people: each step with its commands. Changes nothing.
   *
   * @param store that it would be built into; need not exist
   */
  public static List<String> plan(Recipe recipe, ImageStore store) throws BuildFailedException {
    RootDirectory directory = in(store, recipe);
    List<String> lines = new ArrayList<>();
    try {
      List<Step<RootAction>> steps =
          Steps.of(recipe, Host.real(), directory, sourceDate(), lines(recipe));
      for (int i = 0; i < steps.size(); i++) {
        Step<RootAction> step = steps.get(i);
        lines.add(String.format(Locale.ROOT, "%2d %-12s %s", i + 1, step.name(), step.what()));
        step.actions().forEach(action -> action.shown().forEach(line -> lines.add("     " + line)));
      }
      return lines;
    } catch (IOException e) {
      throw failed("an image by '" + recipe.name() + "'", directory, e);
    }
  }

  private static RootDirectory in(ImageStore store, Recipe recipe) {
    return new RootDirectory(store.building().resolve("recipe-" + recipe.name()));
  }

  private static Map<String, String> lines(Recipe recipe) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("recipe", recipe.name());
    lines.put("source", Sources.described(recipe.source()));
    lines.put("packages", String.join(" ", recipe.packages()));
    lines.put("style", recipe.node().style().kind().text());
    lines.put("steps", Sha256.of(recipe.toString()));
    return lines;
  }

  /** https://reproducible-builds.org/specs/source-date-epoch/ */
  private static Optional<Instant> sourceDate() throws BuildFailedException {
    Optional<String> text = Optional.ofNullable(System.getenv("SOURCE_DATE_EPOCH"));
    if (text.isPresent() && !text.get().matches("[0-9]{1,11}")) {
      throw new BuildFailedException(
          "SOURCE_DATE_EPOCH is '" + text.get() + "'; it is a number of seconds since 1970");
    }
    return text.map(Long::parseLong).map(Instant::ofEpochSecond);
  }

  /** What is right and wrong with a root. */
  public static List<RootFinding> examine(Path root) throws IOException, BuildFailedException {
    try (RootSpace space = RootSpace.open(root)) {
      return RootDoctor.examine(root, RootAction.Demand.BOOTABLE, space::lines);
    }
  }

  private static Result result(
      Outcome outcome,
      RootRecipe recipe,
      String kernel,
      long start,
      RootDirectory directory,
      Optional<Path> old) {
    Path boot = recipe.target().resolve("boot");
    return new Result(
        outcome,
        recipe.target(),
        kernel,
        boot.resolve("vmlinuz-" + kernel),
        boot.resolve("initrd.img-" + kernel),
        Duration.ofNanos(System.nanoTime() - start),
        directory.log(),
        old);
  }

  /**
   * Removes a root that is not wanted any more, such as {@link Result#old}. Follows no link.
   *
   * @throws IOException if something is mounted below it, or it cannot be removed
   */
  public static void remove(Path root) throws IOException {
    Host.real().mounts().refuseBelow(root);
    try (RootSpace space = RootSpace.open(root)) {
      space.remove();
    } catch (BuildFailedException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Names of Debian packages that a build needs and this machine lacks. */
  public static List<String> missingTools() {
    return Host.real()
        .missingPackages(new Source.Debian("", Optional.empty(), RootRecipe.Size.STANDARD));
  }
}
