package org.krgboot.importers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.krgboot.model.Ipv4;

/** What Kea says to the nodes of a subnet, pool, class or host, and its option-data. */
final class KeaScope {
  private static final Set<String> KEYS =
      Set.of("valid-lifetime", "next-server", "boot-file-name", "server-hostname", "option-data");

  /** Where Kea's names of options are not those of dhcpd. */
  private static final Map<String, String> NAMES =
      Map.of(
          "boot-file-name", "bootfile-name",
          "tftp-server-name", "tftp-server-name",
          "classless-static-route", "option-121",
          "dhcp-renewal-time", "dhcp-renewal-time");

  private final Report report;
  private final IscOptions options = new IscOptions();
  private final Map<String, Integer> defined = new HashMap<>();

  KeaScope(Report report) {
    this.report = report;
  }

  void definitions(List<Tree> definitions) {
    for (Tree each : definitions) {
      String name = each.scalar("name").map(Tree.Scalar::text).orElse("");
      String code = each.scalar("code").map(Tree.Scalar::text).orElse("");
      String type = each.scalar("type").map(Tree.Scalar::text).orElse("binary");
      boolean array = each.scalar("array").filter(it -> it.text().equals("true")).isPresent();
      if (!name.isEmpty() && code.matches("[0-9]{1,3}")) {
        options.define(
            name,
            Integer.parseInt(code),
            OptionType.of(
                IscLexer.tokens("", (array ? "array of " : "") + type(type), new Report())));
        defined.put(name, Integer.parseInt(code));
      }
    }
  }

  private static String type(String type) {
    return switch (type) {
      case "ipv4-address" -> "ip-address";
      case "uint8" -> "unsigned integer 8";
      case "uint16" -> "unsigned integer 16";
      case "uint32" -> "unsigned integer 32";
      case "string" -> "text";
      case "fqdn" -> "domain-name";
      case "boolean" -> "boolean";
      default -> "string";
    };
  }

  boolean takes(String key) {
    return KEYS.contains(key);
  }

  void say(String key, Tree value, Tree all, ScopeDraft scope) {
    String text = Tree.text(value);
    switch (key) {
      case "valid-lifetime" ->
          Durations.say(ScopeKey.LEASE_TIME, text, value.place(), scope, report);
      case "next-server" -> said(ScopeKey.NEXT_SERVER, text, value, scope);
      case "boot-file-name" -> said(ScopeKey.BOOT_FILE, text, value, scope);
      case "server-hostname" -> said(ScopeKey.SERVER_NAME, text, value, scope);
      default -> all.list(key).forEach(option -> option(option, scope));
    }
  }

  private void said(ScopeKey key, String text, Tree value, ScopeDraft scope) {
    if (text.isEmpty() || !Texts.isPlain(text)) {
      report.needless(value.place(), "it says nothing");
    } else if (key == ScopeKey.NEXT_SERVER && !isAddress(text)) {
      report.error(value.place(), "'" + text + "' is not an address");
    } else {
      scope.say(key, text, value.place(), report);
      report.used(value.place(), key.text() + " = " + text);
    }
  }

  private static boolean isAddress(String text) {
    return text.matches("[0-9.]{7,15}")
        && !EthersFile.address(text, new Draft(new Report())).isEmpty();
  }

  private void option(Tree option, ScopeDraft scope) {
    String name = option.scalar("name").map(Tree.Scalar::text).orElse("");
    String code = option.scalar("code").map(Tree.Scalar::text).orElse("");
    String key = name.isEmpty() ? "option-" + code : NAMES.getOrDefault(name, name);
    Optional<IscOptions.Definition> definition = options.find(key);
    String data = option.scalar("data").map(Tree.Scalar::text).orElse("");
    if (definition.isEmpty()) {
      report.ignored(option.place(), "there is no option '" + key + "' here; give its code");
      return;
    }
    boolean binary =
        option.scalar("csv-format").filter(it -> it.text().equals("false")).isPresent();
    try {
      apply(definition.get(), data, binary, option.place(), scope);
    } catch (IllegalArgumentException e) {
      report.error(option.place(), "option " + key + ": " + e.getMessage());
    }
  }

  private void apply(
      IscOptions.Definition definition,
      String data,
      boolean binary,
      Place place,
      ScopeDraft scope) {
    Optional<ScopeKey> key = binary ? Optional.empty() : key(definition.code());
    if (key.isPresent()) {
      known(key.get(), data, place, scope);
      return;
    }
    byte[] octets =
        binary || definition.type().equals(OptionType.OCTETS)
            ? HexFormat.of().parseHex(data.replaceAll("[:\\s]", "").replaceFirst("^0x", ""))
            : definition
                .type()
                .encode(tokens(data), text -> EthersFile.address(text, new Draft(new Report())));
    scope.say(ExtraOption.of(definition.code(), definition.name(), octets));
    report.used(place, "option " + definition.code() + " (" + definition.name() + ")");
  }

  private static List<IscToken> tokens(String data) {
    List<IscToken> tokens = new ArrayList<>();
    for (String part : data.split(",", -1)) {
      tokens.add(new IscToken.Quoted(new Place("", 1), part.strip()));
    }
    return tokens;
  }

  private static Optional<ScopeKey> key(int code) {
    return switch (code) {
      case 3 -> Optional.of(ScopeKey.ROUTERS);
      case 6 -> Optional.of(ScopeKey.DNS);
      case 15 -> Optional.of(ScopeKey.DOMAIN);
      case 17 -> Optional.of(ScopeKey.ROOT_PATH);
      case 42 -> Optional.of(ScopeKey.NTP);
      case 57 -> Optional.of(ScopeKey.MAX_MESSAGE_SIZE);
      case 58 -> Optional.of(ScopeKey.RENEW_TIME);
      case 59 -> Optional.of(ScopeKey.REBIND_TIME);
      case 66 -> Optional.of(ScopeKey.SERVER_NAME);
      case 67 -> Optional.of(ScopeKey.BOOT_FILE);
      default -> Optional.empty();
    };
  }

  private void known(ScopeKey key, String data, Place place, ScopeDraft scope) {
    switch (key) {
      case ROUTERS, DNS, NTP -> {
        List<String> addresses = new ArrayList<>();
        for (String part : data.split(",", -1)) {
          addresses.add(Ipv4.parse(part.strip()).toString());
        }
        scope.say(key, addresses, place, report);
      }
      case RENEW_TIME, REBIND_TIME -> Durations.say(key, data, place, scope, report);
      case ROOT_PATH -> scope.say(key, RootPath.parse(data).path(), place, report);
      default -> scope.say(key, data, place, report);
    }
    report.used(place, key.text() + " = " + data);
  }
}
