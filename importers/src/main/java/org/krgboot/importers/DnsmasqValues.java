package org.krgboot.importers;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.krgboot.model.Ipv4;

/**
 * How dnsmasq writes the values of options: by the type of those that it knows, else it is guessed
 * from the form, dnsmasq(8) {@code --dhcp-option}.
 */
final class DnsmasqValues {
  /** dnsmasq's names of options, {@code dnsmasq --help dhcp}. */
  private static final Map<String, Integer> CODES =
      Map.ofEntries(
          Map.entry("netmask", 1),
          Map.entry("time-offset", 2),
          Map.entry("router", 3),
          Map.entry("dns-server", 6),
          Map.entry("log-server", 7),
          Map.entry("lpr-server", 9),
          Map.entry("hostname", 12),
          Map.entry("boot-file-size", 13),
          Map.entry("domain-name", 15),
          Map.entry("swap-server", 16),
          Map.entry("root-path", 17),
          Map.entry("extension-path", 18),
          Map.entry("ip-forward-enable", 19),
          Map.entry("non-local-source-routing", 20),
          Map.entry("policy-filter", 21),
          Map.entry("max-datagram-reassembly", 22),
          Map.entry("default-ttl", 23),
          Map.entry("mtu", 26),
          Map.entry("all-subnets-local", 27),
          Map.entry("broadcast", 28),
          Map.entry("router-discovery", 31),
          Map.entry("router-solicitation", 32),
          Map.entry("static-route", 33),
          Map.entry("trailer-encapsulation", 34),
          Map.entry("arp-timeout", 35),
          Map.entry("ethernet-encap", 36),
          Map.entry("tcp-ttl", 37),
          Map.entry("tcp-keepalive", 38),
          Map.entry("nis-domain", 40),
          Map.entry("nis-server", 41),
          Map.entry("ntp-server", 42),
          Map.entry("vendor-encap", 43),
          Map.entry("netbios-ns", 44),
          Map.entry("netbios-dd", 45),
          Map.entry("netbios-nodetype", 46),
          Map.entry("netbios-scope", 47),
          Map.entry("x-windows-fs", 48),
          Map.entry("x-windows-dm", 49),
          Map.entry("max-message-size", 57),
          Map.entry("T1", 58),
          Map.entry("T2", 59),
          Map.entry("vendor-class", 60),
          Map.entry("nis+-domain", 64),
          Map.entry("nis+-server", 65),
          Map.entry("tftp-server", 66),
          Map.entry("server-name", 66),
          Map.entry("bootfile-name", 67),
          Map.entry("mobile-ip-home", 68),
          Map.entry("smtp-server", 69),
          Map.entry("pop3-server", 70),
          Map.entry("nntp-server", 71),
          Map.entry("irc-server", 74),
          Map.entry("user-class", 77),
          Map.entry("posix-timezone", 100),
          Map.entry("tzdb-timezone", 101),
          Map.entry("ipv6-only", 108),
          Map.entry("captive-portal", 114),
          Map.entry("domain-search", 119),
          Map.entry("sip-server", 120),
          Map.entry("classless-static-route", 121),
          Map.entry("tftp-server-address", 150),
          Map.entry("server-ip-address", 255));

  private static final Set<Integer> TEXTS =
      Set.of(14, 18, 40, 47, 60, 64, 77, 100, 101, 114, 209, 210, 252);

  /** How many octets a number has. */
  private static final Map<Integer, Integer> WIDTHS =
      Map.ofEntries(
          Map.entry(2, 4),
          Map.entry(13, 2),
          Map.entry(19, 1),
          Map.entry(20, 1),
          Map.entry(22, 2),
          Map.entry(23, 1),
          Map.entry(26, 2),
          Map.entry(27, 1),
          Map.entry(31, 1),
          Map.entry(34, 1),
          Map.entry(35, 4),
          Map.entry(36, 1),
          Map.entry(37, 1),
          Map.entry(38, 4),
          Map.entry(46, 1),
          Map.entry(108, 4),
          Map.entry(211, 4));

  private DnsmasqValues() {}

  static Optional<Integer> code(String name) {
    return name.matches("[0-9]{1,3}")
        ? Optional.of(Integer.parseInt(name))
        : Optional.ofNullable(CODES.get(name));
  }

