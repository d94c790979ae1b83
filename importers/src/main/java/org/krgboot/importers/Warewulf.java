package org.krgboot.importers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/**
 * Warewulf 4's {@code nodes.conf}: nodes with their network devices, and the profiles they have.
 */
final class Warewulf {
  private static final Set<String> DEVICE_KEYS =
      Set.of("device", "type", "onboot", "primary", "tags", "mtu", "prefixlen6", "default");

  private static final Set<String> ADDRESS_KEYS = Set.of("hwaddr", "ipaddr", "netmask", "gateway");

  private static final String DEVICES = "network devices";

  private final Draft draft;
  private final Report report;
  private Map<String, Tree> profiles = new LinkedHashMap<>();

  private Warewulf(Draft draft) {
    this.draft = draft;
    this.report = draft.report();
  }

  static void read(String file, String text, Draft draft) {
    TreeReader.read(file, text, draft.report()).ifPresent(tree -> new Warewulf(draft).root(tree));
  }

  private void root(Tree tree) {
    profiles = tree.get("nodeprofiles").map(Tree::all).orElse(Map.of());
    profiles.forEach(
        (name, profile) -> profile.all().forEach((key, value) -> ofProfile(name, key, value)));
    Map<String, Tree> nodes = tree.get("nodes").map(Tree::all).orElse(Map.of());
    nodes.forEach(this::node);
    if (nodes.isEmpty() && profiles.isEmpty()) {
      report.error(tree.place(), "there are neither nodes nor nodeprofiles in it");
    }
    tree.all()
        .forEach((key, value) -> {
          if (key.equalsIgnoreCase("ww_internal")) {
            report.needless(value.place(), "the version of the file");
          } else if (!key.equals("nodeprofiles") && !key.equals("nodes")) {
            report.ignored(value.place(), "'" + key + "' is not known here");
          }
        });
  }

  private void ofProfile(String profile, String key, Tree value) {
    if (key.equals(DEVICES)) {
      report.used(value.place(), "the network devices of nodes with the profile " + profile);
    } else if (key.equals("kernel") && profile.equals("default")) {
      kernel(value);
    } else {
      rest(key, value);
    }
  }

  /** What nodes and profiles say beside their devices. */
  private void rest(String key, Tree value) {
    switch (key.toLowerCase(Locale.ROOT)) {
      case "comment", "tags", "profiles", "id", "discoverable", "valid", "primary network" ->
          report.needless(value.place(), "'" + key + "' says nothing to nodes");
      case "ipmi" -> report.needless(value.place(), "krgboot does not switch nodes on and off");
      case "kernel" ->
          report.ignored(value.place(), "kernel parameters are those of all nodes: boot.append");
      default ->
          report.ignored(value.place(), "'" + key + "' is about images, which krgboot has not");
    }
  }

  private void kernel(Tree kernel) {
    kernel
        .all()
        .forEach((key, value) -> {
          if (key.equals("args")) {
            String text =
                value instanceof Tree.Sequence list
                    ? String.join(" ", list.elements().stream().map(Tree::text).toList())
                    : Tree.text(value);
            draft.append(text.strip(), value.place());
          } else {
            report.ignored(value.place(), "the kernel is the newest of the node root: boot.kernel");
          }
        });
  }

  private void node(String name, Tree node) {
    node.all()
        .forEach((key, value) -> {
          if (!key.equals(DEVICES)) {
            rest(key, value);
          }
        });
    Map<String, Tree> devices = node.get(DEVICES).map(Tree::all).orElse(Map.of());
    String primary = node.scalar("primary network").map(Tree.Scalar::text).orElse("default");
    Optional<String> chosen =
        devices.containsKey(primary) ? Optional.of(primary) : devices.keySet().stream().findFirst();
    if (chosen.isEmpty()) {
      report.ignored(node.place(), "the node " + name + " has no network device");
      return;
    }
    devices.forEach((each, device) -> {
      if (!each.equals(chosen.get())) {
        report.ignored(
            device.place(), name + " boots by its device " + chosen.get() + ", not by " + each);
      }
    });
    tellRest(devices.get(chosen.get()));
    host(name, node, device(node, chosen.get()));
  }

