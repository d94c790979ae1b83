package org.krgboot.importers;

import java.util.LinkedHashMap;
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
    profiles.forEach(this::profile);
    Map<String, Tree> nodes = tree.get("nodes").map(Tree::all).orElse(Map.of());
    nodes.forEach(this::node);
    if (nodes.isEmpty() && profiles.isEmpty()) {
      report.error(tree.place(), "there are neither nodes nor nodeprofiles in it");
    }
  }

  private void profile(String name, Tree profile) {
    profile
        .all()
        .forEach((key, value) -> {
          switch (key.toLowerCase(Locale.ROOT)) {
            case "comment", "network devices", "tags" -> report.needless(value.place(), key);
            case "kernel" -> kernel(name, value);
            default ->
                report.ignored(
                    value.place(),
                    "'" + key + "' of a profile is about images, which krgboot has not");
          }
        });
  }

  private void kernel(String profile, Tree kernel) {
    Optional<Tree> arguments = kernel.get("args");
    if (arguments.isPresent() && profile.equals("default")) {
      String text =
          arguments.get() instanceof Tree.Sequence list
              ? String.join(" ", list.elements().stream().map(Tree::text).toList())
              : Tree.text(arguments.get());
      draft.append(text.strip(), arguments.get().place());
    } else {
      report.ignored(kernel.place(), "kernel parameters are those of all nodes");
    }
  }

  private void node(String name, Tree node) {
    Map<String, Tree> devices = node.get("network devices").map(Tree::all).orElse(Map.of());
    Optional<Tree> device =
        Optional.ofNullable(devices.get("default")).or(() -> devices.values().stream().findFirst());
    if (device.isEmpty()) {
      report.ignored(node.place(), "the node " + name + " has no network device");
      return;
    }
    if (devices.size() > 1) {
      report.ignored(node.place(), "only the first network device of " + name + " boots");
    }
    Draft.HostDraft host = new Draft.HostDraft(node.place(), name, new ScopeDraft());
    host.name = EthersFile.name(name);
    host.id = device.get().scalar("hwaddr").flatMap(each -> DraftAssembly.mac(each.text()));
    device.get().scalar("ipaddr").flatMap(this::address).ifPresent(host.addresses::add);
    host.addresses.stream().findFirst().ifPresent(address -> subnet(device.get(), address, host));
    tellRest(device.get());
    draft.hosts.add(host);
    report.used(node.place(), "the node " + name);
  }

  private Optional<Ipv4> address(Tree.Scalar text) {
    try {
      return Optional.of(Ipv4.parse(text.text()));
    } catch (IllegalArgumentException e) {
      report.error(text.place(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void tellRest(Tree device) {
    device
        .all()
        .forEach((key, value) -> {
          if (DEVICE_KEYS.contains(key)) {
            report.needless(value.place(), "'" + key + "' is the node's own matter");
          } else if (!Set.of("hwaddr", "ipaddr", "netmask", "gateway").contains(key)) {
            report.ignored(value.place(), "'" + key + "' has no counterpart here");
          }
        });
  }

  /** Its network follows from address and netmask, if no file has said it. */
  private void subnet(Tree device, Ipv4 address, Draft.HostDraft host) {
    Optional<Draft.SubnetDraft> known =
        draft.networks.stream()
            .flatMap(network -> network.subnets.stream())
            .filter(each -> each.subnet.contains(address))
            .findFirst();
    Optional<Ipv4> gateway = device.scalar("gateway").flatMap(this::address);
    if (known.isEmpty()) {
      Ipv4 mask =
          device.scalar("netmask").flatMap(this::address).orElse(Ipv4.parse("255.255.255.0"));
      Subnet subnet = Subnet.around(address, Integer.bitCount(mask.bits()));
      Draft.NetworkDraft network = new Draft.NetworkDraft(Optional.empty(), new ScopeDraft());
      Draft.SubnetDraft made = new Draft.SubnetDraft(host.place, subnet, new ScopeDraft());
      network.subnets.add(made);
      draft.networks.add(network);
      gateway.ifPresent(
          router -> made.scope.say(ScopeKey.ROUTERS, router.toString(), host.place, report));
      report.used(host.place, "the subnet " + subnet);
    } else if (gateway.isPresent()
        && !known.get().scope.value(ScopeKey.ROUTERS).equals(gateway.map(Ipv4::toString))) {
      host.scope.say(ScopeKey.ROUTERS, gateway.get().toString(), host.place, report);
    }
  }
}
