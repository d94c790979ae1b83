package org.krgboot.image;

import java.util.List;
import java.util.Optional;

/**
 * One step of a build.
 *
 * @param name one word, by which a recipe leaves it alone
 * @param what it does, for people
 * @param needs a file of the root without which there is nothing to do
 */
record Step(String name, String what, Repeat repeat, Optional<String> needs, List<Action> actions) {
  /** What to do if it was begun and not done. */
  enum Repeat {
    /** Do it again: it gives the same over what it has done. */
    AGAIN,
    /** Go back to the last copy that was kept, else to the beginning. */
    FROM_UNDO,
    /** Begin with an empty root. */
    FROM_NOTHING
  }

  Step(String name, String what, Repeat repeat, List<Action> actions) {
    this(name, what, repeat, Optional.empty(), actions);
  }

  static Step edit(String name, String what, RootFiles.Entry... entries) {
    return new Step(name, what, Repeat.AGAIN, List.of(new Action.Write(List.of(entries))));
  }

  /** The same, where the root has that file only. */
  Step where(String file) {
    return new Step(name, what, repeat, Optional.of(file), actions);
  }

  /** Decides, with all steps before, whether it is the same step; secret inputs included. */
  String fingerprint() {
    return RootRecipe.hash(toString());
  }
}
