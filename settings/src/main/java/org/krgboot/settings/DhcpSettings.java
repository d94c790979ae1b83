package org.krgboot.settings;

import static org.krgboot.settings.SettingKey.*;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.krgboot.dhcp.BootChoice;
import org.krgboot.dhcp.DhcpConfig;
import org.krgboot.dhcp.DhcpListen;
import org.krgboot.dhcp.FixedHost;
import org.krgboot.dhcp.NameTemplate;
import org.krgboot.dhcp.Network;
import org.krgboot.dhcp.NodeClass;
import org.krgboot.dhcp.NodeOptions;
import org.krgboot.dhcp.Policy;
import org.krgboot.dhcp.Pool;
import org.krgboot.dhcp.ScopeOptions;
import org.krgboot.dhcp.ServedSubnet;
import org.krgboot.dhcp.Unknown;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/** The part of the settings that DHCP needs. */
final class DhcpSettings {
  private final RawSettings raw;
  private final Problems problems;
  private final List<HostInterface> machine;
  private final Function<Ipv4, BootChoice> boot;
  private final List<Placed<FixedHost>> hosts;

  /**
   * Reads what is written.
   *
   * @param boot which boot file which node gets, unless it is written, by our address for it
   * @param hosts the nodes that are named
   */
  DhcpSettings(
      RawSettings raw,
      Problems problems,
      List<HostInterface> machine,
      Function<Ipv4, BootChoice> boot,
      List<Placed<FixedHost>> hosts) {
    this.raw = raw;
    this.problems = problems;
    this.machine = machine;
    this.boot = boot;
    this.hosts = hosts;
  }

  /** Then boot files and the node root are asked for at each of them. */
  static boolean isAtSeveralAddresses(RawSettings raw, List<HostInterface> machine) {
    return raw.tables(NetworkReader.TABLE).stream()
            .flatMap(table -> NetworkReader.addressesOf(table, machine))
            .distinct()
            .count()
        > 1;
  }

  /** The interface of the first network that is on one, where nobody says which is the main one. */
  static Optional<HostInterface> mainInterface(RawSettings raw, List<HostInterface> machine) {
    return raw.tables(NetworkReader.TABLE).stream()
        .flatMap(table -> NetworkReader.interfaceOf(table, machine).stream())
        .findFirst();
  }

  /** Empty if something is wrong; the problems then say what. */
  Optional<Settings.Dhcp> read(HostInterface nic, Path nodeRoot, int nfsPort) {
    ScopeOptions written = ScopeReader.read(raw.table("dhcp"));
    Function<Ipv4, ScopeOptions> global = server -> written.over(defaults(nodeRoot, server));
    List<WrittenTable> tables = raw.tables(NetworkReader.TABLE);
    List<Placed<Network>> networks = new ArrayList<>();
    if (tables.isEmpty()) {
      only(nic, global.apply(nic.address()), nfsPort).ifPresent(networks::add);
    } else {
      requireNoShortForm();
      var reader = new NetworkReader(machine, nic, nfsPort, global, problems);
      tables.forEach(table -> reader.read(table).ifPresent(networks::add));
    }
    List<NodeClass> classes = HostReader.classes(raw.tables(HostReader.CLASSES));
    return networks.isEmpty()
        ? Optional.empty()
        : config(networks, classes).flatMap(config -> served(config, nic));
  }

  private ScopeOptions defaults(Path nodeRoot, Ipv4 server) {
    return new ScopeOptions.Builder()
        .boot(boot.apply(server))
        .rootPath(nodeRoot.toString())
        .name(NameTemplate.ofPrefix(Defaults.NAME_PREFIX))
        .maxMessageSize(Defaults.MAX_MESSAGE_SIZE)
        .leaseTime(Defaults.LEASE_TIME)
        .build();
  }

