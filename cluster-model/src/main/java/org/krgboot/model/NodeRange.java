package org.krgboot.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which nodes are meant, as an operator writes it: names, {@code krgnode[01-15,20]}, addresses,
 * {@code 10.0.0.1-10.0.0.9}, MAC addresses; several with commas between them.
 */
public final class NodeRange {
  private static final Pattern BRACKETS =
      Pattern.compile("([^\\[\\]]*)\\[([0-9,-]+)\\]([^\\[\\]]*)");
  private static final int LONGEST_TEXT = 4096;

  /** A node, as far as it is known. */
  public record Node(Optional<NodeName> name, Optional<Ipv4> address, Optional<MacAddress> mac) {}

  /** One of the texts between commas. */
  private interface Part {
    boolean has(Node node);
  }

  private final String text;
  private final List<Part> parts;
  private final List<MacAddress> macs;

  private NodeRange(String text, List<Part> parts, List<MacAddress> macs) {
    this.text = text;
    this.parts = List.copyOf(parts);
    this.macs = List.copyOf(macs);
  }

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException if a part is none of these; the message names it
   */
  public static NodeRange parse(String text) {
    if (text.length() > LONGEST_TEXT) {
      throw new IllegalArgumentException("more than " + LONGEST_TEXT + " letters name no nodes");
    }
    List<Part> parts = new ArrayList<>();
    List<MacAddress> macs = new ArrayList<>();
    for (String word : words(text)) {
      Optional<MacAddress> mac = mac(word);
      mac.ifPresent(macs::add);
      parts.add(
          mac.<Part>map(known -> node -> node.mac().equals(Optional.of(known)))
              .orElseGet(() -> isAddress(word) ? addresses(word) : names(word)));
    }
    return new NodeRange(text.strip(), parts, macs);
  }

  /** Between commas that stand in no brackets. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    for (String word : text.split(",(?![0-9,-]*\\])", -1)) {
      if (word.isBlank()) {
        throw new IllegalArgumentException("'" + text + "' names no nodes at one of its commas");
      }
      words.add(word.strip());
    }
    return words;
  }

  private static Optional<MacAddress> mac(String word) {
    return word.matches("[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}")
        ? Optional.of(MacAddress.parse(word))
        : Optional.empty();
  }

  private static boolean isAddress(String word) {
    return word.matches("[0-9.]+(\\s*-\\s*[0-9.]+)?") && word.contains(".");
  }

  private static Part addresses(String word) {
    AddressRange range = AddressRange.parse(word);
    return node -> node.address().filter(range::contains).isPresent();
  }

  private static Part names(String word) {
    Matcher matcher = BRACKETS.matcher(word);
    if (!matcher.matches()) {
      NodeName name = new NodeName(word);
      return node -> node.name().equals(Optional.of(name));
    }
    // What is refused as a name with a number in place of the brackets is refused here too.
    String first = new NodeName(matcher.group(1) + "0" + matcher.group(3)).text();
    String before = first.substring(0, matcher.group(1).length());
    String after = first.substring(matcher.group(1).length() + 1);
    List<BiPredicate<Integer, Integer>> numbers = new ArrayList<>();
    for (String number : matcher.group(2).split(",", -1)) {
      numbers.add(numbers(word, number));
    }
    return node -> node.name().filter(name -> has(name.text(), before, after, numbers)).isPresent();
  }

  private static boolean has(
      String name, String before, String after, List<BiPredicate<Integer, Integer>> numbers) {
    int length = name.length() - before.length() - after.length();
    if (length < 1 || length > 9 || !name.startsWith(before) || !name.endsWith(after)) {
      return false;
    }
    String digits = name.substring(before.length(), before.length() + length);
    return digits.matches("[0-9]+")
        && numbers.stream().anyMatch(range -> range.test(Integer.parseInt(digits), length));
  }

  /** {@code 01-15}: numbers of two digits; {@code 1-15}: without zeros in front. */
  private static BiPredicate<Integer, Integer> numbers(String word, String range) {
    String[] ends = range.split("-", -1);
    boolean right = ends.length <= 2;
    for (String end : ends) {
      right &= end.matches("[0-9]{1,9}");
    }
    if (!right) {
      throw new IllegalArgumentException(
          "'" + word + "' is no range of names; write it as krgnode[01-15,20]");
    }
    int low = Integer.parseInt(ends[0]);
    int high = Integer.parseInt(ends[ends.length - 1]);
    if (low > high) {
      throw new IllegalArgumentException("the range '" + word + "' runs backwards");
    }
    int width = ends[0].length();
    return (number, length) ->
        low <= number
            && number <= high
            && length == Math.max(width, Integer.toString(number).length());
  }

  /** Whether the node is one of these. */
  public boolean has(Node node) {
    return parts.stream().anyMatch(part -> part.has(node));
  }

  /** The MAC addresses that are written out: these nodes need not have been seen yet. */
  public List<MacAddress> macs() {
    return macs;
  }

  @Override
  public String toString() {
    return text;
  }
}
