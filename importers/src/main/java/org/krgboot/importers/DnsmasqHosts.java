package org.krgboot.importers;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;

/** {@code dhcp-host=[MAC][,id:CLIENT][,set:TAG][,tag:TAG][,ADDRESS][,NAME][,LEASE][,ignore]}. */
final class DnsmasqHosts {
  private final Draft draft;
  private final Report report;

  DnsmasqHosts(Draft draft) {
    this.draft = draft;
    this.report = draft.report();
  }

  void read(DnsmasqLines.Setting setting) {
    Place place = setting.place();
    Draft.HostDraft host = new Draft.HostDraft(place, label(setting), new ScopeDraft());
    Set<String> macs = new LinkedHashSet<>();
    if (setting.texts().contains("ignore")) {
      report.ignored(place, "no single node is refused; leave it out and refuse unknown ones");
      return;
    }
    setting.texts().forEach(word -> word(word, host, macs));
    macs.stream()
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
    if (host.id.isPresent()) {
      draft.hosts.add(host);
      report.used(place, "the host " + host.label);
    } else if (setting.text().indexOf('*') < 0) {
      report.ignored(
          place, "a host is recognised by its MAC address or client id, not by what it says");
    }
  }

  /** What a person calls it: its name if there is one, else what stands first. */
  private static String label(DnsmasqLines.Setting setting) {
    return setting.texts().stream()
        .filter(word -> word.matches("[A-Za-z][A-Za-z0-9.-]*") && !word.equals("infinite"))
        .findFirst()
        .orElse(setting.texts().getFirst());
  }

  private void word(String word, Draft.HostDraft host, Set<String> macs) {
    Place place = host.place;
    Optional<String> mac = mac(word);
    Optional<Ipv4> address =
        word.matches("[0-9.]+") ? EthersFile.address(word, draft) : Optional.empty();
    if (mac.isPresent()) {
      macs.add(mac.get());
    } else if (address.isPresent()) {
      host.addresses.add(address.get());
    } else if (word.startsWith("id:")) {
      clientId(host, word.substring("id:".length()));
    } else if (word.startsWith("set:") || word.startsWith("net:")) {
      if (macs.isEmpty()) {
        report.ignored(place, "a node gets a tag by its MAC address only: " + word);
      }
    } else if (word.startsWith("tag:")) {
      report.ignored(place, "a host holds for its node whatever tags that has: " + word);
    } else if (word.matches("[0-9]+[smhdw]?|infinite")) {
      String time = DnsmasqRanges.seconds(word);
      Durations.say(ScopeKey.LEASE_TIME, time, place, host.scope, report);
    } else if (word.startsWith("[")) {
      report.needless(place, "IPv6 is not served: " + word);
    } else if (word.matches("([0-9a-fA-F]{1,2}-)?[0-9a-fA-F:*]+") && word.indexOf('*') >= 0) {
      report.ignored(place, "hosts by a part of their MAC address are not there: " + word);
    } else {
      name(host, place, word);
    }
  }

  /** Ethernet may be said before it: {@code 01-52:54:00:12:34:56}. */
  static Optional<String> mac(String word) {
    return DraftAssembly.mac(
        word.matches("0?1-[0-9a-fA-F:]+") ? word.replaceFirst("^0?1-", "") : word);
  }

  private void name(Draft.HostDraft host, Place place, String word) {
    Optional<NodeName> name = EthersFile.name(word);
    if (name.isPresent()) {
      host.name = name;
      int dot = word.indexOf('.');
      draft.atEnd.add(() -> domain(host, dot < 0 ? "" : word.substring(dot + 1)));
    } else if (!word.isEmpty()) {
      report.ignored(place, "'" + word + "' is neither a name nor anything else of a host");
    }
  }

  /** A domain of its own is said to the host, unless it is that of all. */
  private void domain(Draft.HostDraft host, String domain) {
    if (!domain.isEmpty() && !draft.global.value(ScopeKey.DOMAIN).equals(Optional.of(domain))) {
      host.scope.say(ScopeKey.DOMAIN, domain, host.place, report);
    }
  }

  private static void clientId(Draft.HostDraft host, String id) {
    if (!id.equals("*") && !id.isEmpty()) {
      host.key = Configuration.HostKey.CLIENT_ID;
      String bytes = IscExpressionParser.isHex(id) ? IscExpressionParser.hex(id) : id;
      host.id = Optional.of(HexFormat.of().formatHex(bytes.getBytes(StandardCharsets.ISO_8859_1)));
    }
  }
}
