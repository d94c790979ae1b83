package org.krgboot.importers;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** By what dnsmasq gives a node a tag. */
final class DnsmasqMarks {
  /** A part of what PXE and HTTP boot firmware sends as option 60, PXE 2.1 section 2.2.1. */
  private static final Pattern ARCHITECTURE_PART = Pattern.compile(":?(Arch:[0-9]{5}).*");

  private DnsmasqMarks() {}

  static Optional<Marks.Kind> kind(String key) {
    return switch (key) {
      case "dhcp-match" -> Optional.of(Marks.Kind.ARCHITECTURE);
      case "dhcp-vendorclass" -> Optional.of(Marks.Kind.VENDOR_CLASS);
      case "dhcp-userclass" -> Optional.of(Marks.Kind.USER_CLASS);
      case "dhcp-mac" -> Optional.of(Marks.Kind.MAC);
      case "dhcp-circuitid" -> Optional.of(Marks.Kind.CIRCUIT_ID);
      case "dhcp-remoteid" -> Optional.of(Marks.Kind.REMOTE_ID);
      default -> Optional.empty();
    };
  }

  /** The marks of a line that sets a tag. */
  static Optional<Marks> of(Marks.Kind kind, List<String> words) {
    String text = String.join(",", words);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return switch (kind) {
      case ARCHITECTURE -> match(words);
      case VENDOR_CLASS -> vendorClass(text);
      case USER_CLASS -> Optional.of(Marks.of(kind, text));
      case MAC -> macPrefix(text).map(prefix -> Marks.of(kind, prefix));
      case CIRCUIT_ID, REMOTE_ID ->
          Optional.of(
              Marks.of(
                  kind,
                  hex(IscExpressionParser.isHex(text) ? IscExpressionParser.hex(text) : text)));
    };
  }

  /** To dnsmasq any part of a vendor class will do; ours is its beginning. */
  private static Optional<Marks> vendorClass(String text) {
    Matcher part = ARCHITECTURE_PART.matcher(text);
    if (part.matches()) {
      return Optional.of(
          Marks.of(
              Marks.Kind.VENDOR_CLASS,
              List.of("PXEClient:" + part.group(1), "HTTPClient:" + part.group(1))));
    }
    return text.startsWith("enterprise:")
        ? Optional.empty()
        : Optional.of(Marks.of(Marks.Kind.VENDOR_CLASS, text));
  }

  private static String hex(String bytes) {
    return HexFormat.of().formatHex(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** {@code option:client-arch,7}, {@code 93,7}, {@code 175}. */
  private static Optional<Marks> match(List<String> words) {
    String option = words.getFirst().replaceFirst("^option:", "").toLowerCase(Locale.ROOT);
    String value = String.join(",", words.subList(1, words.size()));
    return switch (option) {
      case "client-arch", "93" ->
          value.matches("[0-9]{1,5}")
              ? Optional.of(
                  Marks.of(Marks.Kind.ARCHITECTURE, Integer.toString(Integer.parseInt(value))))
              : architectureByName(value);
      case "175", "177" ->
          value.isEmpty() ? Optional.of(Marks.of(Marks.Kind.USER_CLASS, "iPXE")) : Optional.empty();
      case "user-class", "77" ->
          value.isEmpty() ? Optional.empty() : Optional.of(Marks.of(Marks.Kind.USER_CLASS, value));
      case "vendor-class", "60" ->
          value.isEmpty()
              ? Optional.empty()
              : Optional.of(Marks.of(Marks.Kind.VENDOR_CLASS, value));
      default -> Optional.empty();
    };
  }

  /**
   * The names that dnsmasq has for them, dnsmasq(8) {@code --pxe-service}. Firmware for x86-64 says
   * 7 as well as 9, and dnsmasq serves both alike.
   */
  static Optional<Marks> architectureByName(String name) {
    String code =
        switch (name.toLowerCase(Locale.ROOT)) {
          case "x86pc", "0" -> "0";
          case "ia64_efi", "2" -> "2";
          case "ia32_efi", "6" -> "6";
          case "bc_efi", "x86-64_efi", "7", "9" -> "7,9";
          case "xscale_efi", "8" -> "8";
          case "arm32_efi", "10" -> "10";
          case "arm64_efi", "11" -> "11";
          default -> "";
        };
    return code.isEmpty()
        ? Optional.empty()
        : Optional.of(Marks.of(Marks.Kind.ARCHITECTURE, List.of(code.split(",", -1))));
  }

  /** {@code 52:54:00:*:*:*}; Ethernet may be said before it. */
  static Optional<String> macPrefix(String text) {
    String plain = text.toLowerCase(Locale.ROOT).replaceFirst("^0?1-(?=.*:)", "");
    String prefix = plain.replace('-', ':').replaceAll("(:\\*)+$", "");
    return prefix.matches("[0-9a-f]{2}(:[0-9a-f]{2}){0,5}") && plain.matches(".*[:-].*")
        ? Optional.of(prefix)
        : Optional.empty();
  }
}
