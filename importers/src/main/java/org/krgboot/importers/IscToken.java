package org.krgboot.importers;

/** A token of a dhcpd.conf, with its place. */
sealed interface IscToken {
  Place place();

  /** As it was written, for messages. */
  String written();

  /**
   * A name, number, address or hexadecimal list: parts joined by dots and colons are one word,
   * {@code 10.0.0.1}, {@code 00:07}, {@code agent.circuit-id}.
   */
  record Word(Place place, String text) implements IscToken {
    @Override
    public String written() {
      return text;
    }
  }

  /** A text in quotes, its escapes resolved; one character a byte. */
  record Quoted(Place place, String text) implements IscToken {
    @Override
    public String written() {
      return '"' + text + '"';
    }
  }

  /** Punctuation or an operator: {@code ; { } , = != ~= ~~ ( ) . :} and so on. */
  record Symbol(Place place, String text) implements IscToken {
    @Override
    public String written() {
      return text;
    }
  }

  /** Whether this is that punctuation. */
  default boolean is(String symbol) {
    return this instanceof Symbol it && it.text.equals(symbol);
  }

  /** Whether this is that word; dhcpd does not tell upper case from lower. */
  default boolean isWord(String word) {
    return this instanceof Word it && it.text.equalsIgnoreCase(word);
  }
}
