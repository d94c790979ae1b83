package org.krgboot.importers;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Statements of dhcpd.conf(5) that have no counterpart here, and why that is. */
final class IscNeedless {
  private static final String DNS = "krgboot does not update DNS";
  private static final String LOG = "logging is set up for the whole daemon";
  private static final String STATE = "leases are in krgboot's own state, on disk before an answer";
  private static final String CONTROL = "the daemon is asked by its own commands";
  private static final String IPV6 = "IPv6 is not served";

  /** Nothing is lost without them. */
  static final Map<String, String> REASONS = reasons();

  /** Nodes may notice that they are gone. */
  private static final Map<String, String> LOSSES =
      Map.ofEntries(
          Map.entry("min-secs", "every node is answered at once"),
          Map.entry("lease", "classes have no limit of leases"),
          Map.entry("site-option-space", "options of a site's own space are not sent"),
          Map.entry("use-lease-addr-for-default-route", "no node is its own router"),
          Map.entry("get-lease-hostnames", "names are not looked up in DNS"),
          Map.entry("dynamic-bootp-lease-cutoff", "BOOTP clients are not answered"),
          Map.entry("failover", "there is no failover; one krgboot serves all addresses"),
          Map.entry("fixed-address6", IPV6),
          Map.entry("range6", IPV6),
          Map.entry("prefix6", IPV6),
          Map.entry("fixed-prefix6", IPV6),
          Map.entry("parse-vendor-option", "options of a vendor's are not looked into"),
          Map.entry("add", "a node is in a class by its marks only"),
          Map.entry("local-port", "set the port with dhcp.port"),
          Map.entry("local-address", "set the address with server.listen"));

  private IscNeedless() {}

  private static Map<String, String> reasons() {
    Map<String, String> all = new HashMap<>();
    for (String name :
        new String[] {
          "ddns-update-style",
          "ddns-updates",
          "ddns-hostname",
          "ddns-domainname",
          "ddns-rev-domainname",
          "ddns-ttl",
          "ddns-dual-stack-mixed-mode",
          "ddns-guard-id-must-match",
          "ddns-local-address4",
          "ddns-local-address6",
          "ddns-other-guard-is-dynamic",
          "do-forward-updates",
          "do-reverse-updates",
          "update-conflict-detection",
          "update-optimization",
          "update-static-leases",
          "client-updates"
        }) {
      all.put(name, DNS);
    }
    for (String name : new String[] {"log-facility", "log-threshold-high", "log-threshold-low"}) {
      all.put(name, LOG);
    }
    for (String name :
        new String[] {
          "lease-file-name",
          "pid-file-name",
          "db-time-format",
          "dont-use-fsync",
          "delayed-ack",
          "max-ack-delay",
          "lease-id-format",
          "dhcpv6-lease-file-name",
          "dhcpv6-pid-file-name"
        }) {
      all.put(name, STATE);
    }
    for (String name : new String[] {"omapi-port", "omapi-key", "omapi-address"}) {
      all.put(name, CONTROL);
    }
    addIpv6(all);
    addBehaviour(all);
    return Map.copyOf(all);
  }

  private static void addIpv6(Map<String, String> all) {
    for (String name :
        new String[] {
          "dhcpv6-set-tee-times",
          "prefix-length-mode",
          "use-eui-64",
          "do-ns-updates",
          "server-duid",
          "release-on-roam"
        }) {
      all.put(name, IPV6);
    }
  }

  private static void addBehaviour(Map<String, String> all) {
    all.put("one-lease-per-client", "a node has one lease here");
    all.put("echo-client-id", "a client id is always sent back, RFC 6842");
    all.put("ping-timeout", "an address that is tried has half a second to answer");
    all.put("ping-timeout-ms", "an address that is tried has half a second to answer");
    all.put("ping-cltt-secs", "an address that its node had within the hour is not tried");
    all.put("stash-agent-options", "the relay's option is sent back with every answer");
    all.put("server-id-check", "a request to another server is never answered, RFC 2131");
    all.put("server-identifier", "krgboot names its own address on the node's network");
    all.put("adaptive-lease-time-threshold", "lease times do not change with the load");
    all.put("always-reply-rfc1048", "BOOTP clients are not answered; boot ROMs use DHCP");
    all.put("dynamic-bootp-lease-length", "BOOTP clients are not answered; boot ROMs use DHCP");
    all.put("dhcp-cache-threshold", "every lease is renewed when a node asks");
    all.put("abandon-lease-time", "an address that a node declines rests for a while");
    all.put("infinite-is-reserved", "reserve an address by naming its host");
    all.put("check-secs-byte-order", "it is of use with failover only");
    all.put("remote-port", "nodes are answered where they listen");
    all.put("limited-broadcast-address", "broadcasts go to 255.255.255.255");
    all.put("persist-eui-64-leases", IPV6);
    all.put("ignore-client-id", "a node is known by its MAC address here");
  }

  static Optional<String> reason(String name) {
    return Optional.ofNullable(REASONS.get(name));
  }

  static Optional<String> loss(String name) {
    return Optional.ofNullable(LOSSES.get(name));
  }
}
