package org.krgboot.importers;

/** What became of one statement, and why. */
public record ReportLine(Place place, Verdict verdict, String text) {
  @Override
  public String toString() {
    return place + ": " + verdict + ": " + text;
  }
}
