package org.krgboot.importers;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/** Kea's {@code option-data} and {@code option-def}, its spaces of inner options among them. */
final class KeaOptions {
  private static final String DHCP4 = "dhcp4";
  private static final int CLASSLESS_ROUTES = 121;

  /** Where Kea's names and types are not dhcpd's; the Kea ARM, "DHCPv4 Standard Options". */
  private static final String STANDARD =
      """
      name-servers 5 array of ip-address
      nwip-domain-name 62 text
      nisplus-domain-name 64 text
      vendor-class-identifier 60 text
      boot-file-name 67 text
      nds-server 85 array of ip-address
      nds-tree-name 86 text
      nds-context 87 text
      client-system 93 array of unsigned integer 16
      client-ndi 94 string
      uuid-guid 97 string
      v4-captive-portal 114 text
      vivco-suboptions 124 string
      vivso-suboptions 125 string
      v4-sztp-redirect 143 string
      v4-dnr 162 string
      classless-static-route 121 string
      """;

  private static final List<IscOptions.Definition> DEFINITIONS = definitions();

  private final Report report;
  private final IscOptions known = new IscOptions();
  private final InnerOptions inner;
  private final Map<String, Integer> carriers = new HashMap<>();

  KeaOptions(Draft draft) {
    this.report = draft.report();
    this.inner = new InnerOptions(draft.global);
    carriers.put("vendor-encapsulated-options-space", 43);
    DEFINITIONS.forEach(each -> known.define(each.name(), each.code(), each.type()));
  }

  private static List<IscOptions.Definition> definitions() {
    List<IscOptions.Definition> all = new ArrayList<>();
    for (String line : STANDARD.lines().toList()) {
      String[] parts = line.split(" ", 3);
      OptionType type = OptionType.of(IscLexer.tokens("", parts[2], new Report()));
      int code = Integer.parseInt(parts[1]);
      all.add(new IscOptions.Definition(IscOptions.DHCP, parts[0], code, type));
    }
    return List.copyOf(all);
  }

  IscOptions known() {
    return known;
  }

  void define(List<Tree> definitions) {
    for (Tree each : definitions) {
      String name = text(each, "name");
      String code = text(each, "code");
      String space = text(each, "space");
      if (name.isEmpty() || !code.matches("[0-9]{1,3}")) {
        report.error(each.place(), "an option has a name and a code");
        continue;
      }
      String full = space.isEmpty() || space.equals(DHCP4) ? name : space + "." + name;
      known.define(full, Integer.parseInt(code), type(each));
      String carried = text(each, "encapsulate");
      if (!carried.isEmpty()) {
        carriers.put(carried, Integer.parseInt(code));
      }
    }
  }

  private static OptionType type(Tree definition) {
    String type = text(definition, "type");
    String written =
        type.equals("record")
            ? "{ " + types(text(definition, "record-types")) + " }"
            : types(type.isEmpty() ? "empty" : type);
    String array = text(definition, "array").equals("true") ? "array of " : "";
    return OptionType.of(IscLexer.tokens("", array + written, new Report()));
  }

  private static String types(String names) {
    List<String> types = new ArrayList<>();
    for (String name : names.split(",", -1)) {
      types.add(
          switch (name.strip()) {
            case "ipv4-address" -> "ip-address";
            case "uint8", "int8" -> "unsigned integer 8";
            case "uint16", "int16" -> "unsigned integer 16";
            case "uint32", "int32" -> "unsigned integer 32";
            case "string" -> "text";
            case "fqdn" -> "domain-name";
            case "boolean" -> "boolean";
            case "binary", "empty" -> "string";
            default -> "unknown";
          });
    }
    return String.join(", ", types);
  }

  private static String text(Tree tree, String key) {
    return tree.scalar(key).map(Tree.Scalar::text).orElse("");
  }

