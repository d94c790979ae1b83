package org.krgboot.importers;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes a configuration as ISC's dhcpd.conf, dhcpd.conf(5). */
final class DhcpdWriter {
  private static final Pattern OCTET = Pattern.compile("\\{octet([1-4])}");
  private static final Map<ScopeKey, String> BY_ARCHITECTURE =
      Map.of(
          ScopeKey.BOOT_FILE_UEFI_IA32, "option krgboot-arch = 00:06",
          ScopeKey.BOOT_FILE_UEFI_X64, "option krgboot-arch = 00:07 or option krgboot-arch = 00:09",
          ScopeKey.BOOT_FILE_UEFI_ARM32, "option krgboot-arch = 00:0a",
          ScopeKey.BOOT_FILE_UEFI_ARM64, "option krgboot-arch = 00:0b");

  private final StringBuilder out = new StringBuilder();
  private final Configuration configuration;
  private final List<Unsaid> unsaid = new ArrayList<>();
  private String indent = "";
  private int networks;

  private DhcpdWriter(Configuration configuration) {
    this.configuration = configuration;
  }

  static Exported write(Configuration configuration) {
    DhcpdWriter writer = new DhcpdWriter(configuration);
    writer.all();
    return new Exported(writer.out.toString(), writer.unsaid);
  }

  private void all() {
    line("# written by krgboot export");
    line("option krgboot-arch code 93 = unsigned integer 16;");
    definitions();
    Configuration.Policy policy = configuration.policy();
    line(
        policy.authority() == Configuration.Authority.AUTHORITATIVE
            ? "authoritative;"
            : "not authoritative;");
    // Of one power-on firmware, iPXE, initrd and kernel say different client ids.
    line("ignore-client-uids " + (policy.key() == Configuration.Key.MAC) + ";");
    if (policy.unknown() == Configuration.Unknown.REFUSED) {
      line("deny unknown-clients;");
    }
    if (policy.delivery() == Configuration.Delivery.BROADCAST) {
      line("always-broadcast on;");
    }
    if (policy.probing() == Configuration.Probing.NONE) {
      line("ping-check off;");
    }
    scope(configuration.global());
    configuration.classes().forEach(this::nodeClass);
    configuration.networks().forEach(this::network);
    configuration.hosts().forEach(this::host);
  }

  /** Options that dhcpd has no name for get one, as a string of octets. */
  private void definitions() {
    Map<Integer, ExtraOption> all = new TreeMap<>();
    scopes().forEach(scope -> all.putAll(scope.extra()));
    for (int code : all.keySet()) {
      line("option krgboot-" + code + " code " + code + " = string;");
    }
  }

  private List<Scope> scopes() {
    List<Scope> all = new ArrayList<>(List.of(configuration.global()));
    configuration.classes().forEach(each -> all.add(each.scope()));
    configuration.hosts().forEach(each -> all.add(each.scope()));
    for (Configuration.Network network : configuration.networks()) {
      all.add(network.scope());
      for (Configuration.ServedSubnet subnet : network.subnets()) {
        all.add(subnet.scope());
        subnet.pools().forEach(pool -> all.add(pool.scope()));
      }
    }
    return all;
  }

  private void line(String text) {
    out.append(indent).append(text).append('\n');
  }

  private void open(String text) {
    line(text + " {");
    indent += "  ";
  }

  private void close() {
    indent = indent.substring(2);
    line("}");
  }

  private void scope(Scope scope) {
    scope.said().forEach((key, values) -> said(key, values));
    scope.extra().values().forEach(this::option);
    conditions(scope);
  }

  private void option(ExtraOption option) {
    line("option krgboot-" + option.code() + " " + octets(option.octets()) + ";");
    if (option.sent() == ExtraOption.Sent.ALWAYS) {
      unsaid.add(
          Unsaid.lost(
              "option " + option.code(),
              "dhcpd sends it only to nodes that ask for it, not always"));
    }
  }

