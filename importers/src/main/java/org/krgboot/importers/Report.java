package org.krgboot.importers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of each statement of what was imported, in the order in which it was read. Filled by
 * one thread.
 */
public final class Report {
  /** More says nothing that a person would read; the count goes on. */
  static final int MOST_LINES = 20_000;

  private static final int LONGEST_TEXT = 400;

  private final List<ReportLine> lines = new ArrayList<>();
  private int leftOut;
  private boolean complete = true;
  private boolean failed;

  void used(Place place, String text) {
    add(place, Verdict.USED, text);
  }

  void needless(Place place, String text) {
    add(place, Verdict.NEEDLESS, text);
  }

  void ignored(Place place, String text) {
    add(place, Verdict.IGNORED, text);
  }

  void conflict(Place place, String text) {
    add(place, Verdict.CONFLICT, text);
  }

  void error(Place place, String text) {
    add(place, Verdict.ERROR, text);
  }

  private void add(Place place, Verdict verdict, String text) {
    complete &= !verdict.matters();
    failed |= verdict == Verdict.ERROR;
    if (lines.size() >= MOST_LINES) {
      leftOut++;
    } else {
      lines.add(new ReportLine(place, verdict, printable(text)));
    }
  }

  /** How many lines there are so far. */
  int size() {
    return lines.size();
  }

  /** Of these lines nothing is in the result after all. */
  void takeBack(int from, int to, String why) {
    for (int i = from; i < to; i++) {
      ReportLine line = lines.get(i);
      if (line.verdict() == Verdict.USED) {
        lines.set(i, new ReportLine(line.place(), Verdict.IGNORED, printable(line.text() + why)));
        complete = false;
      }
    }
  }

  /** All lines, file after file as they were read, each by its lines. */
  public List<ReportLine> lines() {
    List<String> files = lines.stream().map(line -> line.place().file()).distinct().toList();
    Map<String, Integer> order = new HashMap<>();
    files.forEach(file -> order.put(file, order.size()));
    return lines.stream()
        .sorted(
            Comparator.comparingInt((ReportLine line) -> order.getOrDefault(line.place().file(), 0))
                .thenComparingInt(line -> line.place().line()))
        .toList();
  }

  /** How many lines more there were than anybody would read. */
  public int leftOut() {
    return leftOut;
  }

  /** True if nothing that matters was ignored. */
  public boolean complete() {
    return complete;
  }

  /** True if something was not understood. */
  public boolean failed() {
    return failed;
  }

  /** How many lines have that verdict. */
  public long count(Verdict verdict) {
    return lines.stream().filter(line -> line.verdict() == verdict).count();
  }

  /** What stands in a file must not upset a terminal. */
  static String printable(String text) {
    StringBuilder shown = new StringBuilder();
    text.chars()
        .limit(LONGEST_TEXT)
        .forEach(c -> shown.append(c < ' ' || (c >= 0x7f && c < 0xa0) ? '?' : (char) c));
    return text.length() > LONGEST_TEXT ? shown + "..." : shown.toString();
  }
}
