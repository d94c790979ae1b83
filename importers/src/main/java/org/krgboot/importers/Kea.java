package org.krgboot.importers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/** Kea's {@code kea-dhcp4.conf}: JSON with comments, as far as it is about booting nodes. */
final class Kea {
  private static final Set<String> NEEDLESS =
      Set.of(
          "interfaces-config",
          "lease-database",
          "control-socket",
          "control-sockets",
          "loggers",
          "expired-leases-processing",
          "renew-timer",
          "rebind-timer",
          "min-valid-lifetime",
          "max-valid-lifetime",
          "multi-threading",
          "dhcp-ddns",
          "ddns-send-updates",
          "id",
          "interface",
          "user-context",
          "comment",
          "match-client-id",
          "echo-client-id",
          "host-reservation-identifiers",
          "reservations-in-subnet",
          "reservations-global",
          "reservations-out-of-pool",
          "reservation-mode",
          "calculate-tee-times",
          "hostname-char-set",
          "sanity-checks",
          "name",
          "hooks-libraries-comment",
          "cache-threshold",
          "cache-max-age",
          "decline-probation-period",
          "dhcp4o6-port",
          "server-tag",
          "statistic-default-sample-count",
          "statistic-default-sample-age",
          "store-extended-info",
          "t1-percent",
          "t2-percent");

  private final Draft draft;
  private final Report report;
  private final KeaScope scopes;
  private final KeaTest tests;
  private final Function<String, Optional<Ipv4>> names;

  private Kea(String file, Draft draft, Function<String, Optional<Ipv4>> names) {
    this.draft = draft;
    this.report = draft.report();
    this.scopes = new KeaScope(draft.report());
    this.tests = new KeaTest(file, draft.report());
    this.names = names;
  }

  static void read(String file, String text, Draft draft, Function<String, Optional<Ipv4>> names) {
    String plain = TreeReader.withoutComments(text);
    TreeReader.read(file, plain, draft.report())
        .ifPresent(tree -> new Kea(file, draft, names).root(tree));
  }

  private void root(Tree tree) {
    Optional<Tree> dhcp4 = tree.get("Dhcp4");
    if (dhcp4.isEmpty()) {
      report.error(tree.place(), "there is no \"Dhcp4\" in it");
      return;
    }
    scopes.definitions(dhcp4.get().list("option-def"));
    draft.authority = Configuration.Authority.ONE_OF_SEVERAL;
    dhcp4.get().all().forEach((key, value) -> global(key, value, dhcp4.get()));
  }

  private void global(String key, Tree value, Tree all) {
    switch (key) {
      case "subnet4" -> all.list(key).forEach(subnet -> network(Optional.empty(), List.of(subnet)));
      case "shared-networks" -> all.list(key).forEach(this::shared);
      case "reservations" -> all.list(key).forEach(this::reservation);
      case "client-classes" -> all.list(key).forEach(this::nodeClass);
      case "option-def" -> report.used(value.place(), "the names of options");
      case "authoritative" -> {
        if (Tree.text(value).equals("true")) {
          draft.authority = Configuration.Authority.AUTHORITATIVE;
        }
        report.used(value.place(), "authoritative = " + Tree.text(value));
      }
      default -> scopeKey(key, value, all, draft.global);
    }
  }

  /** What each level may say of its nodes. */
  private void scopeKey(String key, Tree value, Tree all, ScopeDraft scope) {
    if (scopes.takes(key)) {
      scopes.say(key, value, all, scope);
    } else if (NEEDLESS.contains(key) || key.startsWith("ddns-")) {
      report.needless(value.place(), "'" + key + "' has no meaning here, or holds anyway");
    } else {
      report.ignored(value.place(), "'" + key + "' has no counterpart here");
    }
  }

  private void shared(Tree shared) {
    Draft.NetworkDraft network =
        network(shared.scalar("name").map(Tree.Scalar::text), shared.list("subnet4"));
    shared
        .all()
        .forEach((key, value) -> {
          if (!key.equals("subnet4")) {
            scopeKey(key, value, shared, network.scope);
          }
        });
  }

  private Draft.NetworkDraft network(Optional<String> name, List<Tree> subnets) {
    Draft.NetworkDraft network = new Draft.NetworkDraft(name, new ScopeDraft());
    subnets.forEach(subnet -> subnet(subnet, network));
    if (!network.subnets.isEmpty()) {
      draft.networks.add(network);
    }
    return network;
  }

  private void subnet(Tree tree, Draft.NetworkDraft network) {
    Draft.SubnetDraft subnet;
    try {
      String text = tree.scalar("subnet").map(Tree.Scalar::text).orElse("");
      subnet = new Draft.SubnetDraft(tree.place(), Subnet.parse(text), new ScopeDraft());
    } catch (IllegalArgumentException e) {
      report.error(tree.place(), String.valueOf(e.getMessage()));
      return;
    }
    network.subnets.add(subnet);
    report.used(tree.place(), "the subnet " + subnet.subnet);
    tree.all()
        .forEach((key, value) -> {
          switch (key) {
            case "subnet" -> {}
            case "pools" -> tree.list(key).forEach(pool -> pool(pool, subnet));
            case "reservations" -> tree.list(key).forEach(this::reservation);
            default -> scopeKey(key, value, tree, subnet.scope);
          }
        });
  }

