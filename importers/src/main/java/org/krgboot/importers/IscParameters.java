package org.krgboot.importers;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.krgboot.importers.IscContext.Level;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;

/** Statements that are neither options nor blocks: ranges, boot files, lease times, rules. */
final class IscParameters {
  private final IscMeaning meaning;
  private final Report report;
  private final IscRules rules;

  IscParameters(IscMeaning meaning) {
    this.meaning = meaning;
    this.report = meaning.report;
    this.rules = new IscRules(meaning);
  }

  void apply(IscStatement.Parameter parameter, IscContext context) {
    switch (parameter.value()) {
      case IscStatement.Data data -> apply(parameter, data.tokens(), context);
      case IscStatement.Computed computed -> computed(parameter, computed.expression(), context);
    }
  }

  /** {@code filename = "a";} is {@code filename "a";}. */
  private void computed(
      IscStatement.Parameter parameter, IscExpression expression, IscContext context) {
    Place place = parameter.place();
    if (expression instanceof IscExpression.Bytes text) {
      apply(parameter, List.of(new IscToken.Quoted(place, text.bytes())), context);
    } else if (expression instanceof IscExpression.Numeral number) {
      String digits = Long.toString(number.value());
      apply(parameter, List.of(new IscToken.Word(place, digits)), context);
    } else if (IscNeedless.reason(parameter.name()).isPresent()) {
      report.needless(place, IscNeedless.reason(parameter.name()).get());
    } else {
      report.ignored(place, "'" + parameter.name() + "' is computed, which is not done here");
    }
  }

  private void apply(IscStatement.Parameter parameter, List<IscToken> values, IscContext context) {
    Place place = parameter.place();
    switch (parameter.name()) {
      case "range" -> range(place, values, context);
      case "hardware", "fixed-address", "host-identifier" ->
          meaning.hosts.apply(parameter.name(), place, values, context);
      case "filename" -> text(ScopeKey.BOOT_FILE, place, values, context);
      case "server-name" -> text(ScopeKey.SERVER_NAME, place, values, context);
      case "next-server" -> nextServer(place, values, context);
      case "default-lease-time" -> leaseTime(place, values, context);
      case "max-lease-time", "min-lease-time" ->
          report.needless(place, "a node gets the lease time, whatever it asks for");
      case "allow", "deny", "ignore" -> rules.apply(parameter.name(), place, values, context);
      case "boot-unknown-clients" ->
          rules.unknown(rules.isOn(values) ? "allow" : "deny", place, context);
      case "authoritative" -> authority(Configuration.Authority.AUTHORITATIVE, place);
      case "not" -> authority(Configuration.Authority.ONE_OF_SEVERAL, place);
      case "always-broadcast" -> broadcast(place, values, context);
      case "ping-check" -> ping(place, values, context);
      case "ignore-client-uids" -> clientIds(place, values, context);
      case "use-host-decl-names" -> meaning.hosts.useNames(place, rules.isOn(values), context);
      case "vendor-option-space" -> vendorSpace(place, values, context);
      case "subclass" -> meaning.classes.member(place, values, List.of(), context);
      default -> other(parameter.name(), place);
    }
  }

  private void other(String name, Place place) {
    Optional<String> needless = IscNeedless.reason(name);
    Optional<String> ignored = IscNeedless.loss(name);
    if (needless.isPresent()) {
      report.needless(place, needless.get());
    } else if (ignored.isPresent()) {
      report.ignored(place, ignored.get());
    } else {
      report.error(place, "dhcpd knows no statement '" + name + "'");
    }
  }

