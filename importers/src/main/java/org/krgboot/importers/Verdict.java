package org.krgboot.importers;

/** What became of a statement. */
public enum Verdict {
  /** It is in the result. */
  USED("used"),
  /** It says what holds here anyway, or what has no meaning here: nothing is lost. */
  NEEDLESS("not needed"),
  /** It is not in the result, and nodes may notice. */
  IGNORED("ignored"),
  /** It contradicts something else; the text says which one holds. */
  CONFLICT("conflict"),
  /** It is not understood at all. */
  ERROR("error");

  private final String text;

  Verdict(String text) {
    this.text = text;
  }

  /** True if the result lacks something that the source said. */
  public boolean matters() {
    return this == IGNORED || this == CONFLICT || this == ERROR;
  }

  @Override
  public String toString() {
    return text;
  }
}
