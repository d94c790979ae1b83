package org.krgboot.nfs;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** The word that a mistyped one most likely means. */
final class Nearest {
  private static final int MOST_CHANGES = 2;
  private static final int LONGEST = 64;

  private Nearest() {}

  /** The word with the fewest changes, if there is one with few. */
  static Optional<String> of(String text, Stream<String> words) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    return words
        .filter(word -> changes(word, text) <= Math.min(MOST_CHANGES, text.length() / 2))
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
