package org.krgboot.bootfiles;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/**
 * What becomes of the names that nodes ask for, as in the map file of tftpd-hpa (its tftpd(8),
 * "FILENAME REMAPPING"): rules in order, each an operation, a regular expression and perhaps a
 * replacement. Pure.
 */
public final class RemapRules {
  public static final RemapRules NONE = new RemapRules(List.of());

  /** tftpd-hpa gives up too when rules make each other match without end. */
  private static final int MOST_STEPS = 1000;

  private static final int LONGEST_NAME = 4096;

  /** What an expression may look at for one name: far more than any that is meant well. */
  private static final int MOST_LOOKS = 200_000;

  private final List<Rule> rules;

  private RemapRules(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** One line: the letters of its operation that mean something for reading files. */
  private record Rule(int line, String operation, Pattern pattern, String replacement) {
    boolean has(char letter) {
      return operation.indexOf(letter) >= 0;
    }
  }

  /** What the file says, or all that is wrong with it. */
  public sealed interface Parsed {
    record Rules(RemapRules rules) implements Parsed {}

    record Wrong(List<Problem> problems) implements Parsed {}
  }

  /**
   * A mistake.
   *
   * @param line counted from 1
   */
  public record Problem(int line, String text) {}

  /** Reads a map file. */
  public static Parsed parse(String content) {
    List<Rule> rules = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    String[] lines = content.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      List<String> words = words(lines[i]);
      if (!words.isEmpty()) {
        try {
          rules.add(rule(i + 1, words));
        } catch (PatternSyntaxException e) {
          problems.add(new Problem(i + 1, "the expression is wrong: " + e.getDescription()));
        } catch (IllegalArgumentException e) {
          problems.add(new Problem(i + 1, String.valueOf(e.getMessage())));
        }
      }
    }
    return problems.isEmpty()
        ? new Parsed.Rules(new RemapRules(rules))
        : new Parsed.Wrong(List.copyOf(problems));
  }

