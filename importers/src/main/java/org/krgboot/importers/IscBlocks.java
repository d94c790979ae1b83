package org.krgboot.importers;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.krgboot.importers.IscContext.Level;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/** What has braces: subnets, groups, pools, hosts, classes. */
final class IscBlocks {
  /** What the statements of a group are said to. */
  private static final Set<String> MEMBERS = Set.of("host", "subnet", "shared-network");

  private final IscMeaning meaning;

  IscBlocks(IscMeaning meaning) {
    this.meaning = meaning;
  }

  void apply(IscStatement.Block block, IscContext context) {
    Place place = block.place();
    switch (block.keyword()) {
      case "subnet" -> subnet(block, context);
      case "shared-network" -> network(block, context);
      case "group" -> group(block, context);
      case "pool" -> pool(block, context);
      case "host" -> host(block, context);
      case "class", "vendor-class", "user-class" -> meaning.classes.declare(block, context);
      case "subclass" -> meaning.classes.member(block, context);
      case "zone", "key" -> meaning.report.needless(place, "krgboot does not update DNS");
      case "failover" ->
          meaning.report.ignored(place, "there is no failover; one krgboot serves all addresses");
      case "on" -> event(block);
      case "define" -> meaning.report.ignored(place, "there are no functions here");
      case "subnet6", "pool6" -> meaning.report.ignored(place, "IPv6 is not served");
      default -> meaning.report.error(place, "dhcpd knows no '" + block.keyword() + " { }'");
    }
  }

  private void event(IscStatement.Block block) {
    boolean runs =
        block.body().stream()
            .anyMatch(each ->
                each instanceof IscStatement.Action action && action.name().equals("execute"));
    if (runs) {
      meaning.report.ignored(block.place(), "krgboot runs no program for a lease");
    } else {
      meaning.report.needless(block.place(), "what is only logged or kept tells nodes nothing");
    }
  }

  private void subnet(IscStatement.Block block, IscContext context) {
    Optional<Subnet> subnet = subnetOf(block);
    if (subnet.isEmpty()) {
      tellFaultsWithin(block, context);
      return;
    }
    Draft.SubnetDraft made =
        new Draft.SubnetDraft(block.place(), subnet.get(), new ScopeDraft(context.group()));
    context
        .owner(Draft.NetworkDraft.class)
        .orElseGet(() -> {
          Draft.NetworkDraft alone = new Draft.NetworkDraft(Optional.empty(), new ScopeDraft());
          meaning.draft.networks.add(alone);
          return alone;
        })
        .subnets
        .add(made);
    meaning.report.used(block.place(), "the subnet " + subnet.get());
    meaning.walk(block.body(), context.in(Level.SUBNET, made.scope, made).within(block.place()));
  }

  /**
   * Of a subnet without number what stands in it is lost, but its own mistakes are told at once.
   */
  private void tellFaultsWithin(IscStatement.Block block, IscContext context) {
    Draft.SubnetDraft lost =
        new Draft.SubnetDraft(block.place(), Subnet.parse("0.0.0.0/0"), new ScopeDraft());
    meaning.walk(block.body(), context.in(Level.SUBNET, lost.scope, lost).within(block.place()));
  }

