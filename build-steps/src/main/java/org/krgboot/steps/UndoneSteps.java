package org.krgboot.steps;

import java.util.List;

/** Steps whose work is to be undone. */
public sealed interface UndoneSteps {
  /** By name. */
  record Named(List<String> names) implements UndoneSteps {
    public Named {
      names = List.copyOf(names);
    }
  }

  /** Nobody knows which: undoing was itself begun and stopped. */
  record Any() implements UndoneSteps {}
}