  /** One {@code { "name": ..., "data": ... }}. */
  void say(Tree option, ScopeDraft scope) {
    String space = text(option, "space");
    boolean isInner = !space.isEmpty() && !space.equals(DHCP4);
    String name = text(option, "name");
    String code = text(option, "code");
    String key = name.isEmpty() ? "option-" + code : name;
    Optional<IscOptions.Definition> definition =
        (name.isEmpty() && !isInner && code.matches("[0-9]{1,3}")
                ? known.ofCode(Integer.parseInt(code))
                : known.find(isInner ? space + "." + key : key))
            .or(() ->
                code.matches("[0-9]{1,3}")
                    ? Optional.of(
                        new IscOptions.Definition(
                            space, key, Integer.parseInt(code), OptionType.OCTETS))
                    : Optional.empty());
    if (definition.isEmpty()) {
      report.ignored(option.place(), "there is no option '" + key + "' here; give its code");
    } else if (text(option, "never-send").equals("true")) {
      report.ignored(
          option.place(), "what one part says can be said otherwise, but not taken back");
    } else if (!option.list("client-classes").isEmpty()) {
      report.ignored(option.place(), "an option for some classes only; say it in the classes");
    } else {
      say(option, definition.get(), isInner ? space : "", scope);
    }
  }

  private void say(Tree option, IscOptions.Definition definition, String space, ScopeDraft scope) {
    String data = text(option, "data");
    try {
      if (!space.isEmpty()) {
        inner(option, definition, space, scope);
      } else if (data.isEmpty() && carriers.containsValue(definition.code())) {
        report.used(option.place(), "option " + definition.code() + " carries inner options");
      } else {
        apply(option, definition, data, scope);
      }
    } catch (IllegalArgumentException e) {
      report.error(option.place(), "option " + definition.name() + ": " + e.getMessage());
    }
  }

  private void inner(
      Tree option, IscOptions.Definition definition, String space, ScopeDraft scope) {
    if (!carriers.containsKey(space)) {
      report.ignored(
          option.place(), "options of the space '" + space + "' go out in no option that is known");
      return;
    }
    inner.say(space, definition.code(), octets(option, definition), scope);
    report.used(option.place(), space + " option " + definition.code());
  }

  /** Inner options go out within the option that carries their space. */
  void finish() {
    carriers.forEach((space, code) -> inner.carryAll(space, code));
  }

  private void apply(Tree option, IscOptions.Definition definition, String data, ScopeDraft scope) {
    Place place = option.place();
    byte[] octets = octets(option, definition);
    switch (definition.code()) {
      case 1, 28 -> report.needless(place, "it follows from the subnet");
      case 3 -> said(ScopeKey.ROUTERS, addresses(octets), place, scope);
      case 6 -> said(ScopeKey.DNS, addresses(octets), place, scope);
      case 42 -> said(ScopeKey.NTP, addresses(octets), place, scope);
      case 12 -> report.ignored(place, "it would call several nodes '" + data + "'");
      case 15 -> said(ScopeKey.DOMAIN, text(octets), place, scope);
      case 17 -> said(ScopeKey.ROOT_PATH, List.of(root(octets, place)), place, scope);
      case 66 -> softly(ScopeKey.SERVER_NAME, octets, place, scope);
      case 67 -> softly(ScopeKey.BOOT_FILE, octets, place, scope);
      case 57 -> said(ScopeKey.MAX_MESSAGE_SIZE, number(octets), place, scope);
      case 58 ->
          Durations.say(ScopeKey.RENEW_TIME, number(octets).getFirst(), place, scope, report);
      case 59 ->
          Durations.say(ScopeKey.REBIND_TIME, number(octets).getFirst(), place, scope, report);
      case 50, 51, 52, 53, 54, 55, 56, 61, 82 ->
          report.ignored(place, "this option is the protocol's own and cannot be set");
      default -> {
        ExtraOption made = ExtraOption.of(definition.code(), definition.name(), octets);
        boolean always = text(option, "always-send").equals("true");
        scope.say(always ? made.always() : made);
        report.used(place, "option " + definition.code() + " (" + definition.name() + ")");
      }
    }
  }

