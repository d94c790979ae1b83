package org.krgboot.steps;

import java.io.IOException;
import java.util.List;

/**
 * Where steps are done.
 *
 * @param <A> what can be done there
 */
public interface Workplace<A extends Action> extends States<A> {
  /** Does it. */
  void run(A action) throws IOException, BuildFailedException;

  /** Brings it back to the state after so many steps; may be begun again when it was stopped. */
  void bringBack(List<Step<A>> steps, int to) throws IOException, BuildFailedException;
}