  /** What goes out of a value of an option. */
  static byte[] encode(int code, List<DnsmasqLines.Word> words, Draft draft) {
    List<String> texts = words.stream().map(DnsmasqLines.Word::text).toList();
    String text = String.join(",", texts);
    if (TEXTS.contains(code)) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    return switch (code) {
      case 119 -> names(texts);
      case 120 -> servers(texts, draft);
      case 121, 249 -> routes(texts);
      default ->
          WIDTHS.containsKey(code) && text.matches("[0-9]+")
              ? number(text, WIDTHS.getOrDefault(code, 1))
              : guessed(words, draft);
    };
  }

  /** An option within another has no type that is known. */
  static byte[] inner(List<DnsmasqLines.Word> words, Draft draft) {
    return guessed(words, draft);
  }

  private static byte[] guessed(List<DnsmasqLines.Word> words, Draft draft) {
    String text = String.join(",", words.stream().map(DnsmasqLines.Word::text).toList());
    boolean quoted = words.stream().anyMatch(word -> word.form() == DnsmasqLines.Form.QUOTED);
    if (quoted) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    if (text.matches("[0-9.]+(,[0-9.]+)*") && text.indexOf('.') > 0) {
      return addresses(List.of(text.split(",", -1)), draft);
    }
    if (text.matches("[0-9]+[bsi]?")) {
      return number(text);
    }
    if (text.matches("[0-9a-fA-F]{2}") || IscExpressionParser.isHex(text)) {
      return IscExpressionParser.hex(text).getBytes(StandardCharsets.ISO_8859_1);
    }
    if (text.matches("[0-9]{1,3}(,[0-9]{1,3})+")) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (String each : text.split(",", -1)) {
        out.writeBytes(number(each, 1));
      }
      return out.toByteArray();
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** As wide as it must be, or as the letter behind it says. */
  private static byte[] number(String text) {
    String digits = text.replaceAll("[bsi]", "");
    long value = digits.length() > 10 ? Long.MAX_VALUE : Long.parseLong(digits);
    int width =
        text.endsWith("i") || value > 0xffff ? 4 : text.endsWith("s") || value > 0xff ? 2 : 1;
    return number(digits, text.endsWith("b") ? 1 : width);
  }

  private static byte[] number(String digits, int width) {
    long value = digits.length() > 10 ? Long.MAX_VALUE : Long.parseLong(digits);
    if (value >= 1L << (8 * width)) {
      throw new IllegalArgumentException(digits + " needs more than " + width + " octets");
    }
    byte[] octets = new byte[width];
    for (int i = 0; i < width; i++) {
      octets[i] = (byte) (value >> (8 * (width - 1 - i)));
    }
    return octets;
  }

  private static byte[] addresses(List<String> texts, Draft draft) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String text : texts) {
      Ipv4 address =
          EthersFile.address(text, draft)
              .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not an address"));
      if (address.bits() == 0) {
        throw new IllegalArgumentException(
            "0.0.0.0 is the server's own address, which is not known here; write it");
      }
      out.writeBytes(address.octets());
    }
    return out.toByteArray();
  }

  /** RFC 3397, without compression. */
  private static byte[] names(List<String> texts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    texts.forEach(text -> out.writeBytes(OptionType.domain(text)));
    return out.toByteArray();
  }

  /** RFC 3361: names behind a 0, addresses behind a 1. */
  private static byte[] servers(List<String> texts, Draft draft) {
    boolean named = texts.stream().anyMatch(text -> !text.matches("[0-9.]+"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(named ? 0 : 1);
    out.writeBytes(named ? names(texts) : addresses(texts, draft));
    return out.toByteArray();
  }

  /** {@code 10.20.0.0/16,10.11.12.254}, RFC 3442. */
  private static byte[] routes(List<String> texts) {
    if (texts.size() % 2 != 0) {
      throw new IllegalArgumentException("routes are NETWORK/LENGTH,ROUTER");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < texts.size(); i += 2) {
      KeaOptions.route(texts.get(i), texts.get(i + 1), out);
    }
    return out.toByteArray();
  }
}
