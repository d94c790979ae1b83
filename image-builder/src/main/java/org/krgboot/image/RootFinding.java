package org.krgboot.image;

/**
 * Something about a root.
 *
 * @param text what it is, and what to do
 */
public record RootFinding(Weight weight, String text) {
  /** How bad it is. */
  public enum Weight {
    /** A node would not boot, or nodes would be taken for each other. */
    BROKEN,
    /** Perhaps wanted, perhaps not. */
    ODD,
    GOOD
  }

  static RootFinding broken(String text) {
    return new RootFinding(Weight.BROKEN, text);
  }

  static RootFinding odd(String text) {
    return new RootFinding(Weight.ODD, text);
  }

  static RootFinding good(String text) {
    return new RootFinding(Weight.GOOD, text);
  }
}
