package org.krgboot.importers;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The test of a client class of Kea. Its expressions are those of dhcpd in other words, so they are
 * written as those and read as such: {@code option[93].hex == 0x0007} is {@code option option-93 =
 * 00:07}.
 */
final class KeaTest {
  private static final Pattern PART =
      Pattern.compile(
          "'[^']*'"
              + "|(?:pkt4\\.)?option\\[([A-Za-z0-9-]+)]\\.(hex|text|exists)"
              + "|relay4\\[([0-9]+)]\\.(hex|text|exists)"
              + "|pkt4\\.mac"
              + "|member\\(\\s*'([^']*)'\\s*\\)"
              + "|hexstring\\(\\s*pkt4\\.mac\\s*,\\s*':'\\s*\\)"
              + "|0[xX]([0-9A-Fa-f]+)"
              + "|==");

  private final String file;
  private final Report report;
  private final IscConditions conditions;

  /**
   * A reader of tests.
   *
   * @param classes the classes read so far, for {@code member('a')}
   */
  KeaTest(String file, Report report, IscOptions options, Map<String, IscCondition> classes) {
    this.file = file;
    this.report = report;
    this.conditions = new IscConditions(options, classes);
  }

  IscCondition read(Tree.Scalar test) {
    List<IscToken> tokens = IscLexer.tokens(file, translated(test.text()) + ";", new Report());
    IscCursor cursor = new IscCursor(file, tokens);
    try {
      IscExpression expression = IscExpressionParser.parse(cursor);
      cursor.expect(";", "behind the test");
      return conditions.read(expression);
    } catch (IscFault e) {
      return new IscCondition.Unclear("the test is not read: " + e.getMessage());
    }
  }

  /** The marks of its members; none if no class here can say it, which is then reported. */
  List<Marks> marks(IscCondition condition, Place place, String name) {
    if (condition instanceof IscCondition.AnyOf any) {
      return any.alternatives();
    }
    report.ignored(
        place,
        "the class '"
            + name
            + "' is left out: "
            + (condition instanceof IscCondition.Unclear unclear
                ? unclear.why()
                : "no class here can have these members"));
    return List.of();
  }

  static String translated(String test) {
    return PART.matcher(test).replaceAll(part -> Matcher.quoteReplacement(translated(part)));
  }

  private static String translated(java.util.regex.MatchResult part) {
    String text = part.group();
    if (text.startsWith("'")) {
      return '"'
          + text.substring(1, text.length() - 1).replace("\\", "\\\\").replace("\"", "\\\"")
          + '"';
    }
    if (part.group(1) != null) {
      String name = part.group(1).matches("[0-9]+") ? "option-" + part.group(1) : part.group(1);
      return (part.group(2).equals("exists") ? "exists " : "option ") + name;
    }
    if (part.group(3) != null) {
      String name =
          switch (part.group(3)) {
            case "1" -> "agent.circuit-id";
            case "2" -> "agent.remote-id";
            default -> "agent.option-" + part.group(3);
          };
      return (part.group(4).equals("exists") ? "exists " : "option ") + name;
    }
    if (part.group(5) != null) {
      return "check \"" + part.group(5).replace("\"", "") + '"';
    }
    if (part.group(6) != null) {
      return octets(part.group(6));
    }
    return switch (text) {
      case "==" -> "=";
      case "pkt4.mac" -> "substring(hardware, 1, 6)";
      default -> "binary-to-ascii(16, 8, \":\", substring(hardware, 1, 6))";
    };
  }

  /** A single octet is no list to dhcpd: it goes in quotes. */
  private static String octets(String digits) {
    String even = digits.length() % 2 == 0 ? digits : "0" + digits;
    return even.length() == 2 ? "\"\\x" + even + '"' : even.replaceAll("..(?=.)", "$0:");
  }
}
