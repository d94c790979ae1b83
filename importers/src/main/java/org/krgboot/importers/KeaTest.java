package org.krgboot.importers;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The test of a client class of Kea. Its expressions are those of dhcpd in other words, so they are
 * written as those and read as such: {@code option[93].hex == 0x0007} is {@code option option-93 =
 * 00:07}.
 */
final class KeaTest {
  private static final Pattern OPTION =
      Pattern.compile("(?:pkt4\\.)?option\\[([A-Za-z0-9-]+)]\\.(hex|text|exists)");
  private static final Pattern HEX = Pattern.compile("0x([0-9A-Fa-f]{2,})");

  private final String file;
  private final Report report;

  KeaTest(String file, Report report) {
    this.file = file;
    this.report = report;
  }

  /** The marks of its members; none if no class here can say it, which is then reported. */
  List<Marks> marks(Tree.Scalar test) {
    Place place = test.place();
    List<IscToken> tokens = IscLexer.tokens(file, translated(test.text()) + ";", new Report());
    IscCursor cursor = new IscCursor(file, tokens);
    try {
      IscExpression expression = IscExpressionParser.parse(cursor);
      cursor.expect(";", "behind the test");
      IscCondition condition =
          new IscConditions(new IscOptions(), java.util.Map.of()).read(expression);
      if (condition instanceof IscCondition.AnyOf any) {
        return any.alternatives();
      }
      report.ignored(
          place,
          condition instanceof IscCondition.Unclear unclear
              ? unclear.why()
              : "no class here can have these members");
    } catch (IscFault e) {
      report.ignored(place, "the test is not read: " + e.getMessage());
    }
    return List.of();
  }

  static String translated(String test) {
    String text = test.replace("pkt4.mac", "substring(hardware, 1, 6)").replace("==", "=");
    Matcher option = OPTION.matcher(text);
    StringBuilder out = new StringBuilder();
    while (option.find()) {
      String name =
          option.group(1).matches("[0-9]+") ? "option-" + option.group(1) : option.group(1);
      String operator = option.group(2).equals("exists") ? "exists " : "option ";
      option.appendReplacement(out, Matcher.quoteReplacement(operator + name));
    }
    option.appendTail(out);
    Matcher hex = HEX.matcher(out.toString().replace('\'', '"'));
    return hex.replaceAll(match -> colons(match.group(1)));
  }

  private static String colons(String digits) {
    String even = digits.length() % 2 == 0 ? digits : "0" + digits;
    String colons = even.replaceAll("..(?=.)", "$0:");
    return even.length() == 2 ? "00:" + colons : colons;
  }
}
