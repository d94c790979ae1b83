package org.krgboot.steps;

/**
 * Which steps a run does.
 *
 * @param from steps from this one on are done again even if they are done; counted from 0
 * @param until the first one that is not done
 */
public record Stretch(int from, int until) {
  /** All that are not done. */
  public static final Stretch ALL = new Stretch(Integer.MAX_VALUE, Integer.MAX_VALUE);
}
