package org.krgboot.steps;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One step of a build.
 *
 * @param name by which it is known
 * @param what it does, for people
 * @param <A> what can be done
 */
public record Step<A extends Action>(String name, String what, Repeat repeat, List<A> actions) {
  /** What to do if it was begun and not done. */
  public enum Repeat {
    /** Do it again: it gives the same over what it has done. */
    AGAIN,
    /** Go back to what was before it; how far that is, the workplace knows. */
    GO_BACK
  }

  public Step {
    actions = List.copyOf(actions);
  }

  /**
   * What decides it, by name; secret inputs included, as hashes only.
   *
   * @param place where it is built: that one alone makes no difference
   */
  Map<String, String> parts(Path place) throws IOException {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("what it does", Sha256.of(toString().replace(place.toString(), "(here)")));
    for (Path input : inputs()) {
      parts.put(input.toString(), Sha256.ofInput(input));
    }
    return parts;
  }

  /** Files and directories of this machine that it reads. */
  public List<Path> inputs() {
    List<Path> inputs = new ArrayList<>();
    for (A action : actions) {
      inputs.addAll(action.inputs());
    }
    return inputs.stream().distinct().toList();
  }
}
