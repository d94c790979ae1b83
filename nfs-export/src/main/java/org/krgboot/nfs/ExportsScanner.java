package org.krgboot.nfs;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits an exports file into entries of words, exports(5): words are separated by blanks, a
 * backslash at the end of a line joins it with the next one, "#" at the start of a word begins a
 * comment, double quotes keep blanks, and three octal digits behind a backslash are a byte.
 */
final class ExportsScanner {
  /**
   * One word, one character a byte.
   *
   * @param line where it begins
   */
  record Word(int line, String text) {}

  /** Something that is no word. */
  record Fault(int line, String what) {}

  /** What a file consists of. */
  record Scanned(List<List<Word>> entries, List<Fault> faults) {}

  private static final int NONE = -1;

  private final String text;
  private final List<List<Word>> entries = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private List<Word> entry = new ArrayList<>();
  private int at;
  private int line = 1;

  private ExportsScanner(String text) {
    this.text = text;
  }

  /** Splits a file, one character a byte. */
  static Scanned scan(String text) {
    ExportsScanner scanner = new ExportsScanner(text);
    while (scanner.at < text.length()) {
      scanner.step();
    }
    scanner.endEntry();
    return new Scanned(scanner.entries, scanner.faults);
  }

  private void step() {
    int length = continuation();
    char c = text.charAt(at);
    if (length > 0) {
      skipContinuation(length);
    } else if (c == '\n') {
      endEntry();
      at++;
      line++;
    } else if (isBlank(c)) {
      at++;
    } else if (c == '#') {
      skipComment();
    } else {
      word();
    }
  }

  private void endEntry() {
    if (!entry.isEmpty()) {
      entries.add(List.copyOf(entry));
      entry = new ArrayList<>();
    }
  }

  /** How long a backslash with its end of line is here; 0 if there is none. */
  private int continuation() {
    if (text.startsWith("\\\n", at)) {
      return 2;
    }
    return text.startsWith("\\\r\n", at) ? 3 : 0;
  }

  private void skipContinuation(int length) {
    at += length;
    line++;
  }

  /** To the end of the line; a backslash there joins nothing, as with nfs-utils. */
  private void skipComment() {
    while (at < text.length() && text.charAt(at) != '\n') {
      at++;
    }
  }

  private void word() {
    int start = line;
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    while (at < text.length() && !endsWord(quoted)) {
      char c = text.charAt(at);
      int octal = octal();
      if (c == '"') {
        quoted = !quoted;
        at++;
      } else if (octal != NONE) {
        word.append((char) octal);
        at += 4;
      } else {
        word.append(c);
        at++;
      }
    }
    if (quoted) {
      faults.add(
          new Fault(start, "the quote in '" + printable(word.toString()) + "' is not closed"));
    }
    entry.add(new Word(start, word.toString()));
  }

  private boolean endsWord(boolean quoted) {
    char c = text.charAt(at);
    return c == '\n' || continuation() > 0 || (!quoted && isBlank(c));
  }

  /** The byte that a backslash and three octal digits mean here. */
  private int octal() {
    if (at + 4 > text.length() || text.charAt(at) != '\\') {
      return NONE;
    }
    int value = 0;
    for (int i = 1; i <= 3; i++) {
      int digit = text.charAt(at + i) - '0';
      if (digit < 0 || digit > 7) {
        return NONE;
      }
      value = value << 3 | digit;
    }
    return value < 256 ? value : NONE;
  }

  /** As isspace(3) without the end of line. */
  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == 0x0b;
  }

  /** For messages: what stands in a file must not upset a terminal. */
  static String printable(String text) {
    StringBuilder shown = new StringBuilder();
    text.chars().limit(200).forEach(c -> shown.append(c < ' ' || c >= 0x7f ? '?' : (char) c));
    return shown.toString();
  }
}
