package org.krgboot.dhcp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.krgboot.model.Ipv4;

/** How an option's value is written in a configuration, and which bytes that makes. */
public enum OptionType {
  /** One address. */
  IP("ip"),
  /** One address or more. */
  IP_LIST("ip-list"),
  /** UTF-8, without a NUL at its end: RFC 2132 section 2. */
  TEXT("text"),
  UINT8("uint8"),
  UINT16("uint16"),
  UINT32("uint32"),
  INT32("int32"),
  /** One byte, 1 or 0. */
  BOOLEAN("boolean"),
  /** Two digits a byte, which may have colons or spaces between them. */
  HEX("hex"),
  /** RFC 3397, with its compression. */
  DOMAIN_LIST("domain-list"),
  /** RFC 3442: each as {@code 10.0.0.0/8 10.11.12.254}. */
  ROUTES("routes"),
  /** Options within an option, RFC 2132 section 8.4; see {@link #encapsulate}. */
  ENCAPSULATED("encapsulated");

  private final String text;

  OptionType(String text) {
    this.text = text;
  }

  /** As written in a configuration. */
  public String text() {
    return text;
  }

  /** The type of that name. */
  public static Optional<OptionType> of(String text) {
    return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst();
  }

  /** All names, for a message. */
  public static String names() {
    return Arrays.stream(values()).map(OptionType::text).collect(Collectors.joining(", "));
  }

  /**
   * Reads a value.
   *
   * @param elements the elements of a list, or the one value
   * @throws IllegalArgumentException if they are not of this type; the message quotes them and says
   *     what would be right
   */
  public Octets encode(List<String> elements) {
    return Octets.of(bytes(elements));
  }

  private byte[] bytes(List<String> elements) {
    return switch (this) {
      case IP -> Ipv4.parse(only(elements)).octets();
      case IP_LIST -> joined(elements, element -> Ipv4.parse(element).octets());
      case TEXT -> text(only(elements));
      case UINT8 -> number(only(elements), 0, 0xff, 1);
      case UINT16 -> number(only(elements), 0, 0xffff, 2);
      case UINT32 -> number(only(elements), 0, 0xffff_ffffL, 4);
      case INT32 -> number(only(elements), Integer.MIN_VALUE, Integer.MAX_VALUE, 4);
      case BOOLEAN -> new byte[] {yesOrNo(only(elements))};
      case HEX -> hex(only(elements));
      case DOMAIN_LIST -> DomainList.encode(some(elements));
      case ROUTES -> joined(elements, ClasslessRoute::encode);
      case ENCAPSULATED ->
          throw new IllegalArgumentException(
              "encapsulated options are a table, such as { 1 = { type = \"ip\", value = \"…\" } }");
    };
  }

  /**
   * Options within an option, in the order of the map.
   *
   * @param inner by number, 1 to 254, at most 255 bytes each
   * @throws IllegalArgumentException if one has another number or is longer
   */
  public static Octets encapsulate(Map<Integer, Octets> inner) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    inner.forEach((code, value) -> {
      if (code < 1 || code > 254 || value.length() > 255) {
        throw new IllegalArgumentException(
            "an option within another has a number from 1 to 254 and at most 255 bytes; "
                + code
                + " has "
                + value.length());
      }
      all.write(code);
      all.write(value.length());
      all.writeBytes(value.bytes());
    });
    return Octets.of(all.toByteArray());
  }

  private interface Encoder {
    byte[] encode(String element);
  }

  private List<String> some(List<String> elements) {
    if (elements.isEmpty()) {
      throw new IllegalArgumentException("a value of type " + text + " has one element or more");
    }
    return elements;
  }

  private String only(List<String> elements) {
    if (elements.size() != 1) {
      throw new IllegalArgumentException(
          "a value of type " + text + " is one, not a list of " + elements.size());
    }
    return elements.getFirst();
  }

  private byte[] joined(List<String> elements, Encoder encoder) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    some(elements).forEach(element -> all.writeBytes(encoder.encode(element)));
    return all.toByteArray();
  }

  private static byte[] text(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a text has no NUL in it");
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private byte[] number(String element, long least, long most, int length) {
    boolean isNumber = element.matches("-?[0-9]{1,11}|0x[0-9a-fA-F]{1,8}");
    long value = isNumber ? Long.decode(withoutLeadingZeros(element)) : 0;
    if (!isNumber || value < least || value > most) {
      throw new IllegalArgumentException(
          "'" + element + "' is not of type " + text + ", a number from " + least + " to " + most);
    }
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (value >>> (8 * (length - 1 - i)));
    }
    return bytes;
  }

  /** {@link Long#decode} would take them for octal. */
  private static String withoutLeadingZeros(String number) {
    return number.replaceFirst("^(-?)0+(?=[0-9])", "$1");
  }

  private static byte yesOrNo(String element) {
    return switch (element.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on", "1" -> 1;
      case "false", "no", "off", "0" -> 0;
      default -> throw new IllegalArgumentException("'" + element + "' is neither true nor false");
    };
  }

  private static byte[] hex(String element) {
    String digits = element.replaceAll("[:\\s]", "");
    if (digits.isEmpty() || digits.length() % 2 != 0 || !digits.matches("[0-9a-fA-F]+")) {
      throw new IllegalArgumentException(
          "'" + element + "' is not bytes in hex; write them as 01:0a:ff");
    }
    return HexFormat.of().parseHex(digits);
  }
}
