package org.krgboot.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The word that a mistyped one most likely means. */
public final class Nearest {
  private static final int MOST_CHANGES = 3;
  private static final int LONGEST = 64;

  private Nearest() {}

  /**
   * The candidate that is reached with the fewest letters changed, added or left out. None, if that
   * takes more than 3 of them or more than half of the text: it is another word then.
   */
  public static Optional<String> of(String text, Collection<String> candidates) {
    if (text.length() > LONGEST) {
      return Optional.empty(); // a stranger's text must not cost more than it is worth
    }
    int most = Math.min(MOST_CHANGES, text.length() / 2);
    return candidates.stream()
        .filter(word -> changes(word, text) <= most)
        .min(Comparator.comparingInt((String word) -> changes(word, text)).thenComparing(w -> w));
  }

  /** Levenshtein's distance. */
  private static int changes(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
