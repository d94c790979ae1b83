package org.krgboot.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.krgboot.image.Step.Repeat;

/**
 * Does steps in order, and remembers which are done: a build that was stopped in whatever way goes
 * on where it was. What a step is includes all steps before it; so a recipe that was changed in an
 * early place is built anew, and one that was changed in its last script runs that only.
 */
final class StepRunner {
  private static final String UNDO = "undo-point";

  private final BuildDirectory directory;
  private final ActionRunner actions;
  private final Command command;
  private final BuildProgress progress;

  StepRunner(
      BuildDirectory directory, ActionRunner actions, Command command, BuildProgress progress) {
    this.directory = directory;
    this.actions = actions;
    this.command = command;
    this.progress = progress;
  }

  void run(List<Step> steps) throws IOException, BuildFailedException {
    List<String> chain = chain(steps);
    int from = start(steps, chain);
    if (from > 0) {
      progress.note(
          "going on after "
              + from
              + " of "
              + steps.size()
              + " steps, which an earlier run has done");
    }
    for (int i = from; i < steps.size(); i++) {
      Step step = steps.get(i);
      progress.step(i + 1, steps.size(), step.what());
      command.log("== " + step.name() + ": " + step.what());
      long start = System.nanoTime();
      mark(directory.begun(), chain.get(i));
      doIt(step);
      mark(marker(i), chain.get(i));
      Files.deleteIfExists(directory.begun());
      double seconds = (System.nanoTime() - start) / 1e9;
      if (seconds >= 1) {
        progress.note(String.format(Locale.ROOT, "done in %.1f s", seconds));
      }
    }
  }

  private void doIt(Step step) throws IOException, BuildFailedException {
    Optional<String> missing =
        step.needs()
            .filter(
                file -> RootPath.inside(directory.root(), file).filter(Files::exists).isEmpty());
    if (missing.isPresent()) {
      progress.note("left out: there is no /" + missing.get() + " in the root");
      return;
    }
    try {
      for (Action action : step.actions()) {
        actions.run(action);
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      throw new BuildFailedException(
          "the step '"
              + step.name()
              + "' failed: "
              + e.getMessage()
              + "\n"
              + Remedy.of(List.of(String.valueOf(e.getMessage())))
              + "All that was done is in "
              + directory.log(),
          e);
    }
  }

  /** Of each step, what decides it: itself and all before. */
  static List<String> chain(List<Step> steps) {
    List<String> chain = new ArrayList<>();
    String before = "";
    for (Step step : steps) {
      before = RootRecipe.hash(before + step.fingerprint());
      chain.add(before);
    }
    return chain;
  }

  /** Makes the root what it was after a step, and gives the next one. */
  private int start(List<Step> steps, List<String> chain) throws IOException, BuildFailedException {
    int done = done(chain);
    boolean whole = done == marked() && isWhole(steps, chain, done);
    if (whole) {
      return done;
    }
    int undo = steps.stream().map(Step::name).toList().indexOf(UNDO);
    if (undo >= 0 && done > undo) {
      progress.note("going back to the root as it was before the step that has to be done again");
      forget(undo + 1);
      mark(directory.begun(), "going back");
      actions.undo();
      Files.deleteIfExists(directory.begun());
      return undo + 1;
    }
    if (marked() > 0 || Files.exists(directory.begun())) {
      progress.note(
          "what an earlier run has left is of another recipe, or half done: starting clean");
    }
    clean();
    return 0;
  }

  /**
   * Whether what stands there is just the steps that are done, or more of a step that is harmless.
   */
  private boolean isWhole(List<Step> steps, List<String> chain, int done) throws IOException {
    if (done == 0 || !Files.isDirectory(directory.root())) {
      return false;
    }
    if (!Files.exists(directory.begun())) {
      return true;
    }
    return done < steps.size()
        && steps.get(done).repeat() == Repeat.AGAIN
        && Files.readString(directory.begun()).equals(chain.get(done));
  }

  private int done(List<String> chain) throws IOException {
    int done = 0;
    while (done < chain.size()
        && Files.exists(marker(done))
        && Files.readString(marker(done)).equals(chain.get(done))) {
      done++;
    }
    return done;
  }

  private int marked() {
    int marked = 0;
    while (Files.exists(marker(marked))) {
      marked++;
    }
    return marked;
  }

  private void forget(int from) throws IOException {
    for (int i = marked() - 1; i >= from; i--) {
      Files.delete(marker(i));
    }
  }

  private void clean() throws IOException {
    forget(0);
    Files.deleteIfExists(directory.begun());
    actions.remove(directory.root());
    actions.remove(directory.undo());
    actions.remove(directory.early());
  }

  private Path marker(int index) {
    return directory.done().resolve(String.format(Locale.ROOT, "%03d", index));
  }

  private static void mark(Path file, String what) throws IOException {
    Files.createDirectories(file.resolveSibling("."));
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, what);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
