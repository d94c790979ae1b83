package org.krgboot.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which nodes are meant: {@code krgnode[01-15],front,-krgnode07,@blades}. Parts are taken from left
 * to right; one after {@code -} or {@code !} is taken away again. A part is a name, names by number
 * in brackets, a name with {@code *}, {@code @group}, a MAC address or an address.
 *
 * @param parts never empty; the first one adds
 */
public record NodeRange(List<Part> parts) {
  /** More groups within groups than anybody writes; it ends a group that holds itself. */
  private static final int DEEPEST_GROUP = 16;

  /** Each one multiplies the ways in which a name can be alike. */
  private static final int MOST_STARS = 3;

  private static final Pattern NAME = Pattern.compile("[a-z0-9*]([a-z0-9*-]*[a-z0-9*])?");

  /** What a part does with the nodes that it names. */
  public enum Effect {
    ADD,
    TAKE_AWAY
  }

  /** What a part names. */
  public sealed interface Who {}

  /** Names in full, in the order of the text; {@code text} is how they were written. */
  public record Names(String text, List<String> names) implements Who {}

  /** All known nodes whose names look like this; {@code *} stands for any letters. */
  public record Alike(String pattern) implements Who {}

  /** A group of the configuration, without its {@code @}; {@code all} are all known nodes. */
  public record Group(String name) implements Who {}

  /** The node with this network card. */
  public record OfMac(MacAddress mac) implements Who {}

  /** The node that has this address. */
  public record AtAddress(Ipv4 address) implements Who {}

  /** One part between commas. */
  public record Part(Effect effect, Who who) {}

  /** What a known node can be called by. */
  public record Identity(Optional<NodeName> name, MacAddress mac, Optional<Ipv4> address) {}

  public NodeRange {
    parts = List.copyOf(parts);
  }

  /**
   * Reads a range.
   *
   * @throws IllegalArgumentException if the text is not one; the message says which part and what
   *     is expected
   */
  public static NodeRange parse(String text) {
    List<Part> parts = new ArrayList<>();
    for (String piece : pieces(text)) {
      boolean takes = piece.startsWith("-") || piece.startsWith("!");
      parts.add(
          new Part(takes ? Effect.TAKE_AWAY : Effect.ADD, who(takes ? piece.substring(1) : piece)));
    }
    if (parts.getFirst().effect() == Effect.TAKE_AWAY) {
      throw new IllegalArgumentException(
          "'" + text + "' begins by taking away; begin with the nodes to take it from, or @all");
    }
    return new NodeRange(parts);
  }

