package org.krgboot.steps;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.krgboot.steps.Standing.Start;

/**
 * Does steps in order, and remembers which are done: a build that was stopped in whatever way goes
 * on where it was. What a step is includes its inputs and all steps before it; so a recipe that was
 * changed in an early place is built anew, and one that was changed in its last step runs that
 * only. A step is not taken for done before its work is on the disk.
 *
 * @param <A> what can be done
 */
public final class StepRunner<A extends Action> {
  private final BuildDirectory directory;
  private final BuildSession session;
  private final Workplace<A> workplace;
  private final BuildProgress progress;

  /** Of one build. */
  public StepRunner(
      BuildDirectory directory,
      BuildSession session,
      Workplace<A> workplace,
      BuildProgress progress) {
    this.directory = directory;
    this.session = session;
    this.workplace = workplace;
    this.progress = progress;
  }

  /**
   * Does those that are not done, or no longer what they were.
   *
   * @throws BuildFailedException if one fails; the next run goes on there
   */
  public void run(List<Step<A>> steps, Stretch stretch) throws IOException, BuildFailedException {
    Standing<A> standing = Standing.of(directory, session.bootId(), workplace, steps);
    List<Marker> markers = standing.markers();
    int from = start(standing, stretch);
    if (from > 0) {
      progress.note(
          "going on after "
              + from
              + " of "
              + steps.size()
              + " steps, which an earlier run has done");
    }
    int until = Math.min(steps.size(), stretch.until());
    for (int i = from; i < until; i++) {
      Step<A> step = steps.get(i);
      progress.step(i + 1, steps.size(), step.what());
      session.command().log("== " + step.name() + ": " + step.what());
      long start = System.nanoTime();
      markers.get(i).write(directory.begun());
      doIt(step);
      session.command().sync(directory.path());
      markers.get(i).write(directory.marker(i));
      Files.deleteIfExists(directory.begun());
      double seconds = (System.nanoTime() - start) / 1e9;
      session.command().log(String.format(Locale.ROOT, "== done in %.1f s", seconds));
      if (seconds >= 1) {
        progress.note(String.format(Locale.ROOT, "done in %.1f s", seconds));
      }
    }
  }

  private void doIt(Step<A> step) throws IOException, BuildFailedException {
    try {
      for (A action : step.actions()) {
        workplace.run(action);
      }
    } catch (IOException | UncheckedIOException e) {
      IOException cause =
          e instanceof UncheckedIOException all
              ? Objects.requireNonNull(all.getCause())
              : (IOException) e;
      throw new BuildFailedException(
          "the step '"
              + step.name()
              + "' failed: "
              + BuildFailedException.reason(cause)
              + "\n"
              + session.command().remedy().of(List.of(String.valueOf(e.getMessage())))
              + "All that was done is in "
              + directory.log(),
          e);
    }
  }

  /**
   * What decides all steps together: two builds with the same are the same build.
   *
   * @param place where it is built, which makes no difference
   */
  public static <A extends Action> String key(List<Step<A>> steps, Path place) throws IOException {
    List<Marker> markers = Marker.of(steps, place, "");
    return markers.isEmpty() ? "" : markers.getLast().key();
  }

  /** Makes the workplace what it was after a step, and gives the next one. */
  private int start(Standing<A> standing, Stretch stretch)
      throws IOException, BuildFailedException {
    return switch (standing.start(stretch)) {
      case Start.AsItIs(int after) -> after;
      case Start.Back(int after) -> {
        goBack(standing, after);
        yield after;
      }
    };
  }

  private void goBack(Standing<A> standing, int to) throws IOException, BuildFailedException {
    int marked = standing.marked();
    if (to > 0) {
      String name = standing.steps().get(to - 1).name();
      progress.note("going back to what was there after step " + to + ", '" + name + "'");
    } else if (marked > 0 || standing.begun().isPresent()) {
      progress.note(
          "what an earlier run has left is of another recipe, or half done: starting clean");
    }
    // First of all: with markers gone and this one not there, what is undone would be built on.
    Marker.goingBack().write(directory.begun());
    for (int i = marked - 1; i >= to; i--) {
      Files.delete(directory.marker(i));
    }
    workplace.bringBack(standing.steps(), to);
    Files.deleteIfExists(directory.begun());
  }

  /**
   * Of each step, whether {@link #run} would do it, and why. Changes nothing.
   *
   * @return a line each
   */
  public static <A extends Action> List<String> explain(
      BuildDirectory directory,
      Machine machine,
      States<A> states,
      List<Step<A>> steps,
      Stretch stretch)
      throws IOException {
    return Standing.of(directory, machine.bootId(), states, steps).explain(stretch);
  }
}
