package org.krgboot.importers;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/** From drafts to a configuration that can hold: what contradicts itself is parted and told. */
final class DraftAssembly {
  private static final long MOST_ADDRESSES = 1 << 16;

  private final Draft draft;
  private final Report report;
  private final SubnetIndex served = new SubnetIndex();
  private final Set<String> classNames = new HashSet<>(Set.of("known", "unknown"));

  DraftAssembly(Draft draft) {
    this.draft = draft;
    this.report = draft.report();
  }

  Configuration configuration() {
    draft.networks.forEach(this::sharePools);
    new LeaseTimes(draft).keep();
    new BootFileClasses(draft).fold();
    tellWeakConditions();
    draft
        .global
        .value(ScopeKey.ROOT_PATH)
        .ifPresent(path -> draft.settings.putIfAbsent("nfs.root", path));
    draft.classes.forEach(each -> classNames.add(each.name()));
    List<Configuration.Network> networks = networks();
    List<Configuration.NodeClass> classes = classes();
    return new Configuration(
        new Configuration.Policy(
            draft.unknown, draft.authority, draft.key, draft.delivery, draft.probing),
        draft.settings,
        draft.global.scope(),
        networks,
        classes,
        hosts(),
        draft.names.entrySet().stream()
            .map(entry -> new Configuration.KnownName(entry.getKey(), entry.getValue()))
            .toList());
  }

  /** Each range of a pool of a shared network goes to the subnet that it is in. */
  private void sharePools(Draft.NetworkDraft network) {
    SubnetIndex subnets = new SubnetIndex();
    network.subnets.forEach(subnets::add);
    for (Draft.PoolDraft pool : network.pools) {
      for (AddressRange range : pool.ranges) {
        Optional<Draft.SubnetDraft> subnet = subnets.of(range.first());
        if (subnet.isEmpty()) {
          report.conflict(pool.place, "the range " + range + " is in no subnet of its network");
        } else {
          Draft.PoolDraft part = new Draft.PoolDraft(pool.place);
          part.ranges.add(range);
          part.closed = pool.closed;
          part.allow.addAll(pool.allow);
          part.deny.addAll(pool.deny);
          part.scope.adopt(pool.scope);
          subnet.get().pools.add(part);
        }
      }
    }
  }

  /** A global condition, and an option of a Kea class, gives way to a subnet, and does not here. */
  private void tellWeakConditions() {
    Set<ScopeKey> ofNetworks = EnumSet.noneOf(ScopeKey.class);
    for (ScopeKey key : ScopeKey.values()) {
      if (draft.networks.stream().anyMatch(network -> says(network, key))) {
        ofNetworks.add(key);
      }
    }
    for (Draft.ClassDraft each : draft.classes) {
      if (each.within().isEmpty()) {
        for (ScopeKey key : each.scope().scope().said().keySet()) {
          if (each.origin().givesWayIn(key) && ofNetworks.contains(key)) {
            report.conflict(
                each.place(),
                "a network says something else of "
                    + key.text()
                    + "; there the network's holds, here that of the class");
          }
        }
      }
    }
  }

  private static boolean says(Draft.NetworkDraft network, ScopeKey key) {
    return network.scope.says(key)
        || network.subnets.stream()
            .anyMatch(subnet ->
                subnet.scope.says(key)
                    || subnet.pools.stream().anyMatch(pool -> pool.scope.says(key)));
  }

  private List<Configuration.Network> networks() {
    List<Configuration.Network> networks = new ArrayList<>();
    NavigableMap<Ipv4, AddressRange> ranges = new TreeMap<>();
    for (Draft.NetworkDraft network : draft.networks) {
      List<Configuration.ServedSubnet> subnets = new ArrayList<>();
      for (Draft.SubnetDraft subnet : network.subnets) {
        if (isNew(subnet)) {
          subnets.add(
              new Configuration.ServedSubnet(
                  subnet.subnet, subnet.scope.scope(), pools(subnet, ranges)));
        }
      }
      if (!subnets.isEmpty()) {
        networks.add(new Configuration.Network(network.name, network.scope.scope(), subnets));
      }
    }
    return networks;
  }