  private void host(String name, Tree node, Map<String, Tree.Scalar> device) {
    Draft.HostDraft host = new Draft.HostDraft(node.place(), name, new ScopeDraft());
    host.name = EthersFile.name(name);
    Optional<Tree.Scalar> mac = Optional.ofNullable(device.get("hwaddr"));
    host.id = mac.flatMap(each -> DraftAssembly.mac(each.text()));
    if (mac.isPresent() && host.id.isEmpty()) {
      report.error(mac.get().place(), "'" + mac.get().text() + "' is not a MAC address");
    }
    address(device, "ipaddr").ifPresent(host.addresses::add);
    host.addresses.stream().findFirst().ifPresent(address -> subnet(device, address, host));
    draft.hosts.add(host);
    report.used(node.place(), "the node " + name);
  }

  /** What the node says of the device, and before it its profiles, the last one over the others. */
  private Map<String, Tree.Scalar> device(Tree node, String name) {
    List<String> of = new ArrayList<>();
    node.list("profiles").forEach(each -> of.add(Tree.text(each)));
    if (of.isEmpty()) {
      of.add("default");
    }
    Map<String, Tree.Scalar> all = new LinkedHashMap<>();
    for (String profile : of) {
      Optional.ofNullable(profiles.get(profile)).ifPresent(tree -> take(tree, name, all));
    }
    take(node, name, all);
    return all;
  }

  private static void take(Tree of, String device, Map<String, Tree.Scalar> into) {
    Optional<Tree> found = of.get(DEVICES).flatMap(devices -> devices.get(device));
    for (String key : ADDRESS_KEYS) {
      found.flatMap(each -> each.scalar(key)).ifPresent(value -> into.put(key, value));
    }
  }

  private Optional<Ipv4> address(Map<String, Tree.Scalar> device, String key) {
    Tree.Scalar text = device.get(key);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Ipv4.parse(text.text()));
    } catch (IllegalArgumentException e) {
      report.error(text.place(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void tellRest(@org.jspecify.annotations.Nullable Tree device) {
    if (device == null) {
      return;
    }
    device
        .all()
        .forEach((key, value) -> {
          if (DEVICE_KEYS.contains(key)) {
            report.needless(value.place(), "'" + key + "' is the node's own matter");
          } else if (!ADDRESS_KEYS.contains(key)) {
            report.ignored(value.place(), "'" + key + "' is not known here");
          }
        });
  }

  /** Its network follows from address and netmask, if no file has said it. */
  private void subnet(Map<String, Tree.Scalar> device, Ipv4 address, Draft.HostDraft host) {
    Optional<Draft.SubnetDraft> known =
        draft.networks.stream()
            .flatMap(network -> network.subnets.stream())
            .filter(each -> each.subnet.contains(address))
            .findFirst();
    Optional<Ipv4> gateway = address(device, "gateway");
    if (known.isEmpty()) {
      Ipv4 mask = address(device, "netmask").orElse(Ipv4.parse("255.255.255.0"));
      Subnet subnet = Subnet.around(address, Integer.bitCount(mask.bits()));
      Draft.NetworkDraft network = new Draft.NetworkDraft(Optional.empty(), new ScopeDraft());
      Draft.SubnetDraft made = new Draft.SubnetDraft(host.place, subnet, new ScopeDraft());
      network.subnets.add(made);
      draft.networks.add(network);
      gateway.ifPresent(
          router -> made.scope.say(ScopeKey.ROUTERS, router.toString(), host.place, report));
      String guessed = device.containsKey("netmask") ? "" : ", since no netmask is said; check it";
      report.used(host.place, "the subnet " + subnet + guessed);
    } else if (gateway.isPresent()
        && !known.get().scope.value(ScopeKey.ROUTERS).equals(gateway.map(Ipv4::toString))) {
      host.scope.say(ScopeKey.ROUTERS, gateway.get().toString(), host.place, report);
    }
  }
}
