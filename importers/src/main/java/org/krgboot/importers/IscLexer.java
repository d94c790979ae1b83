package org.krgboot.importers;

import java.util.ArrayList;
import java.util.List;

/** Splits a dhcpd.conf into tokens, dhcpd.conf(5); one character a byte. Any text has tokens. */
final class IscLexer {
  private static final List<String> TWO_CHARACTERS = List.of("!=", "~=", "~~");

  private final String file;
  private final String text;
  private final Report report;
  private final List<IscToken> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  private IscLexer(String file, String text, Report report) {
    this.file = file;
    this.text = text;
    this.report = report;
  }

  static List<IscToken> tokens(String file, String text, Report report) {
    IscLexer lexer = new IscLexer(file, text, report);
    while (lexer.at < text.length()) {
      lexer.step();
    }
    return lexer.tokens;
  }

  private Place here() {
    return new Place(file, line);
  }

  private void step() {
    char c = text.charAt(at);
    if (c == '\n') {
      line++;
      at++;
    } else if (isBlank(c)) {
      at++;
    } else if (c == '#') {
      skipComment();
    } else if (c == '"') {
      quoted();
    } else if (isWordStart(at)) {
      word();
    } else {
      symbol();
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == 0x0b;
  }

  private void skipComment() {
    while (at < text.length() && text.charAt(at) != '\n') {
      at++;
    }
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  private boolean isWordStart(int index) {
    if (index >= text.length()) {
      return false;
    }
    char c = text.charAt(index);
    boolean negative =
        c == '-' && index + 1 < text.length() && Character.isDigit(text.charAt(index + 1));
    return isNameCharacter(c) || negative;
  }

  private void word() {
    Place place = here();
    StringBuilder word = new StringBuilder();
    while (true) {
      while (at < text.length() && (isNameCharacter(text.charAt(at)) || text.charAt(at) == '-')) {
        word.append(text.charAt(at++));
      }
      if (at + 1 < text.length() && text.charAt(at) == ':' && joinsColon()) {
        word.append(':');
        at++;
      } else if (!joinDot(word)) {
        break;
      }
    }
    tokens.add(new IscToken.Word(place, word.toString()));
  }

  /** Not the colon of {@code case 1:}, which a blank follows. */
  private boolean joinsColon() {
    char next = text.charAt(at + 1);
    return isNameCharacter(next) || next == ':' || (next == '/' && text.charAt(at - 1) == ':');
  }

  /** To dhcpd a dot is a token of its own, with or without blanks round it. */
  private boolean joinDot(StringBuilder word) {
    int dot = afterBlanks(at);
    if (dot >= text.length() || text.charAt(dot) != '.') {
      return false;
    }
    int next = afterBlanks(dot + 1);
    if (!isWordStart(next)) {
      return false;
    }
    word.append('.');
    at = next;
    return true;
  }

  /** Behind blanks of the same line. */
  private int afterBlanks(int from) {
    int index = from;
    while (index < text.length() && isBlank(text.charAt(index))) {
      index++;
    }
    return index;
  }

  private void symbol() {
    for (String two : TWO_CHARACTERS) {
      if (text.startsWith(two, at)) {
        tokens.add(new IscToken.Symbol(here(), two));
        at += 2;
        return;
      }
    }
    tokens.add(new IscToken.Symbol(here(), text.substring(at, at + 1)));
    at++;
  }

  private void quoted() {
    Place place = here();
    StringBuilder content = new StringBuilder();
    at++;
    while (at < text.length() && text.charAt(at) != '"') {
      if (text.charAt(at) == '\n') {
        line++;
      }
      if (text.charAt(at) == '\\' && at + 1 < text.length()) {
        escape(content);
      } else {
        content.append(text.charAt(at++));
      }
    }
    if (at >= text.length()) {
      report.error(place, "the quote that begins here is not closed");
    }
    at++;
    tokens.add(new IscToken.Quoted(place, content.toString()));
  }

  /** As in C, dhcp-eval(5): t, r, n, b, octal, x and hexadecimal, or the character itself. */
  private void escape(StringBuilder content) {
    char c = text.charAt(at + 1);
    at += 2;
    switch (c) {
      case 't' -> content.append('\t');
      case 'r' -> content.append('\r');
      case 'n' -> content.append('\n');
      case 'b' -> content.append('\b');
      case 'x' -> number(content, 16, 2);
      case '0', '1', '2', '3' -> {
        at--;
        number(content, 8, 3);
      }
      default -> {
        line += c == '\n' ? 1 : 0;
        content.append(c);
      }
    }
  }

  private void number(StringBuilder content, int base, int most) {
    int value = 0;
    for (int i = 0; i < most && at < text.length(); i++) {
      char c = text.charAt(at);
      int digit = c < 128 ? Character.digit(c, base) : -1;
      if (digit < 0) {
        break;
      }
      value = value * base + digit;
      at++;
    }
    content.append((char) (value & 0xff));
  }
}
