package org.krgboot.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Many names in few words: {@code krgnode[101-103,107],front}. */
final class NodeNames {
  private static final Pattern NUMBERED = Pattern.compile("(.*?)([0-9]{1,9})");

  private NodeNames() {}

  /** A range that stands for these names and no others, in their order as far as it can be. */
  static String range(List<String> names) {
    Map<String, List<String>> numbers = new LinkedHashMap<>();
    for (String name : names) {
      Matcher matcher = NUMBERED.matcher(name);
      boolean numbered = matcher.matches() && name.indexOf(':') < 0 && name.indexOf('.') < 0;
      numbers
          .computeIfAbsent(numbered ? matcher.group(1) : name, _ -> new ArrayList<>())
          .add(numbered ? matcher.group(2) : "");
    }
    List<String> parts = new ArrayList<>();
    numbers.forEach((prefix, of) -> parts.add(prefix + brackets(of)));
    return String.join(",", parts);
  }

  private static String brackets(List<String> numbers) {
    if (numbers.size() == 1) {
      return numbers.getFirst();
    }
    List<String> spans = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= numbers.size(); i++) {
      if (i == numbers.size() || !follows(numbers.get(i - 1), numbers.get(i))) {
        String first = numbers.get(from);
        spans.add(i - from == 1 ? first : first + "-" + numbers.get(i - 1));
        from = i;
      }
    }
    return "[" + String.join(",", spans) + "]";
  }

  /** As wide as it, and one more: so that 09 and 10 are one span, and 9 and 010 are not. */
  private static boolean follows(String one, String next) {
    return one.length() == next.length() && Integer.parseInt(next) == Integer.parseInt(one) + 1;
  }
}
