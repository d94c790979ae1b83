package org.krgboot.model;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One node name or many by number: {@code front}, {@code krgnode[01-15,20]}, {@code
 * rack[1-2]n[1-8/2]}; a {@code *} stands for any letters, where nodes that exist are chosen.
 */
final class NodePattern {
  /**
   * More names than a krgboot cluster has nodes; it keeps {@code n[1-9999999]} from taking the
   * memory.
   */
  static final int MOST_NAMES = 65_536;

  private static final Pattern SPAN = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9})(?:/(\\d{1,9}))?)?");

  private NodePattern() {}

  /**
   * All texts that the pattern stands for, in the order in which it names them; a {@code *} is left
   * in them.
   *
   * @throws IllegalArgumentException if brackets do not close, a span is not a span, or there would
   *     be more than {@link #MOST_NAMES}
   */
  static List<String> expand(String pattern) {
    List<String> texts = new ArrayList<>(List.of(""));
    int at = 0;
    while (at < pattern.length()) {
      int open = pattern.indexOf('[', at);
      String plain = pattern.substring(at, open < 0 ? pattern.length() : open);
      if (plain.indexOf(']') >= 0) {
        throw new IllegalArgumentException("'" + pattern + "' closes a bracket that is not open");
      }
      texts.replaceAll(text -> text + plain);
      if (open < 0) {
        return texts;
      }
      int close = pattern.indexOf(']', open);
      if (close < 0) {
        throw new IllegalArgumentException(
            "'" + pattern + "' opens a bracket and does not close it; write krgnode[01-15]");
      }
      texts = eachWith(texts, numbers(pattern, pattern.substring(open + 1, close)), pattern);
      at = close + 1;
    }
    return texts;
  }

  private static List<String> eachWith(List<String> texts, List<String> ends, String pattern) {
    if ((long) texts.size() * ends.size() > MOST_NAMES) {
      throw tooMany(pattern);
    }
    List<String> all = new ArrayList<>(texts.size() * ends.size());
    for (String text : texts) {
      for (String end : ends) {
        all.add(text + end);
      }
    }
    return all;
  }

  /** The numbers of {@code 01-15,20}; as wide as the first of a span is written. */
  private static List<String> numbers(String pattern, String spans) {
    List<String> all = new ArrayList<>();
    for (String span : spans.split(",", -1)) {
      var match = SPAN.matcher(span.strip());
      if (!match.matches()) {
        throw new IllegalArgumentException(
            "'" + span + "' in '" + pattern + "' is not a number or a span of them, such as 01-15");
      }
      String first = match.group(1);
      String last = match.group(2) == null ? first : match.group(2);
      int step = match.group(3) == null ? 1 : Integer.parseInt(match.group(3));
      int from = Integer.parseInt(first);
      int to = Integer.parseInt(last);
      if (to < from || step == 0) {
        throw new IllegalArgumentException(
            "'" + span + "' in '" + pattern + "' has no number in it; write the lower one first");
      }
      if (all.size() + ((long) to - from) / step >= MOST_NAMES) {
        throw tooMany(pattern);
      }
      for (long number = from; number <= to; number += step) {
        all.add(padded(number, first.length()));
      }
    }
    return all;
  }

  private static String padded(long number, int width) {
    String digits = Long.toString(number);
    return "0".repeat(Math.max(0, width - digits.length())) + digits;
  }

  private static IllegalArgumentException tooMany(String pattern) {
    return new IllegalArgumentException(
        "'" + pattern + "' stands for more than " + MOST_NAMES + " nodes");
  }
}
