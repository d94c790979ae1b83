package org.krgboot.importers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;
import org.krgboot.model.Subnet;

/**
 * The DHCP and TFTP lines of a dnsmasq.conf; those about DNS have no meaning here. Its tags become
 * classes.
 */
final class Dnsmasq {
  private static final Set<String> DNS =
      Set.of(
          "server",
          "address",
          "local",
          "no-resolv",
          "no-hosts",
          "expand-hosts",
          "domain-needed",
          "bogus-priv",
          "cache-size",
          "port",
          "resolv-file",
          "addn-hosts",
          "listen-address",
          "interface",
          "bind-interfaces",
          "bind-dynamic",
          "except-interface",
          "no-dhcp-interface",
          "log-dhcp",
          "log-queries",
          "log-facility",
          "user",
          "group",
          "pid-file",
          "dhcp-leasefile",
          "dhcp-lease-max",
          "strict-order",
          "no-poll",
          "cname",
          "host-record",
          "txt-record",
          "ptr-record",
          "srv-host",
          "mx-host",
          "localise-queries",
          "conf-dir",
          "filterwin2k",
          "stop-dns-rebind",
          "rebind-localhost-ok",
          "neg-ttl",
          "local-ttl",
          "read-ethers",
          "all-servers",
          "no-negcache",
          "auth-server",
          "auth-zone",
          "quiet-dhcp",
          "log-async",
          "no-daemon",
          "keep-in-foreground",
          "dhcp-sequential-ip",
          "no-ping",
          "tftp-secure",
          "tftp-no-blocksize",
          "tftp-max",
          "tftp-mtu",
          "tftp-port-range",
          "tftp-single-port",
          "tftp-no-fail",
          "dhcp-no-override",
          "dhcp-rapid-commit",
          "dhcp-ttl",
          "quiet-tftp");

  private final Draft draft;
  private final Report report;
  private final DnsmasqTags tags;
  private final DnsmasqOptions options;

  private Dnsmasq(Draft draft) {
    this.draft = draft;
    this.report = draft.report();
    this.tags = new DnsmasqTags(draft);
    this.options = new DnsmasqOptions(draft, tags);
  }

  static void read(String file, String text, Draft draft) {
    Dnsmasq reader = new Dnsmasq(draft);
    List<Map.Entry<String, Lines.Line>> lines = new ArrayList<>();
    for (Lines.Line line : Lines.of(file, text)) {
      String content = line.text().replaceFirst("(^|\\s)#.*", "").strip().replaceFirst("^--", "");
      if (!content.isEmpty()) {
        String[] parts = content.split("=", 2);
        String value = parts.length > 1 ? parts[1].strip() : "";
        lines.add(Map.entry(parts[0].strip(), new Lines.Line(line.place(), value)));
      }
    }
    draft.authority = Configuration.Authority.ONE_OF_SEVERAL;
    for (Map.Entry<String, Lines.Line> line : lines) { // tags may be used before they are set
      reader.tags.define(line.getKey(), line.getValue());
    }
    for (Map.Entry<String, Lines.Line> line : lines) {
      reader.line(line.getKey(), line.getValue());
    }
    reader.tags.finish();
  }

  private void line(String key, Lines.Line line) {
    Place place = line.place();
    String value = line.text();
    switch (key) {
      case "dhcp-range" -> range(place, value);
      case "dhcp-host" -> host(place, value);
      case "dhcp-option", "dhcp-option-force" -> options.option(place, value);
      case "dhcp-boot" -> options.boot(place, value);
      case "dhcp-match",
          "dhcp-vendorclass",
          "dhcp-userclass",
          "dhcp-mac",
          "dhcp-circuitid",
          "dhcp-remoteid" -> {}
      case "pxe-service" -> options.pxeService(place, value);
      case "pxe-prompt" -> report.needless(place, "there is no menu before the boot loader");
      case "enable-tftp" -> report.needless(place, "TFTP is served");
      case "tftp-root" -> draft.set("tftp.root", value.replaceFirst(",.*", ""), place);
      case "domain" -> {
        String domain = value.replaceFirst(",.*", "");
        draft.global.say(ScopeKey.DOMAIN, domain, place, report);
        report.used(place, "domain = " + domain);
      }
      case "dhcp-authoritative" -> {
        draft.authority = Configuration.Authority.AUTHORITATIVE;
        report.used(place, "authoritative = true");
      }
      case "dhcp-broadcast" -> broadcast(place, value);
      case "dhcp-ignore" -> ignore(place, value);
      case "dhcp-ignore-names", "dhcp-ignore-clid" ->
          report.needless(place, "a node is known by its MAC address here");
      case "dhcp-script", "dhcp-luascript" ->
          report.ignored(place, "krgboot runs no program for a lease");
      case "dhcp-hostsfile", "dhcp-optsfile", "conf-file", "dhcp-hostsdir", "dhcp-optsdir" ->
          report.ignored(place, "read " + value + " as a dnsmasq file of its own");
      case "dhcp-proxy", "dhcp-relay" -> report.ignored(place, "there is no relay here");
      case "tftp-unique-root" ->
          draft.set("tftp.node-directories", value.equals("mac") ? "mac" : "address", place);
      case "tftp-lowercase" -> report.ignored(place, "names of files are taken as they are asked");
      default -> other(key, place);
    }
  }