  private void pool(Tree tree, Draft.SubnetDraft subnet) {
    Draft.PoolDraft pool = new Draft.PoolDraft(tree.place());
    try {
      String text = tree.scalar("pool").map(Tree.Scalar::text).orElse("");
      pool.ranges.add(range(text));
    } catch (IllegalArgumentException e) {
      report.error(tree.place(), String.valueOf(e.getMessage()));
      return;
    }
    subnet.pools.add(pool);
    report.used(tree.place(), "the range " + pool.ranges.getFirst());
    tree.all()
        .forEach((key, value) -> {
          switch (key) {
            case "pool" -> {}
            case "client-class", "client-classes" -> {
              for (Tree each : tree.list(key)) {
                pool.allow.add(className(Tree.text(each)));
              }
              report.used(value.place(), "allow = " + String.join(", ", pool.allow));
            }
            default -> scopeKey(key, value, tree, pool.scope);
          }
        });
  }

  private static AddressRange range(String text) {
    if (text.indexOf('/') < 0) {
      return AddressRange.parse(text);
    }
    Subnet subnet = Subnet.parse(text.replace(" ", ""));
    return subnet.prefixLength() >= 31
        ? new AddressRange(subnet.network(), subnet.broadcast())
        : new AddressRange(subnet.network().next(), new Ipv4(subnet.broadcast().bits() - 1));
  }

  private static String className(String name) {
    return switch (name) {
      case "KNOWN" -> "known";
      case "UNKNOWN" -> "unknown";
      default -> name;
    };
  }

  private void reservation(Tree tree) {
    String label = tree.scalar("hostname").map(Tree.Scalar::text).orElse("");
    ScopeDraft scope = new ScopeDraft();
    Draft.HostDraft host = new Draft.HostDraft(tree.place(), label, scope);
    tree.all()
        .forEach((key, value) -> {
          String text = Tree.text(value);
          switch (key) {
            case "hw-address" -> hardware(host, value.place(), text);
            case "client-id" -> identity(host, Configuration.HostKey.CLIENT_ID, text);
            case "duid" -> identity(host, Configuration.HostKey.DUID, text);
            case "circuit-id" -> identity(host, Configuration.HostKey.CIRCUIT_ID, text);
            case "ip-address" -> address(host, value.place(), text);
            case "hostname" -> name(host, value.place(), text);
            default -> scopeKey(key, value, tree, scope);
          }
        });
    draft.hosts.add(host);
    report.used(tree.place(), "the host " + (label.isEmpty() ? host.id.orElse("?") : label));
  }

  private void hardware(Draft.HostDraft host, Place place, String text) {
    host.id = DraftAssembly.mac(text);
    if (host.id.isEmpty()) {
      report.error(place, "'" + text + "' is not a MAC address; write it as 52:54:00:12:34:56");
    }
  }

  private void address(Draft.HostDraft host, Place place, String text) {
    Optional<Ipv4> address = EthersFile.address(text, draft).or(() -> names.apply(text));
    if (address.isPresent()) {
      host.addresses.add(address.get());
    } else {
      report.error(place, "'" + text + "' is not an address");
    }
  }

  private void name(Draft.HostDraft host, Place place, String text) {
    host.name = EthersFile.name(text);
    if (host.name.isEmpty() && !text.isEmpty()) {
      report.conflict(place, "'" + text + "' cannot be a node's name; it has the usual one");
    }
  }

  private void identity(Draft.HostDraft host, Configuration.HostKey key, String text) {
    String hex =
        text.startsWith("'")
            ? java.util.HexFormat.of()
                .formatHex(
                    text.replace("'", "").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
            : text.replace(":", "").replaceFirst("^0x", "");
    if (hex.matches("([0-9a-fA-F]{2})+")) {
      host.key = key;
      host.id = Optional.of(hex);
    } else {
      report.error(host.place, "'" + text + "' is not hexadecimal");
    }
  }

  private void nodeClass(Tree tree) {
    String name = tree.scalar("name").map(Tree.Scalar::text).orElse("");
    Optional<Tree.Scalar> test = tree.scalar("test");
    List<Marks> marks = test.map(tests::marks).orElse(List.of());
    if (name.isEmpty() || marks.isEmpty()) {
      if (test.isEmpty()) {
        report.ignored(tree.place(), "the class '" + name + "' has no test");
      }
      return;
    }
    ScopeDraft scope = new ScopeDraft();
    List<String> told = new ArrayList<>();
    for (Map.Entry<String, Tree> entry : tree.all().entrySet()) {
      if (!Set.of("name", "test").contains(entry.getKey())) {
        scopeKey(entry.getKey(), entry.getValue(), tree, scope);
        told.add(entry.getKey());
      }
    }
    for (Marks each : marks) {
      draft.classes.add(
          0, // with Kea the first class that says something holds
          new Draft.ClassDraft(
              tree.place(),
              name,
              each,
              scope,
              Optional.empty(),
              Draft.Origin.CLASS,
              Optional.of(draft.global)));
    }
    report.used(tree.place(), "the class " + name + " with " + told);
  }
}
