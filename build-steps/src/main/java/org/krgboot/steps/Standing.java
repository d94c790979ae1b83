package org.krgboot.steps;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.krgboot.steps.Step.Repeat;

/**
 * How far earlier runs have come, and where the next one begins. Changes nothing.
 *
 * @param bootId which start of the machine this is
 * @param markers what the steps are now, one each
 */
record Standing<A extends Action>(
    BuildDirectory directory,
    String bootId,
    States<A> states,
    List<Step<A>> steps,
    List<Marker> markers) {

  /** Where a run begins. */
  sealed interface Start {
    /** How many steps it leaves alone. */
    int after();

    /** What is there is just these steps, or more of the next one that is harmless. */
    record AsItIs(int after) implements Start {}

    /** All else has to be undone first. */
    record Back(int after) implements Start {}
  }

  static <A extends Action> Standing<A> of(
      BuildDirectory directory, String bootId, States<A> states, List<Step<A>> steps)
      throws IOException {
    return new Standing<>(
        directory, bootId, states, steps, Marker.of(steps, directory.path(), bootId));
  }

  Start start(Stretch stretch) throws IOException {
    int done = Math.min(done(), stretch.from());
    Optional<Marker> begun = begun();
    return done == marked() && isWhole(done, begun)
        ? new Start.AsItIs(done)
        : new Start.Back(states.lastState(steps, done, undone(done, begun)));
  }

  Optional<Marker> begun() throws IOException {
    return Marker.read(directory.begun());
  }

  /** So many steps in a row that are what they were. */
  private int done() throws IOException {
    int done = 0;
    while (done < markers.size()) {
      Optional<Marker> is = Marker.read(directory.marker(done));
      if (is.isEmpty() || !is.get().key().equals(markers.get(done).key())) {
        return done;
      }
      done++;
    }
    return done;
  }

  /** So many steps in a row that are done, be they what they were or not. */
  int marked() {
    int marked = 0;
    while (Files.exists(directory.marker(marked))) {
      marked++;
    }
    return marked;
  }

  /** Of a step that was begun before this machine was started, nobody knows what is on the disk. */
  private boolean isWhole(int done, Optional<Marker> begun) {
    if (done == 0 || !states.isThere()) {
      return false;
    }
    if (begun.isEmpty() || begun.get().key().equals(markers.get(done - 1).key())) {
      return true; // of a step that is done, that it was begun says nothing more
    }
    return done < steps.size()
        && steps.get(done).repeat() == Repeat.AGAIN
        && begun.get().key().equals(markers.get(done).key())
        && begun.get().boot().equals(bootId);
  }

  private UndoneSteps undone(int good, Optional<Marker> begun) throws IOException {
    if (begun.isPresent() && begun.get().key().equals(Marker.GOING_BACK)) {
      return new UndoneSteps.Any();
    }
    List<String> names = new ArrayList<>();
    for (int i = good; i < marked(); i++) {
      names.add(Marker.read(directory.marker(i)).orElseThrow().step());
    }
    begun.ifPresent(marker -> names.add(marker.step()));
    return new UndoneSteps.Named(names);
  }

  /** Of each step, whether a run would do it, and why; a line each. */
  List<String> explain(Stretch stretch) throws IOException {
    int after = start(stretch).after();
    List<String> lines = new ArrayList<>();
    boolean before = false; // one that is done has the others done after it
    for (int i = 0; i < steps.size(); i++) {
      Optional<String> change = change(i);
      if (i < after) {
        lines.add("done by an earlier run");
      } else if (i >= stretch.until()) {
        lines.add("not asked for now");
      } else if (before) {
        lines.add("to do: a step before it is to be done");
      } else if (change.isPresent()) {
        lines.add("to do" + change.get());
      } else if (i >= stretch.from()) {
        lines.add("to do again, as it was asked for");
      } else {
        lines.add("to do again: what was begun after it cannot be undone alone");
      }
      before |= change.isPresent() || i >= stretch.from();
    }
    return lines;
  }

  private Optional<String> change(int step) throws IOException {
    Optional<Marker> is = Marker.read(directory.marker(step));
    if (is.isEmpty()) {
      return Optional.of(": not done yet");
    }
    Map<String, String> was = is.get().parts();
    Map<String, String> parts = markers.get(step).parts();
    List<String> changed =
        parts.entrySet().stream()
            .filter(part -> !part.getValue().equals(was.get(part.getKey())))
            .map(Map.Entry::getKey)
            .toList();
    return changed.isEmpty() && was.size() == parts.size()
        ? Optional.empty()
        : Optional.of(" again, as this has changed: " + String.join(", ", changed));
  }
}
