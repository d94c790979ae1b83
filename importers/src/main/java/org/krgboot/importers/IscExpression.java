package org.krgboot.importers;

import java.util.List;

/** An expression of dhcp-eval(5). */
sealed interface IscExpression {
  Place place();

  /** Text in quotes, or a hexadecimal list: bytes, one a character. */
  record Bytes(Place place, String bytes) implements IscExpression {}

  record Numeral(Place place, long value) implements IscExpression {}

  /** Where an option's value is taken from. */
  enum From {
    REQUEST,
    CONFIGURATION
  }

  /** {@code option NAME}: what the client sent, or what it is going to get. */
  record OptionOf(Place place, From from, String name) implements IscExpression {}

  /** {@code exists NAME}. */
  record Exists(Place place, String name) implements IscExpression {}

  /** {@code check "CLASS"}. */
  record Check(Place place, String className) implements IscExpression {}

  /** {@code leased-address}, {@code hardware}, {@code known}, or a variable. */
  record Named(Place place, String name) implements IscExpression {}

  /** {@code substring(hardware, 1, 3)}, and whatever else has arguments in parentheses. */
  record Call(Place place, String function, List<IscExpression> arguments)
      implements IscExpression {}

  record Not(Place place, IscExpression of) implements IscExpression {}

  /**
   * Two of them.
   *
   * @param operator {@code and or = != ~= ~~ + - * / % & | ^}
   */
  record Binary(Place place, String operator, IscExpression left, IscExpression right)
      implements IscExpression {}
}
