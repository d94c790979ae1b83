package org.krgboot.dhcp;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

/**
 * How a node is called, such as {@code krgnode{octet4}}, the how-to's {@code krgnodeXX}. Each word
 * in braces stands for a part of what is known of the node: {@code octet1} to {@code octet4} and
 * {@code address} (10-11-12-101) of its leased address, {@code mac} (525400123456) and {@code host}
 * (what it calls itself in option 12).
 */
public record NameTemplate(String text) {
  private static final Pattern WORD = Pattern.compile("\\{([^{}]*)}");
  private static final Ipv4 LONGEST_ADDRESS = Ipv4.parse("255.255.255.255");
  private static final MacAddress ANY_MAC = new MacAddress(0);

  /** For a node that says no name of its own. */
  private static final String NAMELESS = "node";

  /** Refuses what could not make a host name. */
  public NameTemplate {
    try {
      new NodeName(fill(text, LONGEST_ADDRESS, ANY_MAC, NAMELESS));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' does not make host names: "
              + e.getMessage()
              + "; write it as krgnode{octet4}, with {octet1} to {octet4}, {address}, {mac}"
              + " and {host}",
          e);
    }
  }

  /** The how-to's form: this text and the last octet of the address. */
  public static NameTemplate ofPrefix(String prefix) {
    try {
      return new NameTemplate(prefix + "{octet4}");
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the name prefix '" + prefix + "' does not begin a host name such as krgnode101", e);
    }
  }

  /**
   * The name of one node.
   *
   * @param own what the node calls itself
   */
  public NodeName nameOf(Ipv4 address, MacAddress mac, Optional<NodeName> own) {
    String host = own.map(NodeName::text).orElse(NAMELESS);
    String name = fill(text, address, mac, host);
    // A long name of its own can make the whole too long.
    return new NodeName(isTooLong(name) ? fill(text, address, mac, NAMELESS) : name);
  }

  /** The name that every node with the address has, if no other part of the node matters. */
  public Optional<NodeName> ofAddressAlone(Ipv4 address) {
    return text.contains("{mac}") || text.contains("{host}")
        ? Optional.empty()
        : Optional.of(nameOf(address, ANY_MAC, Optional.empty()));
  }

  private static boolean isTooLong(String name) {
    return name.length() > 63;
  }

  private static String fill(String text, Ipv4 address, MacAddress mac, String host) {
    Matcher words = WORD.matcher(text);
    StringBuilder name = new StringBuilder();
    while (words.find()) {
      words.appendReplacement(name, value(words.group(1), address, mac, host));
    }
    return words.appendTail(name).toString();
  }

  private static String value(String word, Ipv4 address, MacAddress mac, String host) {
    return switch (word) {
      case "octet1", "octet2", "octet3", "octet4" ->
          String.valueOf(address.octet(word.charAt(5) - '1'));
      case "address" -> address.toString().replace('.', '-');
      case "mac" -> HexFormat.of().formatHex(mac.octets());
      case "host" -> host;
      default -> throw new IllegalArgumentException("{" + word + "} means nothing");
    };
  }

  @Override
  public String toString() {
    return text;
  }
}
