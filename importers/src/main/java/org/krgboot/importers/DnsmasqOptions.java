package org.krgboot.importers;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.krgboot.model.Ipv4;

/** {@code dhcp-option}, {@code dhcp-boot} and {@code pxe-service} of dnsmasq. */
final class DnsmasqOptions {
  /** dnsmasq's names of options, {@code dnsmasq --help dhcp}. */
  private static final Map<String, Integer> CODES =
      Map.ofEntries(
          Map.entry("netmask", 1),
          Map.entry("time-offset", 2),
          Map.entry("router", 3),
          Map.entry("dns-server", 6),
          Map.entry("log-server", 7),
          Map.entry("lpr-server", 9),
          Map.entry("boot-file-size", 13),
          Map.entry("domain-name", 15),
          Map.entry("swap-server", 16),
          Map.entry("root-path", 17),
          Map.entry("mtu", 26),
          Map.entry("broadcast", 28),
          Map.entry("static-route", 33),
          Map.entry("nis-domain", 40),
          Map.entry("nis-server", 41),
          Map.entry("ntp-server", 42),
          Map.entry("vendor-encap", 43),
          Map.entry("netbios-ns", 44),
          Map.entry("T1", 58),
          Map.entry("T2", 59),
          Map.entry("vendor-class", 60),
          Map.entry("tftp-server", 66),
          Map.entry("server-name", 66),
          Map.entry("bootfile-name", 67),
          Map.entry("domain-search", 119),
          Map.entry("classless-static-route", 121),
          Map.entry("tftp-server-address", 150));

  private final Draft draft;
  private final Report report;
  private final DnsmasqTags tags;

  DnsmasqOptions(Draft draft, DnsmasqTags tags) {
    this.draft = draft;
    this.report = draft.report();
    this.tags = tags;
  }

  /** The scope of a line's tags, which are then gone from its words. */
  private Optional<ScopeDraft> scope(Place place, List<String> words) {
    List<String> named = new ArrayList<>();
    while (!words.isEmpty() && words.getFirst().matches("(tag|net):.*")) {
      named.add(words.removeFirst().substring(4));
    }
    List<String> positive = named.stream().filter(tag -> !tag.startsWith("!")).toList();
    if (positive.isEmpty()) {
      return Optional.of(draft.global); // what is not of a tag is of all others
    }
    if (positive.size() < named.size()) {
      report.needless(place, "what a class says wins over what all others are told");
    }
    Optional<ScopeDraft> scope = tags.scope(positive, place);
    if (scope.isEmpty()) {
      report.ignored(
          place,
          "the tag "
              + String.join(", ", positive)
              + " is set by nothing that is read, or by too much");
    }
    return scope;
  }

  private static List<String> words(String value) {
    List<String> words = new ArrayList<>();
    Arrays.stream(value.split(",", -1)).map(String::strip).forEach(words::add);
    return words;
  }

  void option(Place place, String value) {
    List<String> words = words(value);
    Optional<ScopeDraft> scope = scope(place, words);
    if (scope.isEmpty() || words.isEmpty()) {
      return;
    }
    String name = words.removeFirst().replaceFirst("^option:", "");
    if (name.startsWith("vendor:")
        || name.startsWith("encap:")
        || name.startsWith("option6:")
        || name.startsWith("vi-encap:")) {
      report.ignored(place, "options within options are set by hand");
      return;
    }
    Optional<Integer> code =
        name.matches("[0-9]{1,3}")
            ? Optional.of(Integer.parseInt(name))
            : Optional.ofNullable(CODES.get(name));
    if (code.isEmpty()) {
      report.ignored(place, "the option '" + name + "' is not known; give its number");
    } else {
      apply(code.get(), words, place, scope.get());
    }
  }

  private void apply(int code, List<String> values, Place place, ScopeDraft scope) {
    String first = values.isEmpty() ? "" : unquoted(values.getFirst());
    switch (code) {
      case 1, 28 -> report.needless(place, "it follows from the subnet");
      case 3 -> addresses(ScopeKey.ROUTERS, values, place, scope);
      case 6 -> addresses(ScopeKey.DNS, values, place, scope);
      case 42 -> addresses(ScopeKey.NTP, values, place, scope);
      case 15 -> text(ScopeKey.DOMAIN, first, place, scope);
      case 17 ->
          text(ScopeKey.ROOT_PATH, RootPath.parse(String.join(",", values)).path(), place, scope);
      case 66 -> text(ScopeKey.SERVER_NAME, first, place, scope);
      case 67 -> text(ScopeKey.BOOT_FILE, first, place, scope);
      case 58 -> Durations.say(ScopeKey.RENEW_TIME, first, place, scope, report);
      case 59 -> Durations.say(ScopeKey.REBIND_TIME, first, place, scope, report);
      case 51 -> Durations.say(ScopeKey.LEASE_TIME, first, place, scope, report);
      case 50, 52, 53, 54, 55, 56, 61, 80, 82 ->
          report.ignored(place, "this option is the protocol's own and cannot be set");
      default -> bytes(code, values, place, scope);
    }
  }