  private boolean isNew(Draft.SubnetDraft subnet) {
    Optional<Draft.SubnetDraft> other = served.add(subnet);
    other.ifPresent(each ->
        report.conflict(
            subnet.place,
            subnet.subnet + " overlaps " + each.subnet + " of " + each.place + ", which holds"));
    return other.isEmpty();
  }

  private List<Configuration.Pool> pools(
      Draft.SubnetDraft subnet, NavigableMap<Ipv4, AddressRange> seen) {
    List<Configuration.Pool> pools = new ArrayList<>();
    for (Draft.PoolDraft pool : subnet.pools) {
      if (pool.closed || isForNobody(pool)) {
        continue;
      }
      for (AddressRange range : pool.ranges) {
        if (isUsable(range, subnet, seen)) {
          seen.put(range.first(), range);
          pools.add(
              new Configuration.Pool(range, known(pool.allow), deny(pool), pool.scope.scope()));
        }
      }
    }
    return pools;
  }

  /** What was for some nodes that no class here can have must not be for all. */
  private boolean isForNobody(Draft.PoolDraft pool) {
    for (String name : pool.allow) {
      if (!classNames.contains(name)) {
        report.ignored(
            pool.place, "the pool is for the class '" + name + "', which is not in the result");
      }
    }
    boolean nobody = !pool.allow.isEmpty() && known(pool.allow).isEmpty();
    if (nobody) {
      report.ignored(pool.place, "the pool is left out, since it would be for all nodes");
    }
    return nobody;
  }

  private List<String> known(List<String> names) {
    return names.stream().filter(classNames::contains).distinct().toList();
  }

  private List<String> deny(Draft.PoolDraft pool) {
    for (String name : pool.deny) {
      if (!classNames.contains(name)) {
        report.ignored(
            pool.place,
            "the class '" + name + "' is not in the result: its nodes are not kept from the pool");
      }
    }
    return known(Stream.concat(pool.deny.stream(), draft.refused.stream()).toList());
  }

  private boolean isUsable(
      AddressRange range, Draft.SubnetDraft subnet, NavigableMap<Ipv4, AddressRange> seen) {
    if (!subnet.subnet.isHost(range.first()) || !subnet.subnet.isHost(range.last())) {
      report.conflict(subnet.place, "the range " + range + " is not in " + subnet.subnet);
      return false;
    }
    if (range.size() > MOST_ADDRESSES) {
      report.conflict(
          subnet.place, "the range " + range + " has more than " + MOST_ADDRESSES + " addresses");
      return false;
    }
    Optional<AddressRange> other =
        Optional.ofNullable(seen.floorEntry(range.last()))
            .map(Map.Entry::getValue)
            .filter(each -> range.first().compareTo(each.last()) <= 0);
    other.ifPresent(
        each -> report.conflict(subnet.place, "the ranges " + each + " and " + range + " overlap"));
    return other.isEmpty();
  }

  /** What stood in each subnet alike is one class; what stood in one of several is told. */
  private List<Configuration.NodeClass> classes() {
    Map<String, Configuration.NodeClass> byMeaning = new HashMap<>();
    Map<String, Set<Place>> within = new HashMap<>();
    List<Configuration.NodeClass> classes = new ArrayList<>();
    Set<String> names = new HashSet<>(Set.of("known", "unknown"));
    for (Draft.ClassDraft each : draft.classes) {
      Scope scope = each.scope().scope();
      String meaning = each.marks() + " " + scope + (each.within().isEmpty() ? each.name() : "");
      each.within()
          .ifPresent(place -> within.computeIfAbsent(meaning, any -> new HashSet<>()).add(place));
      if (each.within().isPresent() && byMeaning.containsKey(meaning)) {
        continue;
      }
      Configuration.NodeClass made =
          new Configuration.NodeClass(unused(each.name(), names), each.marks(), scope);
      byMeaning.put(meaning, made);
      classes.add(made);
    }
    long subnets = draft.networks.stream().mapToLong(network -> network.subnets.size()).sum();
    for (Draft.ClassDraft each : draft.classes) {
      String meaning = each.marks() + " " + each.scope().scope();
      Set<Place> places = within.getOrDefault(meaning, Set.of());
      if (each.within().isPresent() && places.size() < subnets && !each.scope().isEmpty()) {
        report.conflict(
            each.place(), "classes hold in all subnets here; there it was for the nodes of one");
      }
    }
    return classes;
  }

