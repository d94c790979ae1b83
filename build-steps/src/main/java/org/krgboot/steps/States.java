package org.krgboot.steps;

import java.util.List;

/**
 * What is known of a place where steps are done without changing it.
 *
 * @param <A> what can be done there
 */
public interface States<A extends Action> {
  /** Whether what the steps that are done have made is there at all. */
  boolean isThere();

  /**
   * Of the states that it can be brought back to, the last one.
   *
   * @param steps all of them
   * @param good how many of them are done and need not be done again
   * @param undone names of steps after these that were done or begun
   * @return after how many steps that state is; at most {@code good}
   */
  int lastState(List<Step<A>> steps, int good, UndoneSteps undone);
}
