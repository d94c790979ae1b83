package org.krgboot.bootfiles;

import java.util.Comparator;

/** The order of Debian's version numbers (Debian Policy 5.6.12), without epochs. */
enum VersionOrder implements Comparator<String> {
  DEBIAN;

  @Override
  public int compare(String left, String right) {
    Reader a = new Reader(left);
    Reader b = new Reader(right);
    int order = 0;
    while (order == 0 && (a.more() || b.more())) {
      order = compareText(a, b);
      if (order == 0) {
        order = compareNumber(a.number(), b.number());
      }
    }
    return order;
  }

  private static int compareText(Reader a, Reader b) {
    int order = 0;
    while (order == 0 && (a.atText() || b.atText())) {
      order = Integer.compare(a.weight(), b.weight());
    }
    return order;
  }

  private static int compareNumber(String a, String b) {
    return a.length() != b.length() ? Integer.compare(a.length(), b.length()) : a.compareTo(b);
  }

  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    boolean more() {
      return at < text.length();
    }

    boolean atText() {
      return more() && !isDigit(text.charAt(at));
    }

    /** Takes one character: '~' before the end, the end before letters, letters before the rest. */
    int weight() {
      if (!atText()) {
        return 0;
      }
      char c = text.charAt(at++);
      if (c == '~') {
        return -1;
      }
      return isLetter(c) ? c : c + 0x10000;
    }

    /** Takes a run of digits, without its leading zeros. */
    String number() {
      int from = at;
      while (more() && isDigit(text.charAt(at))) {
        at++;
      }
      return text.substring(from, at).replaceFirst("^0+", "");
    }

    private static boolean isDigit(char c) {
      return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
  }
}
