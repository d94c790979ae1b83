package org.krgboot.nfs;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.krgboot.model.Ipv4;

/**
 * A pattern of host names, exports(5) "Machine Name Formats": any characters ("*", which matches
 * dots too), any character ("?"), one of a list ("[a-f0-9]"). Case makes no difference.
 */
final class HostPattern {
  /** A piece of a pattern. */
  private sealed interface Part {
    /** Any characters, or none. */
    record Star() implements Part {}

    /** One character. */
    record One(IntPredicate fits) implements Part {}
  }

  private static final Pattern LIST = Pattern.compile("[!^]?([a-z0-9]-[a-z0-9]|[a-z0-9._-])+");

  private final List<Part> parts;

  private HostPattern(List<Part> parts) {
    this.parts = parts;
  }

  static boolean isPattern(String text) {
    return text.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException if a list is not closed, or is none
   */
  static HostPattern parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < lower.length(); i++) {
      int c = lower.charAt(i);
      if (c == '[') {
        int end = lower.indexOf(']', i);
        String list = end < 0 ? "" : lower.substring(i + 1, end);
        parts.add(new Part.One(oneOf(list)));
        i = end;
      } else {
        parts.add(c == '*' ? new Part.Star() : new Part.One(each -> c == '?' || each == c));
      }
    }
    return new HostPattern(parts);
  }

  private static IntPredicate oneOf(String list) {
    if (!LIST.matcher(list).matches()) {
      throw new IllegalArgumentException(
          "the list of characters in its brackets is none; write it as node[0-9]");
    }
    boolean not = list.startsWith("!") || list.startsWith("^");
    String inside = not ? list.substring(1) : list;
    return c -> isIn(inside, c) != not;
  }

  private static boolean isIn(String list, int c) {
    for (int i = 0; i < list.length(); i++) {
      boolean range = i + 2 < list.length() && list.charAt(i + 1) == '-';
      if (range && list.charAt(i) <= c && c <= list.charAt(i + 2)) {
        return true;
      }
      if (list.charAt(i) == c) {
        return true;
      }
      i += range ? 2 : 0;
    }
    return false;
  }

  /** The addresses of the known hosts that fit. */
  Set<Ipv4> addresses(HostNames names) {
    Set<Ipv4> fitting = new HashSet<>();
    for (Map.Entry<String, Set<Ipv4>> host : names.known().entrySet()) {
      if (matches(host.getKey().toLowerCase(Locale.ROOT))) {
        fitting.addAll(host.getValue());
      }
    }
    return fitting;
  }

  /** Goes back to the last star only, so the time is bounded by the product of the lengths. */
  boolean matches(String name) {
    int part = 0;
    int star = -1;
    int behindStar = 0;
    for (int at = 0; at < name.length(); ) {
      if (part < parts.size() && parts.get(part) instanceof Part.Star) {
        star = part++;
        behindStar = at;
      } else if (part < parts.size() && fits(parts.get(part), name.charAt(at))) {
        part++;
        at++;
      } else if (star >= 0) {
        part = star + 1;
        at = ++behindStar;
      } else {
        return false;
      }
    }
    return parts.subList(part, parts.size()).stream().allMatch(Part.Star.class::isInstance);
  }

  private static boolean fits(Part part, char c) {
    return part instanceof Part.One one && one.fits().test(c);
  }
}
