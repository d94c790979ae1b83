package org.krgboot.importers;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The options that a dhcpd.conf can name: dhcpd's own, dhcp-options(5), and those it defines. */
final class IscOptions {
  /** An option with its code; {@code space} is dhcp for those that go out by themselves. */
  record Definition(String space, String name, int code, OptionType type) {}

  static final String DHCP = "dhcp";
  static final String AGENT = "agent";

  /** Name, code and type of each; the types are those of dhcp-options(5). */
  private static final String STANDARD =
      """
      subnet-mask 1 ip-address
      time-offset 2 signed integer 32
      routers 3 array of ip-address
      time-servers 4 array of ip-address
      ien116-name-servers 5 array of ip-address
      domain-name-servers 6 array of ip-address
      log-servers 7 array of ip-address
      cookie-servers 8 array of ip-address
      lpr-servers 9 array of ip-address
      impress-servers 10 array of ip-address
      resource-location-servers 11 array of ip-address
      host-name 12 text
      boot-size 13 unsigned integer 16
      merit-dump 14 text
      domain-name 15 text
      swap-server 16 ip-address
      root-path 17 text
      extensions-path 18 text
      ip-forwarding 19 boolean
      non-local-source-routing 20 boolean
      policy-filter 21 array of { ip-address, ip-address }
      max-dgram-reassembly 22 unsigned integer 16
      default-ip-ttl 23 unsigned integer 8
      path-mtu-aging-timeout 24 unsigned integer 32
      path-mtu-plateau-table 25 array of unsigned integer 16
      interface-mtu 26 unsigned integer 16
      all-subnets-local 27 boolean
      broadcast-address 28 ip-address
      perform-mask-discovery 29 boolean
      mask-supplier 30 boolean
      router-discovery 31 boolean
      router-solicitation-address 32 ip-address
      static-routes 33 array of { ip-address, ip-address }
      trailer-encapsulation 34 boolean
      arp-cache-timeout 35 unsigned integer 32
      ieee802-3-encapsulation 36 boolean
      default-tcp-ttl 37 unsigned integer 8
      tcp-keepalive-interval 38 unsigned integer 32
      tcp-keepalive-garbage 39 boolean
      nis-domain 40 text
      nis-servers 41 array of ip-address
      ntp-servers 42 array of ip-address
      vendor-encapsulated-options 43 string
      netbios-name-servers 44 array of ip-address
      netbios-dd-server 45 array of ip-address
      netbios-node-type 46 unsigned integer 8
      netbios-scope 47 text
      font-servers 48 array of ip-address
      x-display-manager 49 array of ip-address
      dhcp-requested-address 50 ip-address
      dhcp-lease-time 51 unsigned integer 32
      dhcp-option-overload 52 unsigned integer 8
      dhcp-message-type 53 unsigned integer 8
      dhcp-server-identifier 54 ip-address
      dhcp-parameter-request-list 55 array of unsigned integer 8
      dhcp-message 56 text
      dhcp-max-message-size 57 unsigned integer 16
      dhcp-renewal-time 58 unsigned integer 32
      dhcp-rebinding-time 59 unsigned integer 32
      vendor-class-identifier 60 string
      dhcp-class-identifier 60 string
      dhcp-client-identifier 61 string
      nwip-domain 62 string
      nwip-suboptions 63 string
      nisplus-domain 64 text
      nisplus-servers 65 array of ip-address
      tftp-server-name 66 text
      bootfile-name 67 text
      mobile-ip-home-agent 68 array of ip-address
      smtp-server 69 array of ip-address
      pop-server 70 array of ip-address
      nntp-server 71 array of ip-address
      www-server 72 array of ip-address
      finger-server 73 array of ip-address
      irc-server 74 array of ip-address
      streettalk-server 75 array of ip-address
      streettalk-directory-assistance-server 76 array of ip-address
      user-class 77 string
      dhcp-user-class 77 string
      slp-directory-agent 78 string
      slp-service-scope 79 string
      nds-servers 85 array of ip-address
      nds-tree-name 86 string
      nds-context 87 string
      bcms-controller-names 88 domain-list
      bcms-controller-address 89 array of ip-address
      client-last-transaction-time 91 unsigned integer 32
      associated-ip 92 array of ip-address
      pxe-system-type 93 array of unsigned integer 16
      pxe-interface-id 94 string
      pxe-client-id 97 string
      uap-servers 98 text
      geoconf-civic 99 string
      pcode 100 text
      tcode 101 text
      v6-only-preferred 108 unsigned integer 32
      netinfo-server-address 112 array of ip-address
      netinfo-server-tag 113 text
      default-url 114 text
      auto-config 116 unsigned integer 8
      name-service-search 117 array of unsigned integer 16
      subnet-selection 118 ip-address
      domain-search 119 domain-list
      vivco 124 string
      vivso 125 string
      pana-agent 136 array of ip-address
      v4-lost 137 domain-name
      capwap-ac-v4 138 array of ip-address
      sip-ua-cs-domains 141 domain-list
      rdnss-selection 146 string
      tftp-server-address 150 array of ip-address
      v4-portparams 159 string
      v4-captive-portal 160 text
      loader-configfile 209 text
      loader-pathprefix 210 text
      loader-reboottime 211 unsigned integer 32
      option-6rd 212 string
      v4-access-domain 213 domain-name
      """;

  private static final Map<String, Definition> BUILT_IN = builtIn();

  private final Map<String, Definition> defined = new HashMap<>();

  private static Map<String, Definition> builtIn() {
    Map<String, Definition> all = new HashMap<>();
    for (String line : STANDARD.lines().toList()) {
      String[] parts = line.split(" ", 3);
      List<IscToken> type = IscLexer.tokens("", parts[2], new Report());
      put(all, new Definition(DHCP, parts[0], Integer.parseInt(parts[1]), OptionType.of(type)));
    }
    put(all, new Definition(AGENT, "circuit-id", 1, OptionType.OCTETS));
    put(all, new Definition(AGENT, "remote-id", 2, OptionType.OCTETS));
    put(all, new Definition("gpxe", "bus-id", 177, OptionType.OCTETS));
    return Map.copyOf(all);
  }

  private static void put(Map<String, Definition> all, Definition one) {
    all.put(one.space().equals(DHCP) ? one.name() : one.space() + "." + one.name(), one);
  }

  /** Takes a definition; one of dhcpd's own may be defined again. */
  void define(String fullName, int code, OptionType type) {
    int dot = fullName.lastIndexOf('.');
    String space = dot < 0 ? DHCP : fullName.substring(0, dot);
    put(defined, new Definition(space, fullName.substring(dot + 1), code, type));
  }

  Optional<Definition> find(String name) {
    String key = name.startsWith("dhcp.") ? name.substring("dhcp.".length()) : name;
    Definition own = defined.get(key);
    if (own != null) {
      return Optional.of(own);
    }
    if (key.matches("(option|unknown)-[0-9]{1,3}")) {
      int code = Integer.parseInt(key.substring(key.indexOf('-') + 1));
      return Optional.of(new Definition(DHCP, key, code, OptionType.OCTETS));
    }
    return Optional.ofNullable(BUILT_IN.get(key));
  }

  /** One that goes out by itself, by its code. */
  Optional<Definition> ofCode(int code) {
    return Stream.concat(defined.values().stream(), BUILT_IN.values().stream())
        .filter(each -> each.code() == code && each.space().equals(DHCP))
        .findFirst();
  }

  /** The code of an option that goes out by itself; empty for those of another space. */
  Optional<Integer> code(String name) {
    return find(name).filter(found -> found.space().equals(DHCP)).map(Definition::code);
  }
}
