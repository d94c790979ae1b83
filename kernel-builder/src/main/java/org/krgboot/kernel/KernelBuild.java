package org.krgboot.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.krgboot.kernels.KernelException;
import org.krgboot.kernels.KernelManifest;
import org.krgboot.steps.BuildFailedException;
import org.krgboot.steps.BuildProgress;
import org.krgboot.steps.BuildSession;
import org.krgboot.steps.Chroot;
import org.krgboot.steps.Machine;
import org.krgboot.steps.Remedy;
import org.krgboot.steps.Step;
import org.krgboot.steps.StepRunner;
import org.krgboot.steps.Stretch;

/** Builds a kernel, whole or not at all. Needs no network, no daemon, and mostly no root. */
public final class KernelBuild {
  private static final Remedy REMEDY =
      new Remedy(
          Map.of(
              "gelf.h",
              "The kernel's own tools need libelf: apt-get install libelf-dev.",
              "openssl/",
              "The kernel's own tools need OpenSSL: apt-get install libssl-dev.",
              "ncurses.h",
              "That target asks a person; name one that does not, such as olddefconfig.",
              "mixed implicit and normal rules",
              "make of today refuses that line of an old Makefile: split it with an [[edit]].",
              "defined(@array)",
              "perl of today refuses that line of an old script: mend it with an [[edit]].",
              "internal compiler error",
              "The compiler itself failed, perhaps for want of memory: try fewer --jobs."));

  private final KernelRecipe recipe;
  private final Path output;
  private final Machine machine;
  private final Toolchain toolchain;
  private final KernelPlace place;
  private final List<Step<KernelAction>> steps;

  /** Whether there was anything to do. */
  public enum Outcome {
    BUILT,
    /** The last step that was asked for is done; there is no result yet. */
    PART,
    LEFT_ALONE
  }

  /**
   * How it went.
   *
   * @param release as {@code uname -r} will print it; empty as long as there is no result
   * @param log all that the tools said
   */
  public record Result(
      Outcome outcome, Path output, Optional<String> release, Duration took, Path log) {}

  /**
   * Which part of a build is wanted.
   *
   * @param from is done again, with all after it
   * @param until is the last one that is done
   */
  public record Part(Optional<Stage> from, Optional<Stage> until) {
    /** All that is not done. */
    public static final Part ALL = new Part(Optional.empty(), Optional.empty());
  }

  private KernelBuild(
      KernelRecipe recipe,
      Path output,
      Machine machine,
      Toolchain toolchain,
      Optional<Instant> epoch) {
    this.recipe = recipe;
    this.output = output;
    this.machine = machine;
    this.toolchain = toolchain;
    this.place = KernelPlace.beside(output);
    this.steps = KernelSteps.of(recipe, place, toolchain, epoch);
  }

  /**
   * Prepares a build; asks the compiler who it is. Changes nothing.
   *
   * @param output the directory that is to have the result
   */
  public static KernelBuild of(KernelRecipe recipe, Path output)
      throws IOException, BuildFailedException {
    return of(recipe, output, Machine.real(), sourceDate());
  }

