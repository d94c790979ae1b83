package org.krgboot.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What differs between two texts, line by line, each with {@code -} or {@code +} before it. Lines
 * that are in both once are the fixed points between which the rest is compared, so that a list of
 * thousands of nodes takes no time (Bram Cohen's patience diff).
 */
final class TextDiff {
  /** Lines around a difference, to see where it is. */
  private static final int CONTEXT = 2;

  private final List<String> before;
  private final List<String> after;

  /** Whether the line is on the other side too. */
  private final boolean[] stays;

  private final boolean[] stayed;

  private TextDiff(List<String> before, List<String> after) {
    this.before = before;
    this.after = after;
    this.stays = new boolean[before.size()];
    this.stayed = new boolean[after.size()];
  }

  /** Empty if nothing differs. */
  static String of(String before, String after) {
    if (before.equals(after)) {
      return "";
    }
    TextDiff diff = new TextDiff(before.lines().toList(), after.lines().toList());
    diff.match(0, diff.before.size(), 0, diff.after.size());
    return diff.text();
  }

  private void match(int from, int to, int newFrom, int newTo) {
    int first = from;
    int newFirst = newFrom;
    while (first < to && newFirst < newTo && before.get(first).equals(after.get(newFirst))) {
      same(first++, newFirst++);
    }
    int end = to;
    int newEnd = newTo;
    while (end > first && newEnd > newFirst && before.get(end - 1).equals(after.get(newEnd - 1))) {
      same(--end, --newEnd);
    }
    for (int[] pair : fixedPoints(first, end, newFirst, newEnd)) {
      if (pair[0] >= first && pair[1] >= newFirst) {
        match(first, pair[0], newFirst, pair[1]);
        same(pair[0], pair[1]);
        first = pair[0] + 1;
        newFirst = pair[1] + 1;
        while (first < end && newFirst < newEnd && before.get(first).equals(after.get(newFirst))) {
          same(first++, newFirst++);
        }
      }
    }
  }

  private void same(int old, int fresh) {
    stays[old] = true;
    stayed[fresh] = true;
  }

  /** Lines that are on each side once, in the longest row in which they follow each other. */
  private List<int[]> fixedPoints(int from, int to, int newFrom, int newTo) {
    Map<String, Integer> old = once(before, from, to);
    Map<String, Integer> fresh = once(after, newFrom, newTo);
    List<int[]> pairs = new ArrayList<>();
    for (int i = from; i < to; i++) {
      Integer there = fresh.get(before.get(i));
      if (there != null && there >= 0 && old.getOrDefault(before.get(i), -1) == i) {
        pairs.add(new int[] {i, there});
      }
    }
    return longestRow(pairs);
  }

  private static Map<String, Integer> once(List<String> lines, int from, int to) {
    Map<String, Integer> once = new HashMap<>();
    for (int i = from; i < to; i++) {
      once.merge(lines.get(i), i, (_, _) -> -1);
    }
    return once;
  }

  private static List<int[]> longestRow(List<int[]> pairs) {
    int[] ends = new int[pairs.size()];
    int[] previous = new int[pairs.size()];
    int length = 0;
    for (int i = 0; i < pairs.size(); i++) {
      int low = 0;
      int high = length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (pairs.get(ends[middle])[1] < pairs.get(i)[1]) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      previous[i] = low == 0 ? -1 : ends[low - 1];
      ends[low] = i;
      length = Math.max(length, low + 1);
    }
    int[][] row = new int[length][];
    for (int at = length - 1, i = length == 0 ? -1 : ends[length - 1]; at >= 0; at--) {
      row[at] = pairs.get(i);
      i = previous[i];
    }
    return Arrays.asList(row);
  }

  private String text() {
    List<String> lines = new ArrayList<>();
    List<Boolean> differs = new ArrayList<>();
    int old = 0;
    int fresh = 0;
    while (old < before.size() || fresh < after.size()) {
      if (old < before.size() && !stays[old]) {
        lines.add("-" + before.get(old++));
        differs.add(true);
      } else if (fresh < after.size() && !stayed[fresh]) {
        lines.add("+" + after.get(fresh++));
        differs.add(true);
      } else {
        lines.add(" " + before.get(old++));
        differs.add(false);
        fresh++;
      }
    }
    return withContext(lines, differs);
  }

  private static String withContext(List<String> lines, List<Boolean> differs) {
    StringBuilder text = new StringBuilder();
    int shown = -1;
    for (int i = 0; i < lines.size(); i++) {
      boolean near = false;
      int last = Math.min(lines.size() - 1, i + CONTEXT);
      for (int j = Math.max(0, i - CONTEXT); j <= last; j++) {
        near |= differs.get(j);
      }
      if (near) {
        if (shown >= 0 && shown < i - 1) {
          text.append(" …\n");
        }
        text.append(lines.get(i)).append('\n');
        shown = i;
      }
    }
    return text.toString();
  }
}
