package org.krgboot.steps;

import java.io.IOException;
import java.util.List;

/**
 * Where steps are done.
 *
 * @param <A> what can be done there
 */
public interface Workplace<A extends Action> {
  /** Whether what the steps that are done have made is there at all. */
  boolean isThere();

  /** Does it. */
  void run(A action) throws IOException, BuildFailedException;

  /**
   * Of the states that it can be brought back to, the last one.
   *
   * @param steps all of them
   * @param good how many of them are done and need not be done again
   * @param undone names of steps after these that were done or begun
   * @return after how many steps that state is; at most {@code good}
   */
  int lastState(List<Step<A>> steps, int good, UndoneSteps undone);

  /** Brings it back to the state after so many steps; may be begun again when it was stopped. */
  void bringBack(List<Step<A>> steps, int to) throws IOException, BuildFailedException;
}
