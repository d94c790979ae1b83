package org.krgboot.importers;

import java.util.List;

/** Where a parser is in the tokens of one file. */
final class IscCursor {
  private final List<IscToken> tokens;
  private final IscToken end;
  private int at;

  IscCursor(String file, List<IscToken> tokens) {
    this.tokens = tokens;
    int line = tokens.isEmpty() ? 1 : tokens.getLast().place().line();
    this.end = new IscToken.Symbol(new Place(file, line), "");
  }

  boolean atEnd() {
    return at >= tokens.size();
  }

  /** The next token; at the end of the file one without text. */
  IscToken peek() {
    return atEnd() ? end : tokens.get(at);
  }

  /** The token behind the next one. */
  IscToken peekSecond() {
    return at + 1 < tokens.size() ? tokens.get(at + 1) : end;
  }

  IscToken next() {
    IscToken token = peek();
    at++;
    return token;
  }

  /** Takes that punctuation if it comes next. */
  boolean take(String symbol) {
    boolean there = peek().is(symbol);
    at += there ? 1 : 0;
    return there;
  }

  /** Takes that word if it comes next. */
  boolean takeWord(String word) {
    boolean there = peek().isWord(word);
    at += there ? 1 : 0;
    return there;
  }

  void expect(String symbol, String where) throws IscFault {
    if (!take(symbol)) {
      throw new IscFault(peek().place(), "'" + symbol + "' is missing " + where + before());
    }
  }

  String word(String what) throws IscFault {
    if (peek() instanceof IscToken.Word word) {
      at++;
      return word.text();
    }
    throw new IscFault(peek().place(), what + " is missing" + before());
  }

  /** A word, or a text in quotes. */
  String name(String what) throws IscFault {
    if (peek() instanceof IscToken.Quoted quoted) {
      at++;
      return quoted.text();
    }
    return word(what);
  }

  private String before() {
    return atEnd() ? " at the end of the file" : " before '" + peek().written() + "'";
  }

  /** Behind the statement that cannot be read: its semicolon, or its block. */
  void skipStatement() {
    int depth = 0;
    while (!atEnd()) {
      if (depth == 0 && peek().is("}")) {
        return;
      }
      IscToken token = next();
      if (token.is("{")) {
        depth++;
      } else if (token.is("}") && --depth == 0) {
        return;
      } else if (token.is(";") && depth == 0) {
        return;
      }
    }
  }
}
