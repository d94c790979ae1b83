package org.krgboot.steps;

import java.nio.file.Path;
import java.util.List;

/**
 * One thing that a step does; data, so that it can be shown and compared before it is done. Its
 * {@code toString} has all that decides it but the content of its {@link #inputs}.
 */
public interface Action {
  /** Tells a person, one line each. */
  List<String> shown();

  /** Files and directories of this machine that it reads: what is in them decides it too. */
  default List<Path> inputs() {
    return List.of();
  }
}