  /** The text between commas that are not in brackets. */
  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    int begin = 0;
    int depth = 0;
    for (int at = 0; at <= text.length(); at++) {
      char c = at == text.length() ? ',' : text.charAt(at);
      depth += c == '[' ? 1 : c == ']' ? -1 : 0;
      if (at == text.length() || (c == ',' && depth <= 0)) {
        String piece = text.substring(begin, at).strip();
        if (piece.isEmpty()) {
          throw new IllegalArgumentException(
              "'" + text + "' names no nodes in one place; write for example krgnode[01-15],front");
        }
        pieces.add(piece);
        begin = at + 1;
      }
    }
    return pieces;
  }

  private static Who who(String piece) {
    String text = piece.strip().toLowerCase(Locale.ROOT);
    if (text.startsWith("@")) {
      return new Group(NodeRange.name(text.substring(1), piece));
    }
    if (text.indexOf(':') >= 0) {
      return new OfMac(MacAddress.parse(text));
    }
    if (text.indexOf('.') >= 0) {
      return new AtAddress(Ipv4.parse(text));
    }
    List<String> names = NodePattern.expand(text);
    names.forEach(name -> NodeRange.name(name, piece));
    return text.indexOf('*') >= 0 ? alike(text, names) : new Names(piece.strip(), names);
  }

  private static Who alike(String text, List<String> names) {
    if (names.size() > 1) {
      throw new IllegalArgumentException("'" + text + "' has both numbers and *; use one of them");
    }
    if (text.chars().filter(c -> c == '*').count() > MOST_STARS) {
      throw new IllegalArgumentException("'" + text + "' has more than " + MOST_STARS + " *");
    }
    return new Alike(names.getFirst());
  }

  private static String name(String text, String piece) {
    if (text.length() > 63 || !NAME.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "'"
              + piece
              + "' is neither a node, nor nodes by number (krgnode[01-15]), @group, a MAC"
              + " address or an address");
    }
    return text;
  }

  /**
   * The names that the range stands for, whether there are such nodes or not; no name twice.
   *
   * @param groups what each group holds
   * @throws IllegalArgumentException if a part is not made of names, or a group is not there
   */
  public List<NodeName> names(Map<String, NodeRange> groups) {
    Set<NodeName> names = new LinkedHashSet<>();
    addNames(names, groups, 0);
    return List.copyOf(names);
  }

  private void addNames(Set<NodeName> names, Map<String, NodeRange> groups, int depth) {
    for (Part part : parts) {
      Set<NodeName> meant = new LinkedHashSet<>();
      switch (part.who()) {
        case Names(String text, List<String> all) -> all.forEach(n -> meant.add(new NodeName(n)));
        case Group(String group) -> group(groups, group, depth).addNames(meant, groups, depth + 1);
        case Alike(String pattern) -> throw notAName(pattern);
        case OfMac(MacAddress mac) -> throw notAName(mac.toString());
        case AtAddress(Ipv4 address) -> throw notAName(address.toString());
      }
      change(names, part.effect(), meant);
    }
  }

  private static IllegalArgumentException notAName(String part) {
    return new IllegalArgumentException(
        "'" + part + "' is no name; names are wanted here, such as krgnode[01-15]");
  }

  /**
   * The nodes that are meant, out of those that are known; in the range's order, none twice.
   *
   * @param groups what each group holds
   * @throws IllegalArgumentException if a part that adds names a node that is not known; the
   *     message has the name that comes nearest
   */
  public <T> List<T> select(
      Collection<T> known, Function<T, Identity> identity, Map<String, NodeRange> groups) {
    Set<T> chosen = new LinkedHashSet<>();
    new Selection<>(known, identity, groups).choose(this, chosen, 0);
    return List.copyOf(chosen);
  }

  /**
   * Whether a node is one of these, whichever others are known.
   *
   * @param groups what each group holds; {@code @all} is every node unless it is among them
   * @throws IllegalArgumentException if a group is not there, or holds itself
   */
  public boolean has(Identity node, Map<String, NodeRange> groups) {
    return has(node, groups, 0);
  }

  private boolean has(Identity node, Map<String, NodeRange> groups, int depth) {
    boolean one = false;
    for (Part part : parts) {
      if (isNamed(part.who(), node, groups, depth)) {
        one = part.effect() == Effect.ADD;
      }
    }
    return one;
  }

  private static boolean isNamed(Who who, Identity node, Map<String, NodeRange> groups, int depth) {
    return switch (who) {
      case Names(String _, List<String> names) ->
          node.name().filter(name -> names.contains(name.text())).isPresent();
      case Alike(String pattern) ->
          node.name()
              .filter(name -> Pattern.matches(pattern.replace("*", ".*"), name.text()))
              .isPresent();
      case Group(String all) when all.equals("all") && !groups.containsKey("all") -> true;
      case Group(String name) -> group(groups, name, depth).has(node, groups, depth + 1);
      case OfMac(MacAddress mac) -> node.mac().equals(mac);
      case AtAddress(Ipv4 address) -> node.address().equals(Optional.of(address));
    };
  }

  private static <T> void change(Set<T> chosen, Effect effect, Set<T> meant) {
    switch (effect) {
      case ADD -> chosen.addAll(meant);
      case TAKE_AWAY -> meant.forEach(chosen::remove);
    }
  }

  private static NodeRange group(Map<String, NodeRange> groups, String name, int depth) {
    NodeRange group = groups.get(name);
    if (group == null) {
      throw new IllegalArgumentException(
          "there is no group @" + name + meant(name, groups.keySet(), "@"));
    }
    if (depth >= DEEPEST_GROUP) {
      throw new IllegalArgumentException("the group @" + name + " holds itself");
    }
    return group;
  }

  private static String meant(String text, Collection<String> candidates, String sign) {
    return Nearest.of(text, candidates)
        .map(near -> "; did you mean " + sign + near + "?")
        .orElse("");
  }

  /** The known nodes by all that they can be called by. */
  private static final class Selection<T> {
    private final Collection<T> known;
    private final Function<T, Identity> identity;
    private final Map<String, NodeRange> groups;
    private final Map<String, T> byName = new HashMap<>();

    Selection(Collection<T> known, Function<T, Identity> identity, Map<String, NodeRange> groups) {
      this.known = known;
      this.identity = identity;
      this.groups = groups;
      known.forEach(
          node -> identity.apply(node).name().ifPresent(name -> byName.put(name.text(), node)));
    }

    void choose(NodeRange range, Set<T> chosen, int depth) {
      for (Part part : range.parts()) {
        Set<T> meant = new LinkedHashSet<>();
        meant(part.who(), meant, depth);
        if (meant.isEmpty() && part.effect() == Effect.ADD && !(part.who() instanceof Group)) {
          throw unknown(part.who());
        }
        change(chosen, part.effect(), meant);
      }
    }

    private void meant(Who who, Set<T> meant, int depth) {
      switch (who) {
        case Names(String text, List<String> names) -> named(names, meant);
        case Alike(String pattern) -> {
          Pattern like = Pattern.compile(pattern.replace("*", ".*"));
          keep(meant, id -> id.name().filter(n -> like.matcher(n.text()).matches()).isPresent());
        }
        case Group(String all) when all.equals("all") && !groups.containsKey("all") ->
            meant.addAll(known);
        case Group(String group) -> choose(group(groups, group, depth), meant, depth + 1);
        case OfMac(MacAddress mac) -> keep(meant, id -> id.mac().equals(mac));
        case AtAddress(Ipv4 address) ->
            keep(meant, id -> id.address().equals(Optional.of(address)));
      }
    }

    private void named(List<String> names, Set<T> meant) {
      for (String name : names) {
        T node = byName.get(name);
        if (node != null) {
          meant.add(node);
        }
      }
    }

    private void keep(Set<T> meant, Predicate<Identity> wanted) {
      known.stream().filter(node -> wanted.test(identity.apply(node))).forEach(meant::add);
    }

    private IllegalArgumentException unknown(Who who) {
      return new IllegalArgumentException(
          switch (who) {
            case Names(String text, List<String> names) ->
                names.size() > 1
                    ? "no node of " + text + " is known"
                    : "no node is called "
                        + text
                        + NodeRange.meant(names.getFirst(), byName.keySet(), "");
            case Alike(String pattern) -> "no node's name is like " + pattern;
            case Group(String group) -> "there is no group @" + group;
            case OfMac(MacAddress mac) -> "no node with " + mac + " has been seen";
            case AtAddress(Ipv4 address) -> "no node has " + address;
          });
    }
  }
}
