package org.krgboot.importers;

/**
 * Something of our configuration that the other's language has no words for.
 *
 * @param what the setting, or whose it is
 * @param verdict whether nodes may notice
 */
public record Unsaid(String what, Verdict verdict, String why) {
  /** Nodes may notice. */
  public static Unsaid lost(String what, String why) {
    return new Unsaid(what, Verdict.IGNORED, why);
  }

  /** Nodes get the same without it. */
  public static Unsaid needless(String what, String why) {
    return new Unsaid(what, Verdict.NEEDLESS, why);
  }

  @Override
  public String toString() {
    return Report.printable(what + ": " + verdict + ": " + why);
  }
}
