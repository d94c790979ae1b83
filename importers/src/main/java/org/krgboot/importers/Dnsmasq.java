package org.krgboot.importers;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.krgboot.model.Subnet;

/**
 * The DHCP and TFTP lines of a dnsmasq.conf; those about DNS have no meaning here. Its tags become
 * classes.
 */
final class Dnsmasq {
  private final Draft draft;
  private final Report report;
  private final DnsmasqTags tags;
  private final DnsmasqRanges ranges;
  private final DnsmasqHosts hosts;
  private final DnsmasqOptions options;
  private boolean answersDns = true;

  private Dnsmasq(Draft draft) {
    this.draft = draft;
    this.report = draft.report();
    this.tags = new DnsmasqTags(draft);
    this.ranges = new DnsmasqRanges(draft, tags);
    this.hosts = new DnsmasqHosts(draft);
    this.options = new DnsmasqOptions(draft, tags);
  }

  static void read(String file, String text, SourceFiles files, Draft draft) {
    Dnsmasq reader = new Dnsmasq(draft);
    List<DnsmasqLines.Setting> all = DnsmasqLines.read(file, text, files, draft.report());
    draft.authority = Configuration.Authority.ONE_OF_SEVERAL;
    // Tags and networks may be named before they are there.
    all.forEach(reader.tags::define);
    all.stream().filter(setting -> setting.key().equals("dhcp-range")).forEach(reader.ranges::read);
    reader.ranges.tagNetworks();
    all.stream()
        .filter(setting -> setting.key().equals("tag-if"))
        .forEach(reader.tags::defineByOthers);
    all.forEach(reader::line);
    reader.options.finish();
    reader.tags.finish();
    reader.ranges.finish(reader.answersDns);
  }

  private void line(DnsmasqLines.Setting setting) {
    Place place = setting.place();
    String value = setting.text();
    switch (setting.key()) {
      case "dhcp-host" -> hosts.read(setting);
      case "dhcp-option", "dhcp-option-force", "dhcp-option-pxe" -> options.option(setting);
      case "dhcp-boot" -> options.boot(setting);
      case "pxe-service" -> options.pxeService(setting);
      case "dhcp-range",
          "tag-if",
          "dhcp-match",
          "dhcp-vendorclass",
          "dhcp-userclass",
          "dhcp-mac",
          "dhcp-circuitid",
          "dhcp-remoteid" -> {}
      case "tftp-root" -> draft.set("tftp.root", value.replaceFirst(",.*", ""), place);
      case "tftp-unique-root" ->
          draft.set("tftp.node-directories", value.equals("mac") ? "mac" : "address", place);
      case "domain" -> domain(setting);
      case "dhcp-authoritative" -> {
        draft.authority = Configuration.Authority.AUTHORITATIVE;
        report.used(place, "authoritative = true");
      }
      case "no-ping" -> {
        draft.probing = Configuration.Probing.NONE;
        report.used(place, "ping-check = false");
      }
      case "dhcp-rapid-commit" -> draft.set("dhcp.rapid-commit", "true", place);
      case "dhcp-broadcast" -> broadcast(place, value);
      case "dhcp-ignore" -> ignore(place, setting.texts());
      case "read-ethers" -> ethers(place);
      case "port" -> {
        answersDns = !value.equals("0");
        DnsmasqKeys.tell("port", place, report);
      }
      default -> DnsmasqKeys.tell(setting.key(), place, report);
    }
  }

  /** {@code domain=NAME[,SUBNET[,local]]}. */
  private void domain(DnsmasqLines.Setting setting) {
    List<String> words = setting.texts();
    Optional<ScopeDraft> scope = Optional.of(draft.global);
    if (words.size() > 1 && words.get(1).indexOf('/') > 0) {
      scope = ranges.scopeOf(words.get(1));
    } else if (words.size() > 1) {
      scope = Optional.empty();
    }
    if (scope.isEmpty()) {
      report.ignored(setting.place(), "'" + words.get(1) + "' is not the subnet of a dhcp-range");
    } else if (!words.getFirst().isEmpty() && !words.getFirst().equals("#")) {
      scope.get().say(ScopeKey.DOMAIN, words.getFirst(), setting.place(), report);
      report.used(setting.place(), "domain = " + words.getFirst());
    } else {
      report.ignored(setting.place(), "the domain is not looked up; write it");
    }
  }

  private void ethers(Place place) {
    draft.atEnd.add(() -> {
      if (draft.ethersRead) {
        report.used(place, "the hosts of the ethers file");
      } else {
        report.ignored(place, "name the ethers file too: krgboot import ... /etc/ethers");
      }
    });
  }

  private void broadcast(Place place, String value) {
    if (value.isEmpty()) {
      draft.delivery = Configuration.Delivery.BROADCAST;
      report.used(place, "all nodes are answered by broadcast");
    } else {
      report.ignored(place, "all nodes are answered by broadcast, or those that ask for it");
    }
  }

  /** Nodes with all of these tags are not answered; without a tag, none is. */
  private void ignore(Place place, List<String> words) {
    String tag = words.getFirst().replaceFirst("^(tag:|net:)", "").toLowerCase(Locale.ROOT);
    if (words.size() == 1 && tag.matches("[!#]known")) {
      draft.unknown = Configuration.Unknown.REFUSED;
      report.used(place, "unknown nodes get no address");
    } else if (words.size() == 1 && tags.isClass(words.getFirst().replaceFirst("^.*:", ""))) {
      String name = words.getFirst().replaceFirst("^.*:", "");
      draft.refused.add(name);
      tags.need(name);
      report.used(place, "nodes of " + name + " get no address of a pool");
    } else {
      report.ignored(place, "no class has these nodes; keep them out of the pools with allow");
    }
  }

  /** The subnet of that text; empty if it is none. */
  static Optional<Subnet> subnet(String text) {
    try {
      return Optional.of(Subnet.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
