package org.krgboot.importers;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Statements that do something while a packet is answered: set, log, execute and so on. */
final class IscActions {
  private static final Set<String> ACTIONS =
      Set.of("set", "let", "unset", "log", "execute", "eval", "return", "break");

  private IscActions() {}

  static boolean isAction(String keyword, IscCursor cursor) {
    return ACTIONS.contains(keyword) && !cursor.peek().is("=");
  }

  static IscStatement parse(Place place, String keyword, IscCursor cursor) throws IscFault {
    List<IscExpression> arguments =
        switch (keyword) {
          case "set", "let" -> assignment(cursor);
          case "unset" -> List.of(new IscExpression.Named(place, cursor.word("a variable")));
          case "log", "execute" -> parenthesised(cursor, keyword);
          default -> cursor.peek().is(";") ? List.of() : List.of(IscExpressionParser.parse(cursor));
        };
    cursor.expect(";", "behind " + keyword);
    return new IscStatement.Action(place, keyword, arguments);
  }

  private static List<IscExpression> assignment(IscCursor cursor) throws IscFault {
    Place place = cursor.peek().place();
    String variable = cursor.word("a variable");
    cursor.expect("=", "behind the variable");
    return List.of(new IscExpression.Named(place, variable), IscExpressionParser.parse(cursor));
  }

  private static List<IscExpression> parenthesised(IscCursor cursor, String keyword)
      throws IscFault {
    cursor.expect("(", "behind " + keyword);
    List<IscExpression> arguments = new ArrayList<>();
    do {
      arguments.add(IscExpressionParser.parse(cursor));
    } while (cursor.take(","));
    cursor.expect(")", "behind the arguments of " + keyword);
    return List.copyOf(arguments);
  }
}
