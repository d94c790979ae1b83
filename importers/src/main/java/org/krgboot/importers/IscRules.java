package org.krgboot.importers;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.krgboot.importers.IscContext.Level;

/** {@code allow}, {@code deny} and {@code ignore}: who gets addresses. */
final class IscRules {
  private static final String BOOTP = "BOOTP clients are not answered; boot ROMs use DHCP";

  private final IscMeaning meaning;
  private final Report report;

  IscRules(IscMeaning meaning) {
    this.meaning = meaning;
    this.report = meaning.report;
  }

  void apply(String verb, Place place, List<IscToken> values, IscContext context) {
    String what =
        values.stream()
            .map(token -> token.written().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" "));
    boolean allow = verb.equals("allow");
    switch (what) {
      case "unknown-clients", "unknown clients" -> unknown(verb, place, context);
      case "known-clients", "known clients" -> known(verb, place, context);
      case "bootp", "dynamic bootp clients" -> report.needless(place, BOOTP);
      case "booting" -> booting(allow, place);
      case "duplicates" -> report.needless(place, "a node is known by its MAC address here");
      case "declines" -> declines(allow, place);
      case "client-updates" -> report.needless(place, "krgboot does not update DNS");
      case "leasequery" -> leasequery(allow, place);
      case "all clients" -> all(allow, place, context);
      default -> members(verb, what, place, values, context);
    }
  }

  private void declines(boolean allow, Place place) {
    if (allow) {
      report.needless(place, "an address that a node declines rests for a while");
    } else {
      report.ignored(place, "a DHCPDECLINE is always heeded, RFC 2131");
    }
  }

  private void leasequery(boolean allow, Place place) {
    if (allow) {
      report.ignored(place, "DHCPLEASEQUERY is not answered");
    } else {
      report.needless(place, "DHCPLEASEQUERY is not answered");
    }
  }

  private void booting(boolean allow, Place place) {
    if (allow) {
      report.needless(place, "nodes may boot");
    } else {
      report.ignored(
          place, "no single node is refused; leave its host out and refuse unknown ones");
    }
  }

  private void all(boolean allow, Place place, IscContext context) {
    Optional<Draft.PoolDraft> pool = context.owner(Draft.PoolDraft.class);
    if (allow) {
      report.needless(place, "all nodes may");
    } else if (pool.isPresent()) {
      pool.get().closed = true;
      report.used(place, "the pool is for nobody, and is left out");
    } else {
      report.ignored(place, "this is a rule of a pool");
    }
  }

  /** Of a pool the unknown nodes are allowed or denied; elsewhere all that it holds for. */
  void unknown(String verb, Place place, IscContext context) {
    Optional<Draft.PoolDraft> pool = context.owner(Draft.PoolDraft.class);
    if (pool.isPresent()) {
      poolRule(pool.get(), verb, "unknown", place);
    } else if (verb.equals("allow")) {
      report.needless(place, "unknown nodes get addresses unless something refuses them");
    } else if (context.isConditional() || context.level() == Level.CLASS) {
      report.ignored(place, "whether unknown nodes get addresses does not depend on conditions");
    } else if (context.level() == Level.GLOBAL) {
      meaning.draft.unknown = Configuration.Unknown.REFUSED;
      report.used(place, "unknown nodes get no address");
    } else {
      denyIn(place, context);
    }
  }

  private void denyIn(Place place, IscContext context) {
    Optional<Draft.SubnetDraft> subnet = context.owner(Draft.SubnetDraft.class);
    Optional<Draft.NetworkDraft> network = context.owner(Draft.NetworkDraft.class);
    if (subnet.isEmpty() && network.isEmpty()) {
      report.ignored(place, "a group cannot refuse unknown nodes; say it in the subnet");
      return;
    }
    report.used(place, "unknown nodes get no address here");
    meaning.atEnd.add(() -> {
      subnet.ifPresent(IscRules::denyUnknown);
      network.ifPresent(it -> {
        it.subnets.forEach(IscRules::denyUnknown);
        it.pools.forEach(pool -> pool.deny.add("unknown"));
      });
    });
  }

  private static void denyUnknown(Draft.SubnetDraft subnet) {
    subnet.pools.stream()
        .filter(pool -> !pool.deny.contains("unknown"))
        .forEach(pool -> pool.deny.add("unknown"));
  }

  private void known(String verb, Place place, IscContext context) {
    Optional<Draft.PoolDraft> pool = context.owner(Draft.PoolDraft.class);
    if (pool.isPresent()) {
      poolRule(pool.get(), verb, "known", place);
    } else {
      report.ignored(place, "this is a rule of a pool");
    }
  }

  private void members(
      String verb, String what, Place place, List<IscToken> values, IscContext context) {
    Optional<Draft.PoolDraft> pool = context.owner(Draft.PoolDraft.class);
    if (what.startsWith("members of ") && values.size() == 3) {
      if (pool.isPresent()) {
        poolRule(pool.get(), verb, OptionType.text(values.get(2)), place);
      } else {
        report.ignored(place, "this is a rule of a pool");
      }
    } else if (what.matches("(un)?authenticated clients")) {
      report.ignored(place, "there is no authentication");
    } else if (what.startsWith("after ")) {
      report.ignored(place, "a pool has no times");
    } else {
      report.error(place, "dhcpd does not know how to " + verb + " '" + what + "'");
    }
  }

  private void poolRule(Draft.PoolDraft pool, String verb, String name, Place place) {
    (verb.equals("allow") ? pool.allow : pool.deny).add(name);
    report.used(place, verb + " = " + name);
  }

  /** dhcpd's flags: on, true and yes are one. */
  boolean isOn(List<IscToken> values) {
    return values.isEmpty()
        || List.of("on", "true", "yes")
            .contains(values.getFirst().written().toLowerCase(Locale.ROOT));
  }
}