  private void said(ScopeKey key, List<String> values, Place place, ScopeDraft scope) {
    if (values.stream().allMatch(Texts::isPlain)) {
      scope.say(key, values, place, report);
      report.used(place, key.text() + " = " + String.join(", ", values));
    } else {
      report.ignored(place, "control characters cannot be sent in a name");
    }
  }

  /** Options 66 and 67 give way to the header's fields, which say the same to the same nodes. */
  private void softly(ScopeKey key, byte[] octets, Place place, ScopeDraft scope) {
    if (scope.says(key) && !scope.value(key).equals(Optional.of(text(octets).getFirst()))) {
      report.conflict(place, key.text() + " is said otherwise already, which holds for both");
    } else {
      said(key, text(octets), place, scope);
    }
  }

  private static List<String> addresses(byte[] octets) {
    if (octets.length % 4 != 0) {
      throw new IllegalArgumentException("an address has four octets");
    }
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < octets.length; i += 4) {
      addresses.add(Ipv4.of(java.util.Arrays.copyOfRange(octets, i, i + 4)).toString());
    }
    return addresses;
  }

  private static List<String> text(byte[] octets) {
    return List.of(Texts.decoded(new String(octets, StandardCharsets.ISO_8859_1)));
  }

  private static List<String> number(byte[] octets) {
    if (octets.length > 4) {
      throw new IllegalArgumentException("the number is too long");
    }
    return List.of(Long.toString(Long.parseLong("0" + HexFormat.of().formatHex(octets), 16)));
  }

  private String root(byte[] octets, Place place) {
    RootPath path = RootPath.parse(text(octets).getFirst());
    if (!path.options().isEmpty()) {
      report.needless(place, "the mount options '" + path.options() + "' are krgboot's own to say");
    }
    return path.path();
  }

  /** As {@code csv-format} says: values of the option's type, or hexadecimal. */
  private byte[] octets(Tree option, IscOptions.Definition definition) {
    String data = text(option, "data");
    boolean plain = !text(option, "csv-format").equals("false");
    if (plain && definition.code() == CLASSLESS_ROUTES && data.indexOf('-') > 0) {
      return routes(data);
    }
    OptionType type = definition.type();
    if (!plain || type.equals(OptionType.OCTETS)) {
      return data.startsWith("'")
          ? data.replaceFirst("^'(.*)'$", "$1").getBytes(StandardCharsets.ISO_8859_1)
          : HexFormat.of().parseHex(data.replaceFirst("^0[xX]", "").replaceAll("[:\\s]", ""));
    }
    if (type.parts().equals(List.of(OptionType.Part.TEXT))) {
      return data.replace("\\,", ",").getBytes(StandardCharsets.UTF_8);
    }
    return type.encode(tokens(data), text -> EthersFile.address(text, new Draft(new Report())));
  }

  private static List<IscToken> tokens(String data) {
    List<IscToken> tokens = new ArrayList<>();
    for (String part : data.split(",", -1)) {
      tokens.add(new IscToken.Quoted(new Place("", 1), part.strip()));
    }
    return tokens;
  }

  /** {@code 10.20.0.0/16 - 10.11.12.254, ...}, RFC 3442. */
  private static byte[] routes(String data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String route : data.split(",", -1)) {
      String[] parts = route.split("-", 2);
      if (parts.length != 2) {
        throw new IllegalArgumentException("a route is NETWORK/LENGTH - ROUTER");
      }
      route(parts[0].strip(), parts[1].strip(), out);
    }
    return out.toByteArray();
  }

  static void route(String network, String router, ByteArrayOutputStream out) {
    Subnet subnet = Subnet.parse(network);
    out.write(subnet.prefixLength());
    out.write(subnet.network().octets(), 0, (subnet.prefixLength() + 7) / 8);
    out.writeBytes(Ipv4.parse(router).octets());
  }
}
