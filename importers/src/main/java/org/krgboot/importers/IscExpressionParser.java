package org.krgboot.importers;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.krgboot.importers.IscExpression.From;

/** Reads one expression of dhcp-eval(5). What is too deep or too long is refused, not followed. */
final class IscExpressionParser {
  private static final int DEEPEST = 50;
  private static final int MOST_TERMS = 1_000;

  /** Weakest first. */
  private static final List<List<String>> LEVELS =
      List.of(
          List.of("or"),
          List.of("and"),
          List.of("=", "!=", "~=", "~~"),
          List.of("+", "-", "|", "^"),
          List.of("*", "/", "%", "&"));

  private final IscCursor cursor;
  private int depth;
  private int terms;

  private IscExpressionParser(IscCursor cursor) {
    this.cursor = cursor;
  }

  static IscExpression parse(IscCursor cursor) throws IscFault {
    return new IscExpressionParser(cursor).expression();
  }

  private IscExpression expression() throws IscFault {
    if (++depth > DEEPEST) {
      throw new IscFault(cursor.peek().place(), "the expression is nested too deep");
    }
    IscExpression expression = level(0);
    depth--;
    return expression;
  }

  private IscExpression level(int level) throws IscFault {
    if (level == LEVELS.size()) {
      return term();
    }
    IscExpression left = level(level + 1);
    while (operator(LEVELS.get(level))) {
      IscToken operator = cursor.next();
      IscExpression right = level(level + 1);
      left =
          new IscExpression.Binary(
              operator.place(), operator.written().toLowerCase(Locale.ROOT), left, right);
    }
    return left;
  }

  private boolean operator(List<String> operators) {
    IscToken token = cursor.peek();
    return operators.stream().anyMatch(each -> token.is(each) || token.isWord(each));
  }

  private IscExpression term() throws IscFault {
    if (++terms > MOST_TERMS) {
      throw new IscFault(cursor.peek().place(), "the expression is too long");
    }
    IscToken token = cursor.peek();
    Place place = token.place();
    if (cursor.take("(")) {
      IscExpression inner = expression();
      cursor.expect(")", "in an expression");
      return inner;
    }
    if (token instanceof IscToken.Quoted quoted) {
      cursor.next();
      return new IscExpression.Bytes(place, quoted.text());
    }
    if (token instanceof IscToken.Word word) {
      cursor.next();
      return word(place, word.text());
    }
    throw new IscFault(place, "an expression is missing before '" + token.written() + "'");
  }

  private IscExpression word(Place place, String text) throws IscFault {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "not" -> new IscExpression.Not(place, negated());
      case "exists" -> new IscExpression.Exists(place, optionName());
      case "option", "dhcp-option" -> new IscExpression.OptionOf(place, From.REQUEST, optionName());
      case "config-option" -> new IscExpression.OptionOf(place, From.CONFIGURATION, optionName());
      case "check" -> new IscExpression.Check(place, cursor.name("the name of a class"));
      default -> cursor.peek().is("(") ? call(place, text) : literal(place, text);
    };
  }

  /** As with dhcpd, {@code not} takes the whole comparison behind it. */
  private IscExpression negated() throws IscFault {
    if (++depth > DEEPEST) {
      throw new IscFault(cursor.peek().place(), "the expression is nested too deep");
    }
    IscExpression negated = level(2);
    depth--;
    return negated;
  }

  private String optionName() throws IscFault {
    return cursor.word("the name of an option").toLowerCase(Locale.ROOT);
  }

  private IscExpression call(Place place, String function) throws IscFault {
    cursor.expect("(", "behind " + function);
    List<IscExpression> arguments = new ArrayList<>();
    while (!cursor.take(")")) {
      if (!arguments.isEmpty()) {
        cursor.expect(",", "between the arguments of " + function);
      }
      arguments.add(expression());
    }
    return new IscExpression.Call(place, function.toLowerCase(Locale.ROOT), List.copyOf(arguments));
  }

  private static IscExpression literal(Place place, String text) {
    if (text.matches("-?[0-9]{1,18}")) {
      return new IscExpression.Numeral(place, Long.parseLong(text));
    }
    if (text.matches("0[xX][0-9a-fA-F]{1,15}")) {
      return new IscExpression.Numeral(place, Long.parseLong(text.substring(2), 16));
    }
    if (isHex(text)) {
      return new IscExpression.Bytes(place, hex(text));
    }
    return new IscExpression.Named(place, text.toLowerCase(Locale.ROOT));
  }

  /** {@code 0:7}, {@code 00:07:ff}: at least two octets. */
  static boolean isHex(String text) {
    if (text.indexOf(':') < 0) {
      return false;
    }
    for (String octet : text.split(":", -1)) {
      if (octet.isEmpty() || octet.length() > 2 || !octet.chars().allMatch(HexFormat::isHexDigit)) {
        return false;
      }
    }
    return true;
  }

  /** The octets of a hexadecimal list, one a character. */
  static String hex(String text) {
    StringBuilder bytes = new StringBuilder();
    for (String octet : text.split(":", -1)) {
      bytes.append((char) Integer.parseInt(octet, 16));
    }
    return bytes.toString();
  }
}
