package org.krgboot.importers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/**
 * {@code dhcp-range=[tag:x,][set:y,]START[,END|static|proxy][,NETMASK[,BROADCAST]][,LEASE]},
 * dnsmasq(8).
 */
final class DnsmasqRanges {
  /** What dnsmasq takes if nobody says it, dnsmasq(8). */
  private static final String USUAL_LEASE = "3600";

  private static final int USUAL_PREFIX = 24;

  private final Draft draft;
  private final Report report;
  private final DnsmasqTags tags;
  private final List<Subnet> made = new ArrayList<>();
  private final Map<Draft.SubnetDraft, Integer> rangesOf = new HashMap<>();
  private final List<Runnable> later = new ArrayList<>();
  private Optional<Place> first = Optional.empty();

  DnsmasqRanges(Draft draft, DnsmasqTags tags) {
    this.draft = draft;
    this.report = draft.report();
    this.tags = tags;
  }

  /** What a range gives, and how. */
  private enum Mode {
    OPEN,
    STATIC,
    PROXY
  }

  /** One line, its words told apart. */
  private static final class Range {
    final List<Ipv4> addresses = new ArrayList<>();
    final List<String> wanted = new ArrayList<>();
    final List<String> sets = new ArrayList<>();
    Optional<String> lease = Optional.empty();
    Mode mode = Mode.OPEN;
    boolean version6;
    Optional<String> fault = Optional.empty();

    void word(String word, Draft draft) {
      Optional<Ipv4> address =
          word.matches("[0-9.]+") ? EthersFile.address(word, draft) : Optional.empty();
      if (address.isPresent()) {
        addresses.add(address.get());
      } else if (word.startsWith("tag:") || word.startsWith("net:")) {
        wanted.add(word.substring(4));
      } else if (word.startsWith("set:")) {
        sets.add(word.substring(4));
      } else if (word.matches("[0-9]+[smhdw]?|infinite|deprecated")) {
        lease = Optional.of(seconds(word));
      } else if (word.indexOf(':') >= 0) {
        version6 = true;
      } else {
        mode(word);
      }
    }

    private void mode(String word) {
      switch (word) {
        case "static" -> mode = Mode.STATIC;
        case "proxy" -> mode = Mode.PROXY;
        case "" -> {}
        default -> {
          if (word.matches("[A-Za-z0-9_-]+") && addresses.isEmpty()) {
            sets.add(word); // as dnsmasq took it before set: was there
          } else {
            fault = Optional.of(word);
          }
        }
      }
    }
  }

  void read(DnsmasqLines.Setting setting) {
    Place place = setting.place();
    Range range = new Range();
    setting.texts().forEach(word -> range.word(word, draft));
    if (range.version6) {
      report.needless(place, "IPv6 is not served");
    } else if (range.fault.isPresent()) {
      report.error(place, "'" + range.fault.get() + "' is neither an address nor a mode");
    } else if (range.addresses.isEmpty()) {
      report.error(place, "a range is two addresses: dhcp-range=10.0.0.50,10.0.0.150,12h");
    } else {
      first = first.or(() -> Optional.of(place));
      take(range, place);
    }
  }

  private void take(Range range, Place place) {
    List<Ipv4> addresses = range.addresses;
    boolean open = range.mode == Mode.OPEN;
    boolean backwards =
        addresses.size() < 2 || addresses.getFirst().compareTo(addresses.get(1)) > 0;
    if (open && backwards) {
      report.error(place, "a range ends behind its begin: dhcp-range=10.0.0.50,10.0.0.150,12h");
      return;
    }
    Optional<Draft.SubnetDraft> in = subnet(place, addresses, open ? 2 : 1);
    if (in.isEmpty()) {
      return;
    }
    Draft.SubnetDraft subnet = in.get();
    if (range.mode == Mode.PROXY) {
      draft.set("dhcp.mode", "proxy", place);
    }
    Draft.PoolDraft pool = new Draft.PoolDraft(place);
    if (open) {
      pool.ranges.add(new AddressRange(addresses.getFirst(), addresses.get(1)));
      pool.allow.addAll(range.wanted);
      range.wanted.forEach(tags::need);
      subnet.pools.add(pool);
      rangesOf.merge(subnet, 1, Integer::sum);
    }
    later.add(() -> tag(range, subnet, pool));
    if (range.mode != Mode.PROXY) {
      String time = range.lease.orElse(USUAL_LEASE);
      if (!subnet.scope.says(ScopeKey.LEASE_TIME)) {
        Durations.say(ScopeKey.LEASE_TIME, time, place, subnet.scope, report);
      } else if (range.lease.isPresent() && open) {
        Durations.say(ScopeKey.LEASE_TIME, time, place, pool.scope, report);
      }
    }
    report.used(place, "addresses of " + subnet.subnet);
  }

