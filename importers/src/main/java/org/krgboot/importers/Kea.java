package org.krgboot.importers;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/** Kea's {@code kea-dhcp4.conf}: JSON with comments, as far as it is about booting nodes. */
final class Kea {
  /** What Kea takes if nobody says it; the Kea ARM, "valid-lifetime". */
  private static final String USUAL_LEASE = "7200";

  private final Draft draft;
  private final Report report;
  private final KeaScope scopes;
  private final KeaClasses classes;
  private final KeaHosts hosts;

  private Kea(String file, Draft draft, Function<String, Optional<Ipv4>> names) {
    this.draft = draft;
    this.report = draft.report();
    this.scopes = new KeaScope(draft);
    this.classes = new KeaClasses(file, draft, scopes);
    this.hosts = new KeaHosts(draft, scopes, names);
  }

  static void read(
      String file,
      String text,
      SourceFiles files,
      Draft draft,
      Function<String, Optional<Ipv4>> names) {
    KeaText.Resolved resolved = KeaText.of(file, text, files, draft.report());
    TreeReader.read(resolved.text(), resolved.lines(), draft.report())
        .ifPresent(tree -> new Kea(file, draft, names).root(tree));
  }

  private void root(Tree tree) {
    Optional<Tree> dhcp4 = tree.get("Dhcp4");
    if (dhcp4.isEmpty()) {
      report.error(tree.place(), "there is no \"Dhcp4\" in it");
      return;
    }
    tree.all()
        .forEach((key, value) -> {
          if (!key.equals("Dhcp4")) {
            report.needless(value.place(), "'" + key + "' is not about DHCP for IPv4");
          }
        });
    draft.authority = Configuration.Authority.ONE_OF_SEVERAL;
    scopes.define(dhcp4.get().list("option-def"));
    dhcp4.get().list("client-classes").forEach(classes::read);
    dhcp4.get().all().forEach((key, value) -> global(key, value, dhcp4.get()));
    classes.finish();
    scopes.finish();
    if (!draft.global.says(ScopeKey.LEASE_TIME)) {
      Durations.say(ScopeKey.LEASE_TIME, USUAL_LEASE, dhcp4.get().place(), draft.global, report);
    }
  }

  private void global(String key, Tree value, Tree all) {
    switch (key) {
      case "subnet4" -> all.list(key).forEach(subnet -> network(Optional.empty(), List.of(subnet)));
      case "shared-networks" -> all.list(key).forEach(this::shared);
      case "reservations" -> all.list(key).forEach(hosts::read);
      case "client-classes" -> {}
      case "option-def" -> report.used(value.place(), "the names of options");
      case "hooks-libraries" -> KeaHooks.tell(all, report);
      case "authoritative" -> {
        if (Tree.text(value).equals("true")) {
          draft.authority = Configuration.Authority.AUTHORITATIVE;
        }
        report.used(value.place(), "authoritative = " + Tree.text(value));
      }
      default -> scopes.say(key, value, all, draft.global);
    }
  }

  private void shared(Tree shared) {
    Draft.NetworkDraft network =
        network(shared.scalar("name").map(Tree.Scalar::text), shared.list("subnet4"));
    if (network.subnets.isEmpty()) {
      report.ignored(shared.place(), "this network is for nobody: it has no subnet");
      return;
    }
    shared
        .all()
        .forEach((key, value) -> {
          switch (key) {
            case "subnet4" -> {}
            case "relay" -> relay(value, network.subnets);
            case "client-class", "client-classes" ->
                network.subnets.forEach(subnet -> restrict(shared.list(key), subnet));
            default -> scopes.say(key, value, shared, network.scope);
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
            case "subnet", "client-class", "client-classes" -> {}
            case "pools" -> tree.list(key).forEach(pool -> pool(pool, subnet));
            case "reservations" -> tree.list(key).forEach(hosts::read);
            case "relay" -> relay(value, List.of(subnet));
            default -> scopes.say(key, value, tree, subnet.scope);
          }
        });
    restrict(tree.list("client-class"), subnet);
    restrict(tree.list("client-classes"), subnet);
  }

  /** A subnet for some nodes is one whose pools are for them. */
  private void restrict(List<Tree> names, Draft.SubnetDraft subnet) {
    for (Tree each : names) {
      String name = classes.name(Tree.text(each), each.place());
      for (Draft.PoolDraft pool : subnet.pools) {
        if (pool.allow.isEmpty() || names.size() > 1) {
          pool.allow.add(name);
        } else if (!pool.allow.contains(name)) {
          report.ignored(
              each.place(), "the pool " + pool.ranges + " is for " + pool.allow + " already");
        }
      }
      report.used(each.place(), "its pools are for " + name);
    }
  }

  private void relay(Tree relay, List<Draft.SubnetDraft> subnets) {
    List<Tree> addresses = relay.list("ip-addresses");
    for (Tree each : addresses.isEmpty() ? relay.list("ip-address") : addresses) {
      Optional<Ipv4> address = EthersFile.address(Tree.text(each), draft);
      boolean inside =
          subnets.stream().anyMatch(subnet -> address.filter(subnet.subnet::contains).isPresent());
      if (inside) {
        report.needless(each.place(), "a relay is recognised by its address in the subnet");
      } else {
        report.ignored(
            each.place(),
            "a relay is recognised by its address, and "
                + Tree.text(each)
                + " is in no subnet of its network");
      }
    }
  }

  private void pool(Tree tree, Draft.SubnetDraft subnet) {
    Draft.PoolDraft pool = new Draft.PoolDraft(tree.place());
    try {
      pool.ranges.add(range(tree.scalar("pool").map(Tree.Scalar::text).orElse("")));
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
                pool.allow.add(classes.name(Tree.text(each), each.place()));
              }
              report.used(value.place(), "allow = " + String.join(", ", pool.allow));
            }
            default -> scopes.say(key, value, tree, pool.scope);
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
}