  private Optional<Subnet> subnetOf(IscStatement.Block block) {
    List<IscToken> head = block.head();
    if (head.size() < 3 || !head.get(1).isWord("netmask")) {
      meaning.report.error(
          block.place(),
          "a subnet needs its number and netmask: subnet 10.0.0.0 netmask 255.0.0.0");
      return Optional.empty();
    }
    Optional<Ipv4> number = meaning.names.apply(head.get(0).written());
    Optional<Ipv4> mask = meaning.names.apply(head.get(2).written());
    if (number.isEmpty() || mask.isEmpty()) {
      meaning.report.error(block.place(), "the subnet's number or netmask is not an address");
      return Optional.empty();
    }
    int prefix = Integer.bitCount(mask.get().bits());
    try {
      Subnet subnet = new Subnet(number.get(), prefix);
      if (subnet.netmask().equals(mask.get())) {
        return Optional.of(subnet);
      }
      meaning.report.error(block.place(), mask.get() + " is not a netmask");
    } catch (IllegalArgumentException e) {
      meaning.report.error(block.place(), String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  private void network(IscStatement.Block block, IscContext context) {
    Draft.NetworkDraft network =
        new Draft.NetworkDraft(name(block), new ScopeDraft(context.group()));
    int before = meaning.report.size();
    meaning.draft.networks.add(network);
    meaning.report.used(block.place(), "a network whose subnets share one wire");
    meaning.walk(
        block.body(), context.in(Level.NETWORK, network.scope, network).within(block.place()));
    if (network.subnets.isEmpty()) {
      meaning.draft.networks.remove(network);
      meaning.report.takeBack(
          before, meaning.report.size(), ", but for nobody: the network has no subnet");
    }
  }

  private static Optional<String> name(IscStatement.Block block) {
    return block.head().stream().findFirst().map(OptionType::text);
  }

  private void group(IscStatement.Block block, IscContext context) {
    if (hasMember(block.body())) {
      meaning.walk(block.body(), context.inGroup(new ScopeDraft(context.group())));
    } else {
      meaning.report.ignored(
          block.place(),
          "this group has no host and no subnet, so dhcpd tells nobody what stands in it, and"
              + " neither does krgboot; write it outside the group to tell it to all nodes");
      toNobody(block.body(), context.inGroup(new ScopeDraft(context.group())));
    }
  }

  private static boolean hasMember(List<IscStatement> body) {
    return body.stream()
        .anyMatch(each ->
            switch (each) {
              case IscStatement.Block inner ->
                  MEMBERS.contains(inner.keyword())
                      || (inner.keyword().equals("group") && hasMember(inner.body()));
              case IscStatement.Include include -> hasMember(include.statements());
              default -> false;
            });
  }

  /** Classes and names of options are there for all; what is said is said to nobody. */
  private void toNobody(List<IscStatement> body, IscContext context) {
    for (IscStatement statement : body) {
      switch (statement) {
        case IscStatement.Include include -> toNobody(include.statements(), context);
        case IscStatement.Block _, IscStatement.OptionDefinition _, IscStatement.OptionSpace _ ->
            meaning.walk(List.of(statement), context);
        default -> toNobody(statement, context);
      }
    }
  }

  /** Mistakes are told, but nothing of it comes into the result. */
  private void toNobody(IscStatement statement, IscContext context) {
    int lines = meaning.report.size();
    int ends = meaning.atEnd.size();
    int classes = meaning.draft.classes.size();
    meaning.walk(List.of(statement), context);
    meaning.report.takeBack(lines, meaning.report.size(), ", but to nobody: the group is empty");
    meaning.atEnd.subList(ends, meaning.atEnd.size()).clear();
    meaning
        .draft
        .classes
        .subList(classes, meaning.draft.classes.size())
        .removeIf(each -> each.origin() == Draft.Origin.CONDITION);
  }

  private void pool(IscStatement.Block block, IscContext context) {
    Draft.PoolDraft pool = new Draft.PoolDraft(block.place());
    Optional<Draft.SubnetDraft> subnet = context.owner(Draft.SubnetDraft.class);
    Optional<Draft.NetworkDraft> network = context.owner(Draft.NetworkDraft.class);
    if (subnet.isEmpty() && network.isEmpty()) {
      meaning.report.error(block.place(), "a pool stands in a subnet or shared-network");
      return;
    }
    subnet.ifPresent(owner -> owner.pools.add(pool));
    network.ifPresent(owner -> owner.pools.add(pool));
    int before = meaning.report.size();
    meaning.walk(block.body(), context.in(Level.POOL, pool.scope, pool).within(block.place()));
    if (pool.ranges.isEmpty() && !pool.closed) {
      meaning.report.takeBack(
          before, meaning.report.size(), ", but for nobody: the pool has no range");
      meaning.report.error(block.place(), "a pool needs a range: range 10.11.12.101 10.11.12.199;");
    }
  }

  private void host(IscStatement.Block block, IscContext context) {
    String label = name(block).orElse("");
    if (label.isEmpty()) {
      meaning.report.error(block.place(), "a host needs a name");
      return;
    }
    Draft.HostDraft host =
        new Draft.HostDraft(block.place(), label, new ScopeDraft(context.group()));
    meaning.draft.hosts.add(host);
    meaning.report.used(block.place(), "the host " + label);
    meaning.walk(block.body(), context.in(Level.HOST, host.scope, host));
  }
}
