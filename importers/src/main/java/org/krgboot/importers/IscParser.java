package org.krgboot.importers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads a dhcpd.conf into statements. What cannot be read is an error in the report, and the parser
 * goes on behind it; braces and includes are followed to a depth that people write.
 */
final class IscParser {
  private static final int DEEPEST_BLOCK = 50;
  private static final int DEEPEST_INCLUDE = 10;
  private static final int MOST_INCLUDES = 500;
  private static final int MOST_TYPES = 100;
  private static final int MOST_BRANCHES = 1000;

  /** What one import may read in all. */
  private static final class Budget {
    private int includes = MOST_INCLUDES;
    private long bytes = 4L * SourceFiles.LARGEST;
  }

  private final IscCursor cursor;
  private final SourceFiles files;
  private final Report report;
  private final Budget budget;
  private final int includeDepth;
  private int blockDepth;

  private IscParser(
      String file, String text, SourceFiles files, Report report, Budget budget, int depth) {
    this.cursor = new IscCursor(file, IscLexer.tokens(file, text, report));
    this.files = files;
    this.report = report;
    this.budget = budget;
    this.includeDepth = depth;
  }

  /** All statements of a file, those of its includes within. */
  static List<IscStatement> parse(String file, byte[] content, SourceFiles files, Report report) {
    String text = new String(content, StandardCharsets.ISO_8859_1);
    return new IscParser(file, text, files, report, new Budget(), 0).all();
  }

  private List<IscStatement> all() {
    List<IscStatement> statements = new ArrayList<>();
    while (!cursor.atEnd()) {
      if (cursor.peek().is("}")) {
        report.error(cursor.next().place(), "this '}' closes nothing");
      } else {
        statement(statements);
      }
    }
    return List.copyOf(statements);
  }

  private void statement(List<IscStatement> statements) {
    if (cursor.take(";")) {
      return;
    }
    try {
      statements.add(one());
    } catch (IscFault fault) {
      report.error(fault.place(), String.valueOf(fault.getMessage()));
      cursor.skipStatement();
    }
  }

  private IscStatement one() throws IscFault {
    Place place = cursor.peek().place();
    if (!(cursor.peek() instanceof IscToken.Word)) {
      throw new IscFault(place, "a statement cannot begin with '" + cursor.peek().written() + "'");
    }
    String keyword = cursor.word("a statement").toLowerCase(Locale.ROOT);
    return switch (keyword) {
      case "include" -> include(place);
      case "option" -> option(place);
      case "send", "supersede", "default", "prepend", "append", "request", "also", "require" ->
          optionValue(place, keyword, cursor.word("the name of an option"));
      case "if" -> conditional(place);
      case "switch" -> switched(place);
      case "match" -> match(place);
      case "spawn" -> spawn(place);
      default ->
          IscActions.isAction(keyword, cursor) ? action(place, keyword) : other(place, keyword);
    };
  }

  private IscStatement action(Place place, String keyword) throws IscFault {
    return IscActions.parse(place, keyword, cursor);
  }

  private IscStatement include(Place place) throws IscFault {
    String name = cursor.name("the name of a file");
    cursor.expect(";", "behind include");
    if (includeDepth >= DEEPEST_INCLUDE || --budget.includes < 0) {
      throw new IscFault(place, "too many includes; does '" + name + "' include itself?");
    }
    try {
      byte[] content = files.read(name);
      budget.bytes -= content.length;
      if (content.length > SourceFiles.LARGEST || budget.bytes < 0) {
        throw new IscFault(place, "'" + name + "' is too large");
      }
      String text = new String(content, StandardCharsets.ISO_8859_1);
      IscParser parser = new IscParser(name, text, files, report, budget, includeDepth + 1);
      return new IscStatement.Include(place, name, parser.all());
    } catch (IOException e) {
      report.error(place, "'" + name + "' cannot be included: " + e.getMessage());
      return new IscStatement.Include(place, name, List.of());
    }
  }

  private IscStatement option(Place place) throws IscFault {
    String name = cursor.word("the name of an option");
    if (name.equalsIgnoreCase("space")) {
      String space = cursor.word("the name of an option space");
      data();
      return new IscStatement.OptionSpace(place, space.toLowerCase(Locale.ROOT));
    }
    return cursor.peek().isWord("code") && cursor.peekSecond() instanceof IscToken.Word
        ? definition(place, name.toLowerCase(Locale.ROOT))
        : optionValue(place, "option", name);
  }

  private IscStatement definition(Place place, String name) throws IscFault {
    cursor.next();
    String code = cursor.word("the code of the option");
    if (!code.matches("[0-9]{1,5}")) {
      throw new IscFault(place, "'" + code + "' is not the code of an option");
    }
    cursor.expect("=", "behind the code of the option");
    return new IscStatement.OptionDefinition(place, name, Integer.parseInt(code), type());
  }

  /** May have braces: {@code array of { ip-address, integer 8 }}. */
  private List<IscToken> type() throws IscFault {
    List<IscToken> tokens = new ArrayList<>();
    while (!cursor.take(";")) {
      if (cursor.atEnd() || tokens.size() > MOST_TYPES) {
        throw new IscFault(cursor.peek().place(), "the ';' behind an option's type is missing");
      }
      tokens.add(cursor.next());
    }
    return List.copyOf(tokens);
  }

  private IscStatement optionValue(Place place, String verb, String name) throws IscFault {
    return new IscStatement.OptionValue(place, verb, name.toLowerCase(Locale.ROOT), value());
  }

  private IscStatement.Value value() throws IscFault {
    if (cursor.take("=")) {
      IscExpression expression = IscExpressionParser.parse(cursor);
      cursor.expect(";", "behind the expression");
      return new IscStatement.Computed(expression);
    }
    return new IscStatement.Data(data());
  }