  /** A tag of the only range of a subnet is that of its fixed hosts too. */
  private void tag(Range range, Draft.SubnetDraft subnet, Draft.PoolDraft pool) {
    boolean alone = rangesOf.getOrDefault(subnet, 0) <= 1;
    range.sets.forEach(tag -> tags.ofNetwork(tag, alone ? subnet.scope : pool.scope, subnet.place));
  }

  /** All ranges are known: now tags of networks are. */
  void tagNetworks() {
    later.forEach(Runnable::run);
    later.clear();
  }

  private Optional<Draft.SubnetDraft> subnet(Place place, List<Ipv4> addresses, int maskAt) {
    Ipv4 begin = addresses.getFirst();
    boolean said = addresses.size() > maskAt;
    int prefix = said ? Integer.bitCount(addresses.get(maskAt).bits()) : USUAL_PREFIX;
    Ipv4 end = addresses.get(Math.min(maskAt, addresses.size()) - 1);
    while (!said && prefix > 8 && !Subnet.around(begin, prefix).contains(end)) {
      prefix--;
    }
    Subnet subnet = Subnet.around(begin, prefix);
    if (said && !subnet.netmask().equals(addresses.get(maskAt))) {
      report.error(place, addresses.get(maskAt) + " is not a netmask");
      return Optional.empty();
    }
    for (Draft.NetworkDraft network : draft.networks) {
      for (Draft.SubnetDraft each : network.subnets) {
        if (each.subnet.contains(begin)) {
          return Optional.of(each);
        }
      }
    }
    Draft.NetworkDraft network = new Draft.NetworkDraft(Optional.empty(), new ScopeDraft());
    Draft.SubnetDraft created = new Draft.SubnetDraft(place, subnet, new ScopeDraft());
    network.subnets.add(created);
    draft.networks.add(network);
    made.add(subnet);
    if (!said) {
      report.used(
          place, "the netmask is that of dnsmasq's interface; taken for /" + prefix + ", check it");
    }
    return Optional.of(created);
  }

  /** The scope of that subnet, for {@code domain=NAME,SUBNET}. */
  Optional<ScopeDraft> scopeOf(String text) {
    return Dnsmasq.subnet(text)
        .flatMap(subnet ->
            draft.networks.stream()
                .flatMap(network -> network.subnets.stream())
                .filter(each -> each.subnet.equals(subnet))
                .findFirst())
        .map(each -> each.scope);
  }

  /** dnsmasq calls itself the nodes' router and DNS server unless it is told not to. */
  void finish(boolean answersDns) {
    if (first.isEmpty() || draft.settings.containsKey("dhcp.mode")) {
      return;
    }
    tellUnsaid(ScopeKey.ROUTERS, "router", "dhcp-option=3");
    if (answersDns) {
      tellUnsaid(ScopeKey.DNS, "DNS server", "dhcp-option=6");
    }
  }

  private void tellUnsaid(ScopeKey key, String what, String otherwise) {
    boolean said =
        draft.global.says(key)
            || draft.networks.stream()
                .flatMap(network -> network.subnets.stream())
                .filter(subnet -> made.contains(subnet.subnet))
                .allMatch(subnet -> subnet.scope.says(key));
    if (!said) {
      report.ignored(
          first.orElseThrow(),
          "dnsmasq calls itself the nodes' "
              + what
              + " unless "
              + otherwise
              + " says another or none; if it is, write "
              + key.text()
              + " = \"ADDRESS\"");
    }
  }

  static String seconds(String text) {
    if (text.equals("infinite") || text.equals("deprecated")) {
      return "infinite";
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
}
