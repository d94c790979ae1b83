package org.krgboot.steps;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.krgboot.steps.Step.Repeat;

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
    List<Marker> markers = markers(steps, directory.path(), session.bootId());
    int from = start(steps, markers, stretch);
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
      markers.get(i).write(marker(i));
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
    List<Marker> markers = markers(steps, place, "");
    return markers.isEmpty() ? "" : markers.getLast().key();
  }

  private static <A extends Action> List<Marker> markers(
      List<Step<A>> steps, Path place, String boot) throws IOException {
    List<Marker> markers = new ArrayList<>();
    String before = "";
    for (Step<A> step : steps) {
      Map<String, String> parts = step.parts(place);
      before = Sha256.of(before + parts);
      markers.add(new Marker(before, step.name(), boot, parts));
    }
    return markers;
  }

  /** Makes the workplace what it was after a step, and gives the next one. */
  private int start(List<Step<A>> steps, List<Marker> markers, Stretch stretch)
      throws IOException, BuildFailedException {
    int done = Math.min(done(markers), stretch.from());
    Optional<Marker> begun = Marker.read(directory.begun());
    if (done == marked() && isWhole(steps, markers, done, begun)) {
      return done;
    }
    int to = workplace.lastState(steps, done, undone(done, begun));
    if (to > 0) {
      progress.note("going back to what was there after step " + to + ", " + names(steps, to));
    } else if (marked() > 0 || begun.isPresent()) {
      progress.note(
          "what an earlier run has left is of another recipe, or half done: starting clean");
    }
    // First of all: with markers gone and this one not there, what is undone would be built on.
    Marker.goingBack().write(directory.begun());
    forget(to);
    workplace.bringBack(steps, to);
    Files.deleteIfExists(directory.begun());
    return to;
  }

  private static <A extends Action> String names(List<Step<A>> steps, int to) {
    return "'" + steps.get(to - 1).name() + "'";
  }

  /**
   * Whether what stands there is just the steps that are done, or more of a step that is harmless.
   * Of a step that was begun before this machine was started, nobody knows what is on the disk.
   */
  private boolean isWhole(
      List<Step<A>> steps, List<Marker> markers, int done, Optional<Marker> begun)
      throws IOException {
    if (done == 0 || !workplace.isThere()) {
      return false;
    }
    if (begun.isEmpty() || begun.get().key().equals(markers.get(done - 1).key())) {
      return true; // of a step that is done, that it was begun says nothing more
    }
    return done < steps.size()
        && steps.get(done).repeat() == Repeat.AGAIN
        && begun.get().key().equals(markers.get(done).key())
        && begun.get().boot().equals(session.bootId());
  }

  private UndoneSteps undone(int good, Optional<Marker> begun) throws IOException {
    if (begun.isPresent() && begun.get().key().equals(Marker.GOING_BACK)) {
      return new UndoneSteps.Any();
    }
    List<String> names = new ArrayList<>();
    for (int i = good; i < marked(); i++) {
      names.add(Marker.read(marker(i)).orElseThrow().step());
    }
    begun.ifPresent(marker -> names.add(marker.step()));
    return new UndoneSteps.Named(names);
  }

  private int done(List<Marker> markers) throws IOException {
    int done = 0;
    while (done < markers.size()) {
      Optional<Marker> is = Marker.read(marker(done));
      if (is.isEmpty() || !is.get().key().equals(markers.get(done).key())) {
        return done;
      }
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

  private Path marker(int index) {
    return marker(directory, index);
  }

  private static Path marker(BuildDirectory directory, int index) {
    return directory.done().resolve(String.format(Locale.ROOT, "%03d", index));
  }

  /**
   * Of each step, whether a run would do it, and why. Changes nothing.
   *
   * @return a line each
   */
  public static <A extends Action> List<String> explain(
      BuildDirectory directory, List<Step<A>> steps) throws IOException {
    List<String> lines = new ArrayList<>();
    Optional<String> again = Optional.empty();
    for (int i = 0; i < steps.size(); i++) {
      Map<String, String> parts = steps.get(i).parts(directory.path());
      String why = again.orElse(why(Marker.read(marker(directory, i)), parts));
      lines.add(why);
      if (!why.equals(DONE)) {
        again = Optional.of("to do: a step before it is to be done");
      }
    }
    return lines;
  }

  private static final String DONE = "done by an earlier run";

  private static String why(Optional<Marker> is, Map<String, String> parts) {
    if (is.isEmpty()) {
      return "to do: not done yet";
    }
    List<String> changed =
        parts.entrySet().stream()
            .filter(part -> !part.getValue().equals(is.get().parts().get(part.getKey())))
            .map(Map.Entry::getKey)
            .toList();
    return changed.isEmpty() && is.get().parts().size() == parts.size()
        ? DONE
        : "to do again, as this has changed: " + String.join(", ", changed);
  }
}
