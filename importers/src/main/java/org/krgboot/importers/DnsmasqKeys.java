package org.krgboot.importers;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Settings of dnsmasq's that have no counterpart here, and why that is. */
final class DnsmasqKeys {
  private static final String DNS = "krgboot does not answer DNS; keep dnsmasq for that";
  private static final String SPEED = "the daemon decides that";

  private static final Map<String, String> NEEDLESS = needless();

  private static final Map<String, String> LOSSES =
      Map.ofEntries(
          Map.entry("dhcp-script", "krgboot runs no program for a lease"),
          Map.entry("dhcp-luascript", "krgboot runs no program for a lease"),
          Map.entry("dhcp-relay", "there is no relay here"),
          Map.entry("dhcp-split-relay", "there is no relay here"),
          Map.entry("dhcp-proxy", "a relay's address is not looked into"),
          Map.entry("shared-network", "write the subnets of one wire into one [[dhcp.network]]"),
          Map.entry("dhcp-alternate-port", "clients of other ports are not answered"),
          Map.entry("dhcp-reply-delay", "nodes are answered at once"),
          Map.entry("dhcp-name-match", "nodes are not told apart by the name that they say"),
          Map.entry("dhcp-subscrid", "the subscriber id of a relay is no mark of a class"),
          Map.entry("dhcp-pxe-vendor", "PXE clients say PXEClient"),
          Map.entry("tftp-lowercase", "names of files are taken as they are asked"),
          Map.entry("dhcp-generate-names", "say how nodes are called as node-name"));

  private DnsmasqKeys() {}

  private static Map<String, String> needless() {
    Map<String, String> all = new HashMap<>();
    put(all, DNS, "server", "address", "local", "no-resolv", "no-hosts", "expand-hosts");
    put(all, DNS, "domain-needed", "bogus-priv", "cache-size", "port", "resolv-file", "local-ttl");
    put(all, DNS, "addn-hosts", "hostsdir", "strict-order", "no-poll", "cname", "host-record");
    put(all, DNS, "txt-record", "ptr-record", "srv-host", "mx-host", "mx-target", "localmx");
    put(all, DNS, "selfmx", "naptr-record", "localise-queries", "filterwin2k", "neg-ttl");
    put(all, DNS, "stop-dns-rebind", "rebind-localhost-ok", "rebind-domain-ok", "all-servers");
    put(all, DNS, "no-negcache", "rev-server", "servers-file", "bogus-nxdomain", "ignore-address");
    put(all, DNS, "filter-A", "filter-AAAA", "max-ttl", "min-cache-ttl", "max-cache-ttl", "ipset");
    put(all, DNS, "nftset", "interface-name", "synth-domain", "clear-on-reload", "query-port");
    put(all, DNS, "edns-packet-max", "proxy-dnssec", "conntrack", "fast-dns-retry", "alias");
    put(all, DNS, "trust-anchor", "add-mac", "add-subnet", "local-service", "use-stale-cache");
    put(all, "krgboot listens where its networks are", "listen-address", "interface");
    put(all, "krgboot listens where its networks are", "bind-interfaces", "bind-dynamic");
    put(all, "krgboot listens where its networks are", "except-interface", "no-dhcp-interface");
    put(all, "krgboot listens where its networks are", "bridge-interface");
    put(all, "what happens is in its journal", "log-dhcp", "log-queries", "log-facility");
    put(all, "what happens is in its journal", "quiet-dhcp", "quiet-tftp", "log-async");
    put(all, "what happens is in its journal", "log-debug", "quiet-ra", "quiet-dhcp6");
    put(all, SPEED, "user", "group", "pid-file", "no-daemon", "keep-in-foreground", "log-malloc");
    put(all, SPEED, "tftp-max", "tftp-mtu", "tftp-port-range", "tftp-single-port");
    put(all, SPEED, "dhcp-lease-max", "dhcp-sequential-ip", "dhcp-ttl", "enable-dbus");
    put(all, "leases are in krgboot's own state", "dhcp-leasefile", "leasefile-ro");
    put(all, "leases are in krgboot's own state", "script-on-renewal", "dhcp-scriptuser");
    put(all, "files must be readable by all, whoever owns them", "tftp-secure");
    put(all, "a node gets the block size that it asks for, RFC 2348", "tftp-no-blocksize");
    put(all, "a missing directory is told at the start", "tftp-no-fail");
    put(all, "the header's fields carry no options", "dhcp-no-override");
    put(all, "BOOTP clients are not answered; boot ROMs use DHCP", "bootp-dynamic");
    put(all, "IPv6 is not served", "enable-ra", "ra-param", "dhcp-duid", "slaac");
    put(all, "there is no menu before the boot loader", "pxe-prompt");
    put(all, "TFTP is served", "enable-tftp");
    put(all, "a node is called by node-name, whatever it says", "dhcp-ignore-names");
    put(all, "a node is called by node-name, whatever it says", "dhcp-client-update", "dhcp-fqdn");
    put(all, "a node is known by its MAC address here", "dhcp-ignore-clid");
    return Map.copyOf(all);
  }

  private static void put(Map<String, String> all, String reason, String... keys) {
    for (String key : keys) {
      all.put(key, reason);
    }
  }

  static void tell(String key, Place place, Report report) {
    Optional<String> loss = Optional.ofNullable(LOSSES.get(key));
    String needless = NEEDLESS.get(key);
    if (needless != null) {
      report.needless(place, "'" + key + "': " + needless);
    } else if (key.startsWith("dns") || key.startsWith("auth-")) {
      report.needless(place, "'" + key + "': " + DNS);
    } else if (loss.isPresent()) {
      report.ignored(place, "'" + key + "': " + loss.get());
    } else {
      report.error(place, "dnsmasq has no setting '" + key + "' that is known here");
    }
  }
}