  /** What is left of the statement, and its semicolon. */
  private List<IscToken> data() throws IscFault {
    List<IscToken> tokens = new ArrayList<>();
    while (!cursor.take(";")) {
      if (cursor.peek().is("{") || endsEarly(tokens)) {
        throw new IscFault(
            tokens.isEmpty() ? cursor.peek().place() : tokens.getLast().place(),
            "the ';' is missing" + (cursor.atEnd() ? "" : " before '" + shown() + "'"));
      }
      tokens.add(cursor.next());
    }
    return List.copyOf(tokens);
  }

  private String shown() {
    return cursor.peek().written();
  }

  /** Without this the statement behind a forgotten semicolon would be swallowed unsaid. */
  private boolean endsEarly(List<IscToken> tokens) {
    IscToken next = cursor.peek();
    boolean newLine =
        !tokens.isEmpty()
            && next.place().line() > tokens.getLast().place().line()
            && !tokens.getLast().is(",");
    return cursor.atEnd()
        || next.is("}")
        || (newLine && next instanceof IscToken.Word word && IscKeywords.beginsLine(word.text()));
  }

  private IscStatement other(Place place, String keyword) throws IscFault {
    if (cursor.peek().is("=")) {
      return new IscStatement.Parameter(place, keyword, value());
    }
    List<IscToken> head = new ArrayList<>();
    while (!cursor.peek().is("{") && !cursor.peek().is(";")) {
      if (endsEarly(head)) {
        throw new IscFault(place, "the ';' behind '" + keyword + "' is missing");
      }
      head.add(cursor.next());
    }
    if (cursor.take(";")) {
      return new IscStatement.Parameter(place, keyword, new IscStatement.Data(List.copyOf(head)));
    }
    return new IscStatement.Block(place, keyword, List.copyOf(head), body(place, keyword));
  }

  private List<IscStatement> body(Place place, String of) throws IscFault {
    if (blockDepth >= DEEPEST_BLOCK) {
      throw new IscFault(place, "blocks are nested too deep");
    }
    cursor.expect("{", "behind " + of);
    blockDepth++;
    List<IscStatement> statements = new ArrayList<>();
    while (!cursor.atEnd() && !cursor.peek().is("}")) {
      statement(statements);
    }
    blockDepth--;
    if (!cursor.take("}")) {
      report.error(place, "the '{' of this " + of + " is never closed; add '}' at the end");
    }
    return List.copyOf(statements);
  }

  private IscStatement conditional(Place place) throws IscFault {
    List<IscStatement.Branch> branches = new ArrayList<>();
    Optional<IscExpression> condition = Optional.of(IscExpressionParser.parse(cursor));
    branches.add(new IscStatement.Branch(place, condition, body(place, "if")));
    while (true) {
      Place next = cursor.peek().place();
      if (cursor.takeWord("elsif")) {
        condition = Optional.of(IscExpressionParser.parse(cursor));
      } else if (cursor.takeWord("else")) {
        condition =
            cursor.takeWord("if")
                ? Optional.of(IscExpressionParser.parse(cursor))
                : Optional.empty();
      } else {
        return new IscStatement.Conditional(place, List.copyOf(branches));
      }
      if (branches.size() >= MOST_BRANCHES) {
        throw new IscFault(next, "an if with more than " + MOST_BRANCHES + " branches is not read");
      }
      branches.add(new IscStatement.Branch(next, condition, body(next, "else")));
    }
  }

  private IscStatement switched(Place place) throws IscFault {
    IscExpression on = IscExpressionParser.parse(cursor);
    cursor.expect("{", "behind switch");
    for (IscStatement unreached : untilNextCase()) {
      report.needless(unreached.place(), "before the first case nothing is done");
    }
    List<IscStatement.Case> cases = new ArrayList<>();
    while (!cursor.take("}")) {
      Place at = cursor.peek().place();
      Optional<IscExpression> value;
      if (cursor.takeWord("case")) {
        value = Optional.of(IscExpressionParser.parse(cursor));
      } else if (cursor.takeWord("default")) {
        value = Optional.empty();
      } else {
        throw new IscFault(at, "'case' is missing in this switch");
      }
      cursor.expect(":", "behind case");
      cases.add(new IscStatement.Case(at, value, untilNextCase()));
    }
    return new IscStatement.Switch(place, on, List.copyOf(cases));
  }

  private List<IscStatement> untilNextCase() {
    List<IscStatement> statements = new ArrayList<>();
    while (!cursor.atEnd() && !cursor.peek().is("}") && !beginsCase()) {
      statement(statements);
    }
    return List.copyOf(statements);
  }

  private boolean beginsCase() {
    return cursor.peek().isWord("case")
        || (cursor.peek().isWord("default") && cursor.peekSecond().is(":"));
  }

  private IscStatement match(Place place) throws IscFault {
    IscStatement.MatchKind kind =
        cursor.takeWord("if") ? IscStatement.MatchKind.IF : IscStatement.MatchKind.BY_VALUE;
    return matchOn(place, kind);
  }

  private IscStatement spawn(Place place) throws IscFault {
    if (!cursor.takeWord("with")) {
      throw new IscFault(place, "'with' is missing behind spawn");
    }
    return matchOn(place, IscStatement.MatchKind.SPAWN);
  }

  private IscStatement matchOn(Place place, IscStatement.MatchKind kind) throws IscFault {
    IscExpression expression = IscExpressionParser.parse(cursor);
    cursor.expect(";", "behind match");
    return new IscStatement.Match(place, kind, expression);
  }
}