  private static String unused(String name, Set<String> names) {
    String free = name;
    for (int i = 2; !names.add(free); i++) {
      free = name + "-" + i;
    }
    return free;
  }

  private List<Configuration.Host> hosts() {
    Map<String, Draft.HostDraft> seen = new HashMap<>();
    List<Configuration.Host> hosts = new ArrayList<>();
    for (Draft.HostDraft host : draft.hosts) {
      Optional<String> id = host.id;
      if (id.isEmpty()) {
        report.ignored(host.place, "the host '" + host.label + "' has no hardware address");
      } else if (isNew(host, id.get(), seen)) {
        hosts.add(
            new Configuration.Host(
                host.label, host.key, id.get(), address(host), host.name, host.scope.scope()));
      }
    }
    return hosts;
  }

  private boolean isNew(Draft.HostDraft host, String id, Map<String, Draft.HostDraft> seen) {
    List<String> keys =
        Stream.of(
                Optional.of(host.key + " " + id),
                address(host).map(Ipv4::toString),
                host.name.map(name -> "name " + name))
            .flatMap(Optional::stream)
            .toList();
    for (String key : keys) {
      Draft.HostDraft other = seen.get(key);
      if (other != null) {
        if (isSame(host, other)) {
          report.needless(host.place, "the host '" + host.label + "' is there already");
        } else {
          report.conflict(
              host.place,
              key.replaceFirst("^[A-Z_]+ ", "")
                  + " is that of the host '"
                  + other.label
                  + "' of "
                  + other.place
                  + " already, which holds");
        }
        return false;
      }
    }
    Optional<Ipv4> nowhere = address(host).filter(address -> !inASubnet(address));
    if (nowhere.isPresent()) {
      report.conflict(
          host.place, nowhere.get() + " of '" + host.label + "' is in no subnet that is served");
      return false;
    }
    keys.forEach(key -> seen.put(key, host));
    return true;
  }

  private static boolean isSame(Draft.HostDraft a, Draft.HostDraft b) {
    return a.key == b.key
        && a.id.equals(b.id)
        && a.addresses.equals(b.addresses)
        && (a.name.equals(b.name) || a.name.isEmpty())
        && a.scope.scope().equals(b.scope.scope());
  }

  /** Of several the first that is in a subnet. */
  private Optional<Ipv4> address(Draft.HostDraft host) {
    return host.addresses.stream()
        .filter(this::inASubnet)
        .findFirst()
        .or(() -> host.addresses.stream().findFirst());
  }

  private boolean inASubnet(Ipv4 address) {
    return draft.networks.isEmpty()
        || served.of(address).filter(each -> each.subnet.isHost(address)).isPresent();
  }

  /** The usual form of a MAC address. */
  static Optional<String> mac(String text) {
    String[] octets = text.split("[:-]", -1);
    if (octets.length != MacAddress.LENGTH) {
      return Optional.empty();
    }
    StringBuilder padded = new StringBuilder();
    for (String octet : octets) {
      padded
          .append(padded.isEmpty() ? "" : ":")
          .append(octet.length() == 1 ? "0" : "")
          .append(octet);
    }
    try {
      return Optional.of(MacAddress.parse(padded.toString()).toString());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
