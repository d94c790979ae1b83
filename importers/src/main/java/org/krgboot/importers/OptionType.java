package org.krgboot.importers;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.krgboot.model.Ipv4;

/**
 * How the value of an option is written in a dhcpd.conf, and how it goes out: {@code array of
 * ip-address}, {@code unsigned integer 16}, {@code { ip-address, text }}.
 *
 * @param parts one after the other
 * @param repeats whether they may come again
 */
record OptionType(List<Part> parts, Repeats repeats) {
  /** One part of a value. */
  enum Part {
    ADDRESS,
    TEXT,
    OCTETS,
    FLAG,
    INTEGER_8,
    INTEGER_16,
    INTEGER_32,
    DOMAIN,
    UNKNOWN
  }

  /** Whether there may be several. */
  enum Repeats {
    ONCE,
    AGAIN
  }

  static final OptionType OCTETS = new OptionType(List.of(Part.OCTETS), Repeats.ONCE);

  OptionType {
    parts = List.copyOf(parts);
  }

  /** Reads the right side of an option's definition. */
  static OptionType of(List<IscToken> tokens) {
    List<Part> parts = new ArrayList<>();
    Repeats repeats = Repeats.ONCE;
    for (int i = 0; i < tokens.size(); i++) {
      String word = tokens.get(i).written().toLowerCase(Locale.ROOT);
      String next = i + 1 < tokens.size() ? tokens.get(i + 1).written() : "";
      switch (word) {
        case "array", "domain-list" -> {
          repeats = Repeats.AGAIN;
          if (word.equals("domain-list")) {
            parts.add(Part.DOMAIN);
          }
        }
        case "integer" -> {
          parts.add(integer(next));
          i++;
        }
        case "encapsulate" -> {
          parts.add(Part.UNKNOWN);
          i++;
        }
        case "of", "unsigned", "signed", "{", "}", ",", "compressed" -> {}
        default -> parts.add(named(word));
      }
    }
    return new OptionType(parts.isEmpty() ? List.of(Part.UNKNOWN) : parts, repeats);
  }

  private static Part integer(String width) {
    return switch (width) {
      case "8" -> Part.INTEGER_8;
      case "16" -> Part.INTEGER_16;
      case "32" -> Part.INTEGER_32;
      default -> Part.UNKNOWN;
    };
  }

  private static Part named(String word) {
    return switch (word) {
      case "ip-address" -> Part.ADDRESS;
      case "text" -> Part.TEXT;
      case "string" -> Part.OCTETS;
      case "boolean", "flag" -> Part.FLAG;
      case "domain-name" -> Part.DOMAIN;
      default -> Part.UNKNOWN;
    };
  }

  boolean isAddresses() {
    return parts.equals(List.of(Part.ADDRESS));
  }

  /**
   * The bytes that go out.
   *
   * @param names asked for what is not an address
   * @throws IllegalArgumentException if the tokens are not of this type
   */
  byte[] encode(List<IscToken> tokens, Function<String, Optional<Ipv4>> names) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int index = 0;
    for (IscToken token : tokens) {
      if (token.is(",")) {
        continue;
      }
      if (index >= parts.size() && repeats == Repeats.ONCE) {
        throw new IllegalArgumentException("'" + token.written() + "' is too much");
      }
      out.writeBytes(encode(parts.get(index % parts.size()), token, names));
      index++;
    }
    if (index == 0 || index % parts.size() != 0) {
      throw new IllegalArgumentException("there is no value, or only a part of one");
    }
    return out.toByteArray();
  }

  private static byte[] encode(Part part, IscToken token, Function<String, Optional<Ipv4>> names) {
    String text = text(token);
    return switch (part) {
      case ADDRESS ->
          names
              .apply(text)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "'" + text + "' is neither an address nor a known name"))
              .octets();
      case TEXT -> text.getBytes(StandardCharsets.ISO_8859_1);
      case OCTETS -> octets(token);
      case FLAG -> new byte[] {flag(text)};
      case INTEGER_8 -> number(text, 1);
      case INTEGER_16 -> number(text, 2);
      case INTEGER_32 -> number(text, 4);
      case DOMAIN -> domain(text);
      case UNKNOWN -> throw new IllegalArgumentException("options of this type are not read");
    };
  }

  static String text(IscToken token) {
    return token instanceof IscToken.Quoted quoted ? quoted.text() : token.written();
  }

  /** A text in quotes, or a hexadecimal list. */
  static byte[] octets(IscToken token) {
    if (token instanceof IscToken.Quoted quoted) {
      return quoted.text().getBytes(StandardCharsets.ISO_8859_1);
    }
    String text = token.written();
    if (IscExpressionParser.isHex(text) || text.matches("[0-9a-fA-F]{1,2}")) {
      return IscExpressionParser.hex(text).getBytes(StandardCharsets.ISO_8859_1);
    }
    throw new IllegalArgumentException("'" + text + "' is neither in quotes nor hexadecimal");
  }

  private static byte flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "on", "1" -> 1;
      case "false", "off", "0" -> 0;
      default -> throw new IllegalArgumentException("'" + text + "' is neither on nor off");
    };
  }

  private static byte[] number(String text, int width) {
    long value;
    if (text.matches("-?[0-9]{1,10}")) {
      value = Long.parseLong(text);
    } else if (text.matches("0[xX][0-9a-fA-F]{1,8}")) {
      value = Long.parseLong(text.substring(2), 16);
    } else {
      throw new IllegalArgumentException("'" + text + "' is not a number");
    }
    if (value >= 1L << (8 * width) || value < -(1L << (8 * width - 1))) {
      throw new IllegalArgumentException("'" + text + "' needs more than " + width + " octets");
    }
    byte[] octets = new byte[width];
    for (int i = 0; i < width; i++) {
      octets[i] = (byte) (value >> (8 * (width - 1 - i)));
    }
    return octets;
  }

  /** As in DNS, RFC 1035 section 3.1, without compression. */
  static byte[] domain(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String label : text.replaceFirst("\\.$", "").split("\\.", -1)) {
      if (label.isEmpty() || label.length() > 63) {
        throw new IllegalArgumentException("'" + text + "' is not a domain name");
      }
      out.write(label.length());
      out.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
    }
    out.write(0);
    return out.toByteArray();
  }
}
