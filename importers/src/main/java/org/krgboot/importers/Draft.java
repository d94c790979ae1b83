package org.krgboot.importers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;
import org.krgboot.model.Subnet;

/** A configuration while files are read into it, one after the other. */
final class Draft {
  /** A pool as read: dhcpd's pool may have several ranges. */
  static final class PoolDraft {
    final List<AddressRange> ranges = new ArrayList<>();
    final List<String> allow = new ArrayList<>();
    final List<String> deny = new ArrayList<>();
    final ScopeDraft scope = new ScopeDraft();
    final Place place;

    /** For nobody at all: its ranges are left out. */
    boolean closed;

    PoolDraft(Place place) {
      this.place = place;
    }
  }

  /** A subnet as read. */
  static final class SubnetDraft {
    final Place place;
    final Subnet subnet;
    final ScopeDraft scope;
    final List<PoolDraft> pools = new ArrayList<>();

    SubnetDraft(Place place, Subnet subnet, ScopeDraft scope) {
      this.place = place;
      this.subnet = subnet;
      this.scope = scope;
    }
  }

  /** One wire as read. */
  static final class NetworkDraft {
    final Optional<String> name;
    final ScopeDraft scope;
    final List<SubnetDraft> subnets = new ArrayList<>();

    /** Of no subnet yet: its ranges may be of several. */
    final List<PoolDraft> pools = new ArrayList<>();

    NetworkDraft(Optional<String> name, ScopeDraft scope) {
      this.name = name;
      this.scope = scope;
    }
  }

  /** A host as read; it may have an address in each of several subnets. */
  static final class HostDraft {
    final Place place;
    final String label;
    final ScopeDraft scope;
    Configuration.HostKey key = Configuration.HostKey.MAC;
    Optional<String> id = Optional.empty();
    final List<Ipv4> addresses = new ArrayList<>();
    Optional<NodeName> name = Optional.empty();

    HostDraft(Place place, String label, ScopeDraft scope) {
      this.place = place;
      this.label = label;
      this.scope = scope;
    }
  }

  /**
   * A class as read.
   *
   * @param within the subnet or pool whose nodes it is for, none for all
   * @param parent where the condition stands that it was
   */
  record ClassDraft(
      Place place,
      String name,
      Marks marks,
      ScopeDraft scope,
      Optional<Place> within,
      Origin origin,
      Optional<ScopeDraft> parent) {}

  /** What a class was. */
  enum Origin {
    /** A class, whose options win over those of a subnet. */
    CLASS,
    /** A condition, whose options win over what stands around it only. */
    CONDITION,
    /** A class of Kea's, of which the boot file wins over a subnet's, but not the options. */
    KEA_CLASS;

    /** Whether a subnet that says it too wins, where the configuration comes from. */
    boolean givesWayIn(ScopeKey key) {
      return switch (this) {
        case CLASS -> false;
        case CONDITION -> true;
        case KEA_CLASS ->
            key != ScopeKey.NEXT_SERVER && key != ScopeKey.SERVER_NAME && key != ScopeKey.BOOT_FILE;
      };
    }
  }

  final ScopeDraft global = new ScopeDraft();
  final List<NetworkDraft> networks = new ArrayList<>();
  final List<ClassDraft> classes = new ArrayList<>();
  final List<HostDraft> hosts = new ArrayList<>();
  final Map<Ipv4, List<String>> names = new LinkedHashMap<>();
  private final Map<String, Ipv4> byName = new HashMap<>();

  /** Classes whose nodes get no address of any pool. */
  final Set<String> refused = new LinkedHashSet<>();

  final NavigableMap<String, String> settings = new TreeMap<>();

  /** Whether there was an ethers file among the files. */
  boolean ethersRead;

  /** What can be told only when all files are read. */
  final List<Runnable> atEnd = new ArrayList<>();

  Configuration.Unknown unknown = Configuration.Unknown.ALLOWED;
  Configuration.Authority authority = Configuration.Authority.AUTHORITATIVE;
  Configuration.Delivery delivery = Configuration.Delivery.BY_FLAG;
  Configuration.Key key = Configuration.Key.MAC;
  Configuration.Probing probing = Configuration.Probing.PING;

  private final Report report;

  Draft(Report report) {
    this.report = report;
  }

  Report report() {
    return report;
  }

  /** A setting that is no DHCP; of two different ones the first holds. */
  void set(String setting, String value, Place place) {
    String before = settings.putIfAbsent(setting, value);
    if (before == null || before.equals(value)) {
      report.used(place, setting + " = " + value);
    } else {
      report.conflict(place, setting + " is '" + before + "' already, not '" + value + "'");
    }
  }

  /** Kernel parameters of every node, each once. */
  void append(String parameters, Place place) {
    String before = settings.getOrDefault("boot.append", "");
    List<String> all =
        new ArrayList<>(before.isEmpty() ? List.of() : List.of(before.split(" ", -1)));
    for (String parameter : parameters.split(" ", -1)) {
      String key = parameter.replaceFirst("=.*", "=");
      Optional<String> other =
          all.stream().filter(each -> each.startsWith(key) && key.endsWith("=")).findFirst();
      if (other.isPresent() && !other.get().equals(parameter) && !key.equals("console=")) {
        report.conflict(place, "the kernel parameter " + other.get() + " is there already");
      } else if (!all.contains(parameter)) {
        all.add(parameter);
      }
    }
    settings.put("boot.append", String.join(" ", all));
    report.used(place, "boot.append has " + parameters);
  }

  /** A machine's names, the first one of an address being its own. */
  void name(Ipv4 address, List<String> more) {
    List<String> known = names.computeIfAbsent(address, any -> new ArrayList<>());
    more.stream().filter(name -> !known.contains(name)).forEach(known::add);
    more.forEach(name -> byName.putIfAbsent(name.toLowerCase(Locale.ROOT), address));
  }

  /** The address of that name, if a file read so far says it. */
  Optional<Ipv4> addressOf(String name) {
    return Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)));
  }

  /** Everything that was read, in order, contradictions reported. */
  Configuration configuration() {
    atEnd.forEach(Runnable::run);
    return new DraftAssembly(this).configuration();
  }
}