  /** The short form: one network, of the interface, unless {@code dhcp.subnet} says another. */
  private Optional<Placed<Network>> only(HostInterface nic, ScopeOptions global, int nfsPort) {
    Subnet subnet = raw.get(DHCP_SUBNET, Subnet::parse).orElse(nic.subnet());
    String place = raw.placeOf(DHCP_RANGE);
    List<AddressRange> ranges =
        raw.list(DHCP_RANGE, AddressRange::parse)
            .orElseGet(() -> Defaults.range(subnet, nic.address()).stream().toList());
    if (ranges.isEmpty()) {
      problems.add(place, "no addresses for nodes in " + subnet + "; give --range A-B");
      return Optional.empty();
    }
    try {
      List<Pool> pools = ranges.stream().map(Pool::of).toList();
      ServedSubnet served = new ServedSubnet(subnet, pools, ScopeOptions.NONE);
      NodeOptions options = new NodeOptions(nic.address(), nfsPort, global);
      return Optional.of(new Placed<>(place, new Network(List.of(served), options)));
    } catch (IllegalArgumentException e) {
      problems.add(place, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void requireNoShortForm() {
    for (SettingKey key : List.of(DHCP_SUBNET, DHCP_RANGE)) {
      if (raw.get(key, text -> text).isPresent()) {
        problems.add(
            raw.placeOf(key),
            key.text() + " is the short form for one network; give it in [[dhcp.network]]");
      }
    }
  }

  private Policy policy() {
    Policy policy =
        new Policy(
            unknown(),
            raw.get(DHCP_AUTHORITATIVE, SettingParsers::yesOrNo).orElse(true)
                ? Policy.Authority.AUTHORITATIVE
                : Policy.Authority.ONE_OF_SEVERAL,
            raw.get(DHCP_KEY, DhcpSettings::key).orElse(Policy.Key.MAC),
            raw.get(DHCP_REPLY, DhcpSettings::delivery).orElse(Policy.Delivery.BY_FLAG));
    return policy
        .with(
            raw.get(DHCP_RAPID_COMMIT, SettingParsers::yesOrNo).orElse(false)
                ? Policy.Commit.RAPID
                : Policy.Commit.AFTER_AN_OFFER)
        .with(
            raw.get(DHCP_PING_CHECK, SettingParsers::yesOrNo).orElse(Defaults.PING_CHECK)
                ? Policy.Probing.PING
                : Policy.Probing.NONE);
  }

  private Optional<DhcpConfig> config(List<Placed<Network>> networks, List<NodeClass> classes) {
    Policy policy = policy();
    try {
      return Optional.of(
          new DhcpConfig(Placed.values(networks), Placed.values(hosts), classes, policy));
    } catch (IllegalArgumentException e) {
      String place = culprit(networks, classes, policy);
      problems.add(place, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** The first network, else the first host, with which the configuration does not hold. */
  private String culprit(List<Placed<Network>> networks, List<NodeClass> classes, Policy policy) {
    int network =
        first(networks.size(), i -> !holds(networks.subList(0, i), List.of(), classes, policy));
    if (network < networks.size()) {
      return networks.get(network).place();
    }
    int host = first(hosts.size(), i -> !holds(networks, hosts.subList(0, i), classes, policy));
    return host < hosts.size() ? hosts.get(host).place() : "[dhcp]";
  }

  /** The one with which it no longer holds, which adding more does not mend; else their number. */
  private static int first(int count, IntPredicate fails) {
    int held = 0;
    int failed = count + 1;
    while (held + 1 < failed) {
      int middle = (held + failed) >>> 1;
      if (fails.test(middle)) {
        failed = middle;
      } else {
        held = middle;
      }
    }
    return held;
  }

  private static boolean holds(
      List<Placed<Network>> networks,
      List<Placed<FixedHost>> hosts,
      List<NodeClass> classes,
      Policy policy) {
    try {
      return !new DhcpConfig(Placed.values(networks), Placed.values(hosts), classes, policy)
          .networks()
          .isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private Duration historyKept() {
    return raw.get(DHCP_LEASE_HISTORY, SettingParsers::leaseHistory).orElse(Defaults.LEASE_HISTORY);
  }

  private Optional<Settings.Dhcp> served(DhcpConfig config, HostInterface nic) {
    List<String> notes = new ArrayList<>();
    UniqueNodeIds rule =
        raw.get(DHCP_UNIQUE_NODE_IDS, UniqueNodeIds::parse).orElse(UniqueNodeIds.WARN);
    config
        .nodeIdClash()
        .ifPresent(clash -> {
          switch (rule) {
            case WARN -> notes.add(clash + "; or say unique-node-ids = \"ignore\" under [dhcp]");
            case REFUSE -> problems.add(raw.placeOf(DHCP_UNIQUE_NODE_IDS), clash);
            case IGNORE -> {}
          }
        });
    try {
      int port = raw.get(DHCP_PORT, SettingParsers::port).orElse(Defaults.DHCP_PORT);
      DhcpListen listen = new DhcpListen(links(config, nic), port);
      return Optional.of(
          new Settings.Dhcp(
              config,
              listen,
              mode(listen),
              solicitationsOn(listen),
              historyKept(),
              List.copyOf(notes)));
    } catch (IllegalArgumentException e) {
      problems.add(raw.placeOf(DHCP_PORT), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** Who leaves the addresses to another server has none of his own. */
  private Settings.DhcpMode mode(DhcpListen listen) {
    Settings.DhcpMode mode = raw.get(DHCP_MODE, DhcpSettings::mode).orElse(Settings.DhcpMode.FULL);
    if (mode == Settings.DhcpMode.PROXY) {
      if (raw.list(DHCP_RANGE, text -> text).isPresent()) {
        problems.add(
            raw.placeOf(DHCP_RANGE),
            "in proxy mode another DHCP server gives the addresses; leave the range out");
      }
      if (listen.links().stream().anyMatch(link -> link.interfaceName().isEmpty())) {
        problems.add(raw.placeOf(DHCP_MODE), "proxy mode needs a network interface, not loopback");
      }
    }
    return mode;
  }

  private static Settings.DhcpMode mode(String text) {
    return switch (text) {
      case "full" -> Settings.DhcpMode.FULL;
      case "proxy" -> Settings.DhcpMode.PROXY;
      default -> throw new IllegalArgumentException("'" + text + "' is neither full nor proxy");
    };
  }

  /** The interfaces of all networks; for those behind relays, the main one. */
  private List<DhcpListen.Link> links(DhcpConfig config, HostInterface main) {
    Map<HostInterface, List<Ipv4>> others = new LinkedHashMap<>();
    for (Network network : config.networks()) {
      HostInterface nic =
          machine.stream()
              .filter(each -> each.address().equals(network.server()))
              .findFirst()
              .orElse(main);
      List<Ipv4> besides = network.servers().subList(1, network.servers().size());
      others.computeIfAbsent(nic, _ -> new ArrayList<>()).addAll(besides);
    }
    return others.entrySet().stream()
        .map(nic ->
            new DhcpListen.Link(nic.getKey().address(), device(nic.getKey()), nic.getValue()))
        .toList();
  }

  /** Loopback takes no broadcasts, and binding to it would keep out this machine's own tests. */
  private static Optional<String> device(HostInterface nic) {
    return nic.kind() == HostInterface.Kind.LOOPBACK ? Optional.empty() : Optional.of(nic.name());
  }

  private List<String> solicitationsOn(DhcpListen listen) {
    boolean wanted =
        raw.get(DHCP_ANSWER_ROUTER_SOLICITATIONS, SettingParsers::yesOrNo)
            .orElse(Defaults.ANSWER_ROUTER_SOLICITATIONS);
    return wanted
        ? listen.links().stream().flatMap(link -> link.interfaceName().stream()).toList()
        : List.of();
  }

  /** {@code unknown} is what {@code admission} was called when it had two values. */
  private Unknown unknown() {
    Optional<Unknown> admission = raw.get(DHCP_ADMISSION, DhcpSettings::admission);
    Optional<Unknown> older = raw.get(DHCP_UNKNOWN, DhcpSettings::unknown);
    if (admission.isPresent() && older.isPresent()) {
      problems.add(
          raw.placeOf(DHCP_UNKNOWN),
          "dhcp.unknown is the older word for dhcp.admission, which is there too; leave it out");
    }
    return admission.or(() -> older).orElse(Unknown.ALLOWED);
  }

  private static Unknown admission(String text) {
    return switch (text) {
      case "open" -> Unknown.ALLOWED;
      case "known" -> Unknown.REFUSED;
      case "approve" -> Unknown.WAITS;
      default ->
          throw new IllegalArgumentException("'" + text + "' is none of open, known, approve");
    };
  }

  private static Unknown unknown(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "allow" -> Unknown.ALLOWED;
      case "refuse" -> Unknown.REFUSED;
      default -> throw new IllegalArgumentException("'" + text + "' is neither allow nor refuse");
    };
  }

  private static Policy.Key key(String text) {
    return switch (text) {
      case "mac" -> Policy.Key.MAC;
      case "client-id" -> Policy.Key.CLIENT_ID;
      default -> throw new IllegalArgumentException("'" + text + "' is neither mac nor client-id");
    };
  }

  private static Policy.Delivery delivery(String text) {
    return switch (text) {
      case "by-flag" -> Policy.Delivery.BY_FLAG;
      case "broadcast" -> Policy.Delivery.BROADCAST;
      default ->
          throw new IllegalArgumentException("'" + text + "' is neither by-flag nor broadcast");
    };
  }
}