  private void said(ScopeKey key, List<String> values) {
    String first = values.isEmpty() ? "" : values.getFirst();
    switch (key) {
      case NEXT_SERVER -> line("next-server " + first + ";");
      case SERVER_NAME -> line("server-name " + quoted(first) + ";");
      case BOOT_FILE -> line("filename " + quoted(first) + ";");
      case ROOT_PATH -> line("option root-path " + quoted(first) + ";");
      case NAME -> name(first);
      case ROUTERS -> addresses("routers", values);
      case DNS -> addresses("domain-name-servers", values);
      case NTP -> addresses("ntp-servers", values);
      case DOMAIN -> line("option domain-name " + quoted(first) + ";");
      case MAX_MESSAGE_SIZE -> line("option dhcp-max-message-size " + first + ";");
      case LEASE_TIME -> {
        line("default-lease-time " + seconds(first) + ";");
        line("max-lease-time " + seconds(first) + ";");
      }
      case RENEW_TIME -> line("option dhcp-renewal-time " + seconds(first) + ";");
      case REBIND_TIME -> line("option dhcp-rebinding-time " + seconds(first) + ";");
      case BOOT_FILE_UEFI_IA32,
          BOOT_FILE_UEFI_X64,
          BOOT_FILE_UEFI_ARM32,
          BOOT_FILE_UEFI_ARM64,
          BOOT_FILE_IPXE -> {}
    }
  }

  private void addresses(String option, List<String> addresses) {
    if (!addresses.isEmpty()) {
      line("option " + option + " " + String.join(", ", addresses) + ";");
    }
  }

  /** What iPXE gets comes first: the first condition that holds is taken. */
  private void conditions(Scope scope) {
    List<String> branches = new ArrayList<>();
    List<String> ipxe = scope.said().getOrDefault(ScopeKey.BOOT_FILE_IPXE, List.of());
    if (!ipxe.isEmpty()) {
      branches.add("option user-class = \"iPXE\" { filename " + quoted(ipxe.getFirst()) + "; }");
    }
    for (ScopeKey key : ScopeKey.values()) {
      List<String> file = scope.said().getOrDefault(key, List.of());
      String condition = BY_ARCHITECTURE.get(key);
      if (condition != null && !file.isEmpty()) {
        branches.add(condition + " { filename " + quoted(file.getFirst()) + "; }");
      }
    }
    for (int i = 0; i < branches.size(); i++) {
      line((i == 0 ? "if " : "elsif ") + branches.get(i));
    }
  }

  private void name(String written) {
    String template = written.replace("{address}", "{octet1}-{octet2}-{octet3}-{octet4}");
    List<String> parts = new ArrayList<>();
    Matcher octet = OCTET.matcher(template);
    int at = 0;
    while (octet.find()) {
      if (octet.start() > at) {
        parts.add(quoted(template.substring(at, octet.start())));
      }
      int index = octet.group(1).charAt(0) - '1';
      parts.add("binary-to-ascii(10, 8, \".\", substring(leased-address, " + index + ", 1))");
      at = octet.end();
    }
    if (at < template.length()) {
      parts.add(quoted(template.substring(at)));
    }
    if (template.replaceAll("\\{octet[1-4]}", "").indexOf('{') >= 0) {
      unsaid.add(
          Unsaid.lost(
              "node-name = " + template,
              "a dhcpd.conf has no words for {mac} and {host} in names"));
    } else {
      line("option host-name = concat(" + String.join(", ", parts) + ");");
    }
  }

  private void nodeClass(Configuration.NodeClass nodeClass) {
    open("class " + quoted(nodeClass.name()));
    line("match if " + condition(nodeClass.marks()) + ";");
    scope(nodeClass.scope());
    close();
  }

  private static String condition(Marks marks) {
    List<String> all = new ArrayList<>();
    for (Marks.Kind kind : Marks.Kind.values()) {
      List<String> any = marks.get(kind).stream().map(value -> comparison(kind, value)).toList();
      if (!any.isEmpty()) {
        all.add("(" + String.join(" or ", any) + ")");
      }
    }
    return String.join(" and ", all);
  }