  private void range(Place place, List<IscToken> values, IscContext context) {
    List<IscToken> ends = values.stream().filter(each -> !each.isWord("dynamic-bootp")).toList();
    List<Ipv4> addresses =
        ends.stream().flatMap(each -> meaning.names.apply(each.written()).stream()).toList();
    if (addresses.isEmpty() || addresses.size() != ends.size() || addresses.size() > 2) {
      report.error(place, "a range is two addresses: range 10.11.12.101 10.11.12.199");
      return;
    }
    Ipv4 first = addresses.getFirst();
    Ipv4 last = addresses.getLast();
    AddressRange range =
        first.compareTo(last) <= 0 ? new AddressRange(first, last) : new AddressRange(last, first);
    Optional<Draft.PoolDraft> pool = context.owner(Draft.PoolDraft.class);
    Optional<Draft.SubnetDraft> subnet = context.owner(Draft.SubnetDraft.class);
    if (pool.isPresent()) {
      pool.get().ranges.add(range);
    } else if (subnet.isPresent()) {
      Draft.PoolDraft made = new Draft.PoolDraft(place);
      made.ranges.add(range);
      subnet.get().pools.add(made);
    } else {
      report.error(place, "a range stands in a subnet or pool");
      return;
    }
    report.used(place, "the range " + range);
    if (ends.size() != values.size()) {
      report.needless(place, "BOOTP clients are not answered; boot ROMs use DHCP");
    }
  }

  private void text(ScopeKey key, Place place, List<IscToken> values, IscContext context) {
    if (values.size() != 1) {
      report.error(place, "one text in quotes is wanted");
      return;
    }
    String text = Texts.decoded(OptionType.text(values.getFirst()));
    if (Texts.isPlain(text)) {
      context.scope().say(key, text, place, report);
      report.used(place, key.text() + " = " + text);
    } else {
      report.ignored(place, "control characters cannot be sent in a name");
    }
  }

  private void nextServer(Place place, List<IscToken> values, IscContext context) {
    Optional<Ipv4> address =
        values.size() == 1
            ? meaning.names.apply(OptionType.text(values.getFirst()))
            : Optional.empty();
    if (address.isEmpty()) {
      report.ignored(place, "this is neither an address nor a known name");
    } else {
      context.scope().say(ScopeKey.NEXT_SERVER, address.get().toString(), place, report);
      report.used(place, "next-server = " + address.get());
    }
  }

  private void leaseTime(Place place, List<IscToken> values, IscContext context) {
    String text = values.size() == 1 ? values.getFirst().written() : "";
    Durations.say(ScopeKey.LEASE_TIME, text, place, context.scope(), report);
  }

  private void authority(Configuration.Authority authority, Place place) {
    meaning.draft.authority = authority;
    report.used(place, "authoritative = " + (authority == Configuration.Authority.AUTHORITATIVE));
  }

  private void broadcast(Place place, List<IscToken> values, IscContext context) {
    if (!rules.isOn(values)) {
      report.needless(place, "nodes are answered as they ask for");
    } else if (context.level() == Level.GLOBAL && !context.isConditional()) {
      meaning.draft.delivery = Configuration.Delivery.BROADCAST;
      report.used(place, "all nodes are answered by broadcast");
    } else {
      report.ignored(place, "all nodes are answered by broadcast, or those that ask for it");
    }
  }

  /** dhcpd's own default is its opposite: only who says so wants several nodes of one machine. */
  private void ping(Place place, List<IscToken> values, IscContext context) {
    if (rules.isOn(values)) {
      report.used(place, "ping-check = true");
    } else if (context.level() == Level.GLOBAL && !context.isConditional()) {
      meaning.draft.probing = Configuration.Probing.NONE;
      report.used(place, "ping-check = false");
    } else {
      report.ignored(place, "addresses are tried before they are offered everywhere, or nowhere");
    }
  }

  private void clientIds(Place place, List<IscToken> values, IscContext context) {
    if (rules.isOn(values)) {
      report.needless(place, "a node is known by its MAC address here");
    } else if (context.level() == Level.GLOBAL && !context.isConditional()) {
      meaning.draft.key = Configuration.Key.CLIENT_ID;
      report.used(place, "key = client-id");
    } else {
      report.ignored(place, "nodes are known by MAC address or client id, all alike");
    }
  }

  private void vendorSpace(Place place, List<IscToken> values, IscContext context) {
    String space = values.size() == 1 ? OptionType.text(values.getFirst()) : "";
    meaning.optionValues.vendorSpace(space.toLowerCase(Locale.ROOT), place, context.scope());
    report.used(place, "option 43 carries the options of " + space);
  }
}