  private void other(String key, Place place) {
    if (DNS.contains(key)
        || key.startsWith("dns")
        || key.startsWith("ra-")
        || key.startsWith("auth")) {
      report.needless(place, "'" + key + "' is not about booting, or holds anyway");
    } else if (key.startsWith("enable-ra")) {
      report.needless(place, "IPv6 is not served");
    } else {
      report.ignored(place, "'" + key + "' has no counterpart here");
    }
  }

  private void broadcast(Place place, String value) {
    if (value.isEmpty()) {
      draft.delivery = Configuration.Delivery.BROADCAST;
      report.used(place, "all nodes are answered by broadcast");
    } else {
      report.ignored(place, "all nodes are answered by broadcast, or those that ask for it");
    }
  }

  private void ignore(Place place, String value) {
    if (value.matches("(tag:|#)?!known")) {
      draft.unknown = Configuration.Unknown.REFUSED;
      report.used(place, "unknown nodes get no address");
    } else {
      report.ignored(place, "no class is refused altogether; leave it out of the pools");
    }
  }

  /** Words of one line, tags and mode apart. */
  private static List<String> words(String value) {
    List<String> words = new ArrayList<>();
    for (String word : value.split(",", -1)) {
      words.add(word.strip());
    }
    return words;
  }

  /** {@code [tag:x,][set:y,]START[,END|static|proxy][,NETMASK[,BROADCAST]][,LEASE]}. */
  private void range(Place place, String value) {
    List<Ipv4> addresses = new ArrayList<>();
    List<String> wanted = new ArrayList<>();
    Optional<String> lease = Optional.empty();
    boolean open = true;
    for (String word : words(value)) {
      Optional<Ipv4> address = EthersFile.address(word, draft);
      if (address.isPresent()) {
        addresses.add(address.get());
      } else if (word.startsWith("tag:") || word.startsWith("net:")) {
        wanted.add(word.substring(4));
      } else if (word.startsWith("set:") || word.startsWith("interface:")) {
        tags.ofNetwork(word.replaceFirst("^[a-z]+:", ""));
      } else if (word.equals("static")) {
        open = false;
      } else if (word.equals("proxy")) {
        report.ignored(place, "a proxy leaves addresses to another server; set that up by hand");
        return;
      } else if (word.matches("[0-9]+[smhdw]?|infinite")) {
        lease = Optional.of(seconds(word));
      } else if (word.indexOf(':') >= 0) {
        report.needless(place, "IPv6 is not served");
        return;
      } else if (word.matches("[a-z0-9_-]+")) {
        tags.ofNetwork(word);
      }
    }
    if (addresses.isEmpty()) {
      report.error(place, "a range is two addresses: dhcp-range=10.0.0.50,10.0.0.150,12h");
      return;
    }
    Draft.SubnetDraft subnet = subnet(place, addresses, open);
    lease.ifPresent(time -> Durations.say(ScopeKey.LEASE_TIME, time, place, subnet.scope, report));
    if (open && (addresses.size() < 2 || addresses.getFirst().compareTo(addresses.get(1)) > 0)) {
      report.error(place, "a range ends behind its begin: dhcp-range=10.0.0.50,10.0.0.150,12h");
    } else if (open) {
      Draft.PoolDraft pool = new Draft.PoolDraft(place);
      pool.ranges.add(new AddressRange(addresses.getFirst(), addresses.get(1)));
      pool.allow.addAll(wanted);
      subnet.pools.add(pool);
    }
    report.used(place, "addresses of " + subnet.subnet);
  }