  private static String comparison(Marks.Kind kind, String value) {
    return switch (kind) {
      case MAC -> "substring(hardware, 1, " + (value.length() + 1) / 3 + ") = " + macs(value);
      case VENDOR_CLASS ->
          "substring(option vendor-class-identifier, 0, " + value.length() + ") = " + quoted(value);
      case USER_CLASS -> "option user-class = " + quoted(value);
      case ARCHITECTURE -> {
        int code = Integer.parseInt(value);
        yield String.format("option krgboot-arch = %02x:%02x", code >> 8, code & 0xff);
      }
      case CIRCUIT_ID -> "option agent.circuit-id = " + octets(value);
      case REMOTE_ID -> "option agent.remote-id = " + octets(value);
    };
  }

  /** A single octet is no list to dhcpd. */
  private static String macs(String value) {
    return value.length() == 2 ? octets(value) : value;
  }

  private void network(Configuration.Network network) {
    boolean shared = network.subnets().size() > 1 || network.name().isPresent();
    if (shared) {
      open("shared-network " + quoted(network.name().orElse("network-" + ++networks)));
      scope(network.scope());
    }
    for (Configuration.ServedSubnet subnet : network.subnets()) {
      open("subnet " + subnet.subnet().network() + " netmask " + subnet.subnet().netmask());
      if (!shared) {
        scope(network.scope());
      }
      scope(subnet.scope());
      subnet.pools().forEach(this::pool);
      close();
    }
    if (shared) {
      close();
    }
  }

  private void pool(Configuration.Pool pool) {
    String range = "range " + pool.range().first() + " " + pool.range().last() + ";";
    if (pool.allow().isEmpty() && pool.deny().isEmpty() && pool.scope().isEmpty()) {
      line(range);
      return;
    }
    open("pool");
    pool.allow().forEach(name -> line("allow " + members(name) + ";"));
    pool.deny().forEach(name -> line("deny " + members(name) + ";"));
    line(range);
    scope(pool.scope());
    close();
  }

  private static String members(String name) {
    return switch (name) {
      case "known" -> "known-clients";
      case "unknown" -> "unknown-clients";
      default -> "members of " + quoted(name);
    };
  }

  private void host(Configuration.Host host) {
    if (host.key() == Configuration.HostKey.DUID) {
      unsaid.add(
          Unsaid.lost(
              "[[host]] " + host.label(),
              "dhcpd knows hosts by their DUID for IPv6 only: " + host.id()));
      return;
    }
    String label =
        host.label().matches("[A-Za-z][A-Za-z0-9_-]*") ? host.label() : "host-" + host.id();
    open("host " + label.replaceAll("[^A-Za-z0-9-]", "-"));
    switch (host.key()) {
      case MAC -> line("hardware ethernet " + host.id() + ";");
      case CLIENT_ID -> line("option dhcp-client-identifier " + octets(host.id()) + ";");
      case CIRCUIT_ID -> line("host-identifier option agent.circuit-id " + octets(host.id()) + ";");
      case REMOTE_ID -> line("host-identifier option agent.remote-id " + octets(host.id()) + ";");
      case DUID -> {}
    }
    host.address().ifPresent(address -> line("fixed-address " + address + ";"));
    host.name().ifPresent(name -> line("option host-name " + quoted(name.text()) + ";"));
    scope(host.scope());
    close();
  }

  private static String seconds(String duration) {
    long count = Long.parseLong(duration.replaceAll("[^0-9]", ""));
    return Long.toString(
        switch (duration.charAt(duration.length() - 1)) {
          case 'm' -> count * 60;
          case 'h' -> count * 3600;
          case 'd' -> count * 86_400;
          default -> count;
        });
  }

  /** A single octet would be taken for a number: it goes in quotes. */
  private static String octets(String hexadecimal) {
    byte[] bytes = HexFormat.of().parseHex(hexadecimal);
    return bytes.length < 2
        ? (bytes.length == 0 ? "\"\"" : String.format("\"\\x%02x\"", bytes[0] & 0xff))
        : HexFormat.ofDelimiter(":").formatHex(bytes);
  }

  /** As the lexer of dhcpd reads it; bytes beyond ASCII are escaped. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (byte each : text.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
      int c = each & 0xff;
      if (c == '"' || c == '\\') {
        quoted.append('\\').append((char) c);
      } else if (c < ' ' || c >= 0x7f) {
        quoted.append(String.format("\\%03o", c));
      } else {
        quoted.append((char) c);
      }
    }
    return quoted.append('"').toString();
  }
}