  static KernelBuild of(KernelRecipe recipe, Path output, Machine machine, Optional<Instant> epoch)
      throws IOException {
    Path path = output.toAbsolutePath().normalize();
    return new KernelBuild(recipe, path, machine, Toolchain.of(recipe, machine), epoch);
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

  /** What {@link #run} would do, for people: each step with its commands. Changes nothing. */
  public List<String> plan(int jobs) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Step<KernelAction> step = steps.get(i);
      lines.add(String.format(Locale.ROOT, "%2d %-12s %s", i + 1, step.name(), step.what()));
      for (KernelAction action : step.actions()) {
        action
            .shown()
            .forEach(line ->
                lines.add(
                    "     "
                        + line.replace(KernelAction.JOBS, "" + jobs)
                            .replace(KernelAction.RELEASE, "RELEASE")));
      }
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "   %-12s %s",
            "result",
            "put kernel, configuration and manifest at " + output));
    return lines;
  }

  /**
   * Of each step, whether {@link #run} would do it and why; and why words for the compiler are
   * used.
   */
  public List<String> explain(Part part) throws IOException, BuildFailedException {
    List<String> lines = new ArrayList<>();
    if (part.equals(Part.ALL) && wanted().isPresent()) {
      return List.of(output + " is complete and as wanted: nothing would be done");
    }
    List<String> why =
        StepRunner.explain(place.build(), machine, new KernelStates(place), steps, stretch(part));
    for (int i = 0; i < steps.size(); i++) {
      lines.add(String.format(Locale.ROOT, "%2d %-12s %s", i + 1, steps.get(i).name(), why.get(i)));
      if (Stage.ofStep(steps.get(i).name()).equals(Optional.of(Stage.VERIFY))) {
        for (Demand demand : recipe.config().check().demands(recipe.kernel().version())) {
          lines.add("     " + demand.wanted() + ": " + demand.why());
        }
      }
    }
    toolchain.flags().forEach(flag -> lines.add("   " + flag.word() + ": " + flag.why()));
    return lines;
  }

  /** The result that is there, if it is just what the recipe gives. */
  private Optional<KernelManifest> wanted() throws IOException {
    if (!Files.exists(output.resolve(KernelManifest.FILE))) {
      return Optional.empty();
    }
    try {
      KernelManifest manifest = KernelManifest.read(output);
      String key = KernelResult.key(recipe, steps, place);
      if (!manifest.inputs().contains(KernelResult.recipe(key))) {
        return Optional.empty();
      }
      manifest.verify(output);
      return Optional.of(manifest);
    } catch (KernelException e) {
      return Optional.empty();
    }
  }

  /**
   * Builds it, or finds that it is there already.
   *
   * @param jobs how many processes compile at a time
   * @throws BuildFailedException if there is no new result; the next run goes on with what is done
   */
  public Result run(Part part, int jobs, BuildProgress progress) throws BuildFailedException {
    try {
      return build(part, jobs, progress);
    } catch (IOException e) {
      throw new BuildFailedException(
          "building the kernel '"
              + recipe.name()
              + "' failed: "
              + BuildFailedException.reason(e)
              + "\n"
              + REMEDY.of(List.of(String.valueOf(e.getMessage())))
              + "The log is "
              + place.build().log(),
          e);
    }
  }

  private Result build(Part part, int jobs, BuildProgress progress)
      throws IOException, BuildFailedException {
    long start = System.nanoTime();
    Optional<KernelManifest> complete = part.equals(Part.ALL) ? wanted() : Optional.empty();
    if (complete.isPresent()) {
      progress.note(output + " is complete and as wanted; left alone");
      tidy(progress);
      return result(Outcome.LEFT_ALONE, Optional.of(complete.get().release()), start);
    }
    new KernelChecks(recipe, toolchain, machine, Long.MAX_VALUE).check(output);
    toolchain.warning(recipe.kernel().version()).ifPresent(progress::note);
    Stretch stretch = stretch(part);
    try (BuildSession session =
        BuildSession.open(place.build(), machine, REMEDY, "krgboot kernel build")) {
      Chroot chroot = chroot(session);
      Surroundings surroundings = new Surroundings(recipe, place, toolchain, machine, chroot);
      surroundings.make();
      KernelWork work = new KernelWork(place, session, surroundings, REMEDY, jobs, progress);
      List<KernelManifest.Input> inputs = KernelResult.inputs(recipe, steps, place);
      new StepRunner<>(place.build(), session, work, progress).run(steps, stretch);
      if (stretch.until() < steps.size()) {
        return result(Outcome.PART, Optional.empty(), start);
      }
      progress.note("putting the result in its place");
      String release = new KernelResult(recipe, place, toolchain, session).publish(inputs, output);
      return result(Outcome.BUILT, Optional.of(release), start);
    }
  }

  private Result result(Outcome outcome, Optional<String> release, long start) {
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    return new Result(outcome, output, release, took, place.build().log());
  }

  /** A run that was killed when its result was in place leaves where it was built. */
  private void tidy(BuildProgress progress) throws BuildFailedException {
    try {
      forget();
    } catch (IOException e) { // another one builds there
      progress.note(place.path() + " stays: " + BuildFailedException.reason(e));
    }
  }

  /** Begins anew: what an earlier run has left is removed. */
  public void forget() throws IOException, BuildFailedException {
    if (Files.exists(place.path())) {
      try (BuildSession session =
          BuildSession.open(place.build(), machine, REMEDY, "krgboot kernel build --clean")) {
        session.remove();
      }
    }
  }

  private Stretch stretch(Part part) throws BuildFailedException {
    int from = part.from().isEmpty() ? Integer.MAX_VALUE : first(part.from().get());
    int until = steps.size();
    if (part.until().isPresent()) {
      while (until > 0 && stage(until - 1).compareTo(part.until().get()) > 0) {
        until--;
      }
    }
    return new Stretch(from, until);
  }

  private int first(Stage stage) throws BuildFailedException {
    for (int i = 0; i < steps.size(); i++) {
      if (stage(i) == stage) {
        return i;
      }
    }
    throw new BuildFailedException("this recipe has no stage '" + stage.text() + "'");
  }

  private Stage stage(int index) {
    return Stage.ofStep(steps.get(index).name()).orElseThrow();
  }

  /** In namespaces if that can be: then all processes end with this one. */
  private Chroot chroot(BuildSession session) throws IOException {
    Path busy = place.build().busy();
    if (machine.isRoot()) {
      return new Chroot(busy);
    }
    Chroot asUser = new Chroot(busy, Chroot.Apart.AS_USER);
    boolean possible =
        session.command().run(asUser.apart(List.of("true")), "", _ -> {}).status() == 0;
    return possible ? asUser : new Chroot(busy, Chroot.Apart.NOT);
  }
}