  private Draft.SubnetDraft subnet(Place place, List<Ipv4> addresses, boolean open) {
    Ipv4 first = addresses.getFirst();
    int maskAt = open ? 2 : 1;
    Ipv4 mask = addresses.size() > maskAt ? addresses.get(maskAt) : Ipv4.parse("255.255.255.0");
    Subnet subnet = Subnet.around(first, Integer.bitCount(mask.bits()));
    for (Draft.NetworkDraft network : draft.networks) {
      for (Draft.SubnetDraft each : network.subnets) {
        if (each.subnet.contains(first)) {
          return each;
        }
      }
    }
    Draft.NetworkDraft network = new Draft.NetworkDraft(Optional.empty(), new ScopeDraft());
    Draft.SubnetDraft made = new Draft.SubnetDraft(place, subnet, new ScopeDraft());
    network.subnets.add(made);
    draft.networks.add(network);
    if (addresses.size() <= maskAt) {
      report.used(place, "the netmask is not said; it is taken for /24");
    }
    return made;
  }

  private static String seconds(String text) {
    if (text.equals("infinite")) {
      return text;
    }
    String digits = text.replaceAll("[^0-9]", "");
    if (digits.length() > 8) {
      return "infinite";
    }
    long count = Long.parseLong(digits);
    return Long.toString(
        switch (text.charAt(text.length() - 1)) {
          case 'm' -> count * 60;
          case 'h' -> count * 3600;
          case 'd' -> count * 86_400;
          case 'w' -> count * 604_800;
          default -> count;
        });
  }

  /** {@code MAC[,MAC][,id:CLIENT][,set:TAG][,ADDRESS][,NAME][,LEASE][,ignore]}. */
  private void host(Place place, String value) {
    Draft.HostDraft host = new Draft.HostDraft(place, value, new ScopeDraft());
    Map<String, String> macs = new LinkedHashMap<>();
    for (String word : words(value)) {
      Optional<String> mac = DraftAssembly.mac(word);
      Optional<Ipv4> address = EthersFile.address(word, draft);
      if (mac.isPresent()) {
        macs.put(mac.get(), word);
      } else if (address.isPresent() && word.matches("[0-9.]+")) {
        host.addresses.add(address.get());
      } else if (word.equals("ignore")) {
        report.ignored(place, "no single node is refused; leave it out and refuse unknown ones");
        return;
      } else if (word.startsWith("id:")) {
        clientId(host, word.substring("id:".length()));
      } else if (word.startsWith("set:") || word.startsWith("tag:")) {
        report.ignored(place, "a host is in a class by its marks only: " + word);
      } else if (word.matches("[0-9]+[smhdw]?|infinite")) {
        Durations.say(ScopeKey.LEASE_TIME, seconds(word), place, host.scope, report);
      } else {
        name(host, place, word);
      }
    }
    macs.keySet().stream()
        .findFirst()
        .ifPresent(first -> {
          host.key = Configuration.HostKey.MAC;
          host.id = Optional.of(first);
        });
    if (macs.size() > 1) {
      report.conflict(place, "a host has one MAC address here; the first holds");
    }
    if (host.addresses.isEmpty()) {
      host.name.flatMap(name -> draft.addressOf(name.text())).ifPresent(host.addresses::add);
    }
    draft.hosts.add(host);
    report.used(place, "the host " + host.name.map(Object::toString).orElse(value));
  }

  private void name(Draft.HostDraft host, Place place, String word) {
    Optional<NodeName> name = EthersFile.name(word);
    if (name.isPresent()) {
      host.name = name;
    } else if (!word.isEmpty()) {
      report.ignored(place, "'" + word + "' is neither a name nor anything else of a host");
    }
  }

  private static void clientId(Draft.HostDraft host, String id) {
    if (!id.equals("*") && !id.isEmpty()) {
      host.key = Configuration.HostKey.CLIENT_ID;
      String bytes = IscExpressionParser.isHex(id) ? IscExpressionParser.hex(id) : id;
      host.id =
          Optional.of(
              java.util.HexFormat.of()
                  .formatHex(bytes.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)));
    }
  }
}
