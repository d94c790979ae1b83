package org.krgboot.steps;

/** Told how a build goes on. Called from the thread that builds; returns at once. */
public interface BuildProgress {
  /**
   * A step begins.
   *
   * @param number from 1
   * @param of how many steps there are
   */
  void step(int number, int of, String what);

  /** One line for the person who waits. */
  void note(String line);
}