  /** Words between blanks; "\" keeps the next sign in the word, "#" begins a comment. */
  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '#') {
        break;
      }
      if (c == '\\' && i + 1 < line.length()) {
        char next = line.charAt(++i);
        word.append(Character.isWhitespace(next) || next == '#' ? "" : "\\").append(next);
      } else if (!Character.isWhitespace(c)) {
        word.append(c);
      } else if (!word.isEmpty()) {
        words.add(word.toString());
        word.setLength(0);
      }
    }
    if (!word.isEmpty()) {
      words.add(word.toString());
    }
    return words;
  }

  private static Rule rule(int line, List<String> words) {
    String operation = words.get(0);
    check(operation.matches("[rgieasGP46~]+"), "'" + operation + "' has letters of no operation");
    boolean inverse = operation.contains("~");
    boolean replaces = operation.contains("r");
    check(!inverse || !replaces, "'~' and 'r' exclude each other: nothing was matched");
    check(!operation.contains("g") || replaces, "'g' repeats a replacement, and there is no 'r'");
    check(words.size() >= 2, "an expression is missing");
    check(words.size() <= (replaces ? 3 : 2), "there is a word too many; '\\ ' is a blank");
    int flags = operation.contains("i") ? Pattern.CASE_INSENSITIVE : 0;
    Pattern pattern = Pattern.compile(fromPosix(words.get(1)), flags);
    return new Rule(line, operation, pattern, words.size() == 3 ? words.get(2) : "");
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /**
   * Within brackets POSIX knows no "\", no nesting and no {@code &&}, but classes such as
   * [:digit:].
   */
  private static String fromPosix(String expression) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < expression.length()) {
      char c = expression.charAt(i);
      if (c == '\\' && i + 1 < expression.length()) {
        out.append(c).append(expression.charAt(i + 1));
        i += 2;
      } else if (c == '[') {
        i = bracket(expression, i, out);
      } else {
        out.append(c);
        i++;
      }
    }
    return out.toString();
  }

  private static int bracket(String expression, int from, StringBuilder out) {
    int i = from + 1;
    out.append('[');
    if (i < expression.length() && expression.charAt(i) == '^') {
      out.append('^');
      i++;
    }
    for (boolean first = true; i < expression.length(); first = false) {
      char c = expression.charAt(i);
      int end = expression.indexOf(":]", i);
      if (c == ']' && !first) {
        out.append(c);
        return i + 1;
      }
      if (expression.startsWith("[:", i) && end > 0) {
        String name = expression.substring(i + 2, end);
        check(
            name.matches(
                "alpha|digit|alnum|upper|lower|punct|space|xdigit|blank|cntrl|graph|print"),
            "there is no class [:" + name + ":]");
        String java = name.equals("xdigit") ? "XDigit" : capital(name);
        out.append("\\p{").append(java).append('}');
        i = end + 2;
      } else {
        out.append("[]\\&^".indexOf(c) >= 0 ? "\\" : "").append(c);
        i++;
      }
    }
    throw new IllegalArgumentException("the expression has a '[' without ']'");
  }

  private static String capital(String name) {
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  /** What becomes of a name. */
  public sealed interface Mapped {
    record Name(String name) implements Mapped {}

    /**
     * It is not to be had.
     *
     * @param why names the rule's line
     */
    record Refused(String why) implements Mapped {}
  }

  /** Applies the rules, in order. */
  public Mapped apply(String asked, Ipv4 node, Optional<MacAddress> mac) {
    int line = 0;
    try {
      String name = asked;
      int steps = 0;
      for (int i = 0; i < rules.size(); i++) {
        Rule rule = rules.get(i);
        line = rule.line();
        if (!isForReading(rule)) {
          continue;
        }
        Replaced replaced = replaced(rule, name, node, mac, steps);
        steps = replaced.steps();
        name = replaced.name();
        if (replaced.matched() == rule.has('~')) {
          continue;
        }
        if (rule.has('a')) {
          return refused(line, "refuses this name");
        }
        if (rule.has('e')) {
          return new Mapped.Name(name);
        }
        if (rule.has('s')) {
          steps = counted(steps);
          i = -1;
        }
      }
      return new Mapped.Name(name);
    } catch (TooMuch | StackOverflowError e) {
      return refused(line, "comes to no end with this name; mend its expression");
    }
  }

  private static Mapped refused(int line, String why) {
    return new Mapped.Refused("line " + line + " of the map file " + why);
  }

  /** A name after one rule. */
  private record Replaced(String name, boolean matched, int steps) {}

  private static Replaced replaced(
      Rule rule, String asked, Ipv4 node, Optional<MacAddress> mac, int before) {
    String name = asked;
    int steps = before;
    boolean matched = false;
    Matcher matcher = rule.pattern().matcher(new Bounded(name));
    while (!(matched && !rule.has('g')) && matcher.find()) {
      matched = true;
      steps = counted(steps);
      if (name.length() > LONGEST_NAME) {
        throw new TooMuch();
      }
      if (!rule.has('r')) {
        break;
      }
      name =
          name.substring(0, matcher.start())
              + filledIn(rule.replacement(), matcher, node, mac)
              + name.substring(matcher.end());
      matcher = rule.pattern().matcher(new Bounded(name));
    }
    return new Replaced(name, matched, steps);
  }

  private static int counted(int steps) {
    if (steps >= MOST_STEPS) {
      throw new TooMuch();
    }
    return steps + 1;
  }

  /** An expression that tries everything, such as (a+)+b, or rules that feed each other. */
  private static final class TooMuch extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooMuch() {
      super("too many steps", null, false, false);
    }
  }

  /** A name that can be looked at so often only; the JDK's expressions know no other bound. */
  private static final class Bounded implements CharSequence {
    private final String text;
    private int looks;

    Bounded(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (++looks > MOST_LOOKS) {
        throw new TooMuch();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** P is for writing, 6 for IPv6: neither happens here. */
  private static boolean isForReading(Rule rule) {
    return (!rule.has('P') || rule.has('G')) && (!rule.has('6') || rule.has('4'));
  }

  /** The replacement with what the node is and what was matched; \U and \L up to \E change case. */
  private static String filledIn(
      String replacement, Matcher matcher, Ipv4 node, Optional<MacAddress> mac) {
    StringBuilder out = new StringBuilder();
    char letters = 'E';
    for (int i = 0; i < replacement.length(); i++) {
      char c = replacement.charAt(i);
      String part = String.valueOf(c);
      if (c == '\\' && i + 1 < replacement.length()) {
        char what = replacement.charAt(++i);
        if (what == 'U' || what == 'L' || what == 'E') {
          letters = what;
          continue;
        }
        part =
            switch (what) {
              case 'i' -> node.toString();
              case 'x' -> node.hex();
              case 'm' -> mac.map(MacAddress::dashed).orElse("");
              case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> group(matcher, what - '0');
              default -> String.valueOf(what);
            };
      }
      out.append(
          letters == 'U'
              ? part.toUpperCase(Locale.ROOT)
              : letters == 'L' ? part.toLowerCase(Locale.ROOT) : part);
    }
    return out.toString();
  }

  private static String group(Matcher matcher, int number) {
    String text = number <= matcher.groupCount() ? matcher.group(number) : null;
    return text == null ? "" : text;
  }
}