  private static String unquoted(String text) {
    return text.replaceFirst("^\"(.*)\"$", "$1");
  }

  private void addresses(ScopeKey key, List<String> values, Place place, ScopeDraft scope) {
    List<String> addresses = new ArrayList<>();
    for (String value : values) {
      if (value.equals("0.0.0.0")) {
        report.ignored(place, "the server's own address is not known yet; write it");
        return;
      }
      Optional<Ipv4> address = EthersFile.address(value, draft);
      if (address.isEmpty() && !value.isEmpty()) {
        report.error(place, "'" + value + "' is not an address");
        return;
      }
      address.map(Ipv4::toString).ifPresent(addresses::add);
    }
    scope.say(key, addresses, place, report);
    report.used(place, key.text() + " = " + String.join(", ", addresses));
  }

  private void text(ScopeKey key, String text, Place place, ScopeDraft scope) {
    scope.say(key, text, place, report);
    report.used(place, key.text() + " = " + text);
  }

  /** dnsmasq guesses the type from the value's form; so do we, dnsmasq(8). */
  private void bytes(int code, List<String> values, Place place, ScopeDraft scope) {
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    for (String value : values) {
      Optional<Ipv4> address =
          value.matches("[0-9.]{7,15}") ? EthersFile.address(value, draft) : Optional.empty();
      if (address.isPresent()) {
        out.writeBytes(address.get().octets());
      } else if (value.matches("[0-9]{1,3}") && Integer.parseInt(value) < 256) {
        out.write(Integer.parseInt(value));
      } else if (value.matches("[0-9]{1,5}") && code == 26 && Integer.parseInt(value) < 65_536) {
        out.write(Integer.parseInt(value) >> 8);
        out.write(Integer.parseInt(value));
      } else if (IscExpressionParser.isHex(value)) {
        out.writeBytes(IscExpressionParser.hex(value).getBytes(StandardCharsets.ISO_8859_1));
      } else {
        out.writeBytes(unquoted(value).getBytes(StandardCharsets.UTF_8));
      }
    }
    scope.say(ExtraOption.of(code, "option-" + code, out.toByteArray()));
    report.used(place, "option " + code);
  }

  /** {@code [tag:x,]FILE[,SERVERNAME[,ADDRESS]]}. */
  void boot(Place place, String value) {
    List<String> words = words(value);
    scope(place, words)
        .ifPresent(scope -> {
          if (!words.isEmpty() && !words.getFirst().isEmpty()) {
            text(ScopeKey.BOOT_FILE, unquoted(words.getFirst()), place, scope);
          }
          if (words.size() > 1 && !words.get(1).isEmpty()) {
            text(ScopeKey.SERVER_NAME, unquoted(words.get(1)), place, scope);
          }
          if (words.size() > 2 && !words.get(2).isEmpty()) {
            EthersFile.address(words.get(2), draft)
                .ifPresentOrElse(
                    address -> text(ScopeKey.NEXT_SERVER, address.toString(), place, scope),
                    () -> report.ignored(place, "'" + words.get(2) + "' is not a known address"));
          }
        });
  }

  /** {@code [tag:x,]CSA,"TEXT",FILE}: of the menu the boot file of an architecture is taken. */
  void pxeService(Place place, String value) {
    List<String> words = words(value);
    Optional<ScopeDraft> scope = scope(place, words);
    if (scope.isEmpty() || words.size() < 3) {
      report.ignored(place, "a menu entry without a file has no meaning here");
      return;
    }
    Optional<Marks> architecture = DnsmasqTags.architectureByName(words.getFirst());
    String file = words.get(2);
    if (architecture.isEmpty() || file.matches("[0-9]+")) {
      report.ignored(place, "no boot file is taken from this menu entry");
    } else if (words.getFirst().equalsIgnoreCase("x86PC")) {
      text(ScopeKey.BOOT_FILE, file.endsWith(".0") ? file : file + ".0", place, scope.get());
    } else {
      ScopeDraft own = new ScopeDraft();
      draft.classes.add(
          new Draft.ClassDraft(
              place,
              words.getFirst(),
              architecture.get(),
              own,
              Optional.empty(),
              Draft.Origin.CLASS,
              Optional.of(scope.get())));
      text(ScopeKey.BOOT_FILE, file, place, own);
    }
  }
}
