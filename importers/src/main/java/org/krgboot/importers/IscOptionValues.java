package org.krgboot.importers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.krgboot.model.Ipv4;

/** What nodes are told by options. */
final class IscOptionValues {
  private static final int VENDOR_OPTIONS = 43;

  private final IscMeaning meaning;
  private final Report report;
  private final Map<String, Integer> carriers = new HashMap<>();
  private final InnerOptions inner;

  IscOptionValues(IscMeaning meaning) {
    this.meaning = meaning;
    this.report = meaning.report;
    this.inner = new InnerOptions(meaning.draft.global);
  }

  /** The options of a space go out within one option: {@code code 175 = encapsulate ipxe}. */
  void encapsulate(String space, int code) {
    carriers.put(space, code);
  }

  /** Those of that space go out in option 43 to the nodes of that scope. */
  void vendorSpace(String space, Place place, ScopeDraft scope) {
    meaning.atEnd.add(() -> inner.carry(space, VENDOR_OPTIONS, scope));
  }

  void apply(IscStatement.OptionValue statement, IscContext context) {
    Optional<IscOptions.Definition> option = meaning.options.find(statement.name());
    if (option.isEmpty()) {
      report.error(statement.place(), "there is no option '" + statement.name() + "'");
      return;
    }
    switch (statement.value()) {
      case IscStatement.Data data -> written(statement, option.get(), data.tokens(), context);
      case IscStatement.Computed computed ->
          computed(statement, option.get(), computed.expression(), context);
    }
  }

  private void computed(
      IscStatement.OptionValue statement,
      IscOptions.Definition option,
      IscExpression expression,
      IscContext context) {
    Place place = statement.place();
    if (expression instanceof IscExpression.Bytes bytes) {
      written(statement, option, List.of(new IscToken.Quoted(place, bytes.bytes())), context);
      return;
    }
    Optional<String> template =
        option.code() == Code.HOST_NAME ? IscNameTemplate.of(expression) : Optional.empty();
    if (template.isPresent() && template.get().contains("{octet")) {
      context.scope().say(ScopeKey.NAME, template.get(), place, report);
      report.used(place, "node-name = " + template.get());
    } else {
      report.ignored(place, "'" + statement.name() + "' is computed by what is not known here");
    }
  }

  private void written(
      IscStatement.OptionValue statement,
      IscOptions.Definition option,
      List<IscToken> tokens,
      IscContext context) {
    Place place = statement.place();
    if (tokens.stream().anyMatch(token -> token.is("<") || token.is(">"))) {
      report.error(place, "there is a blank to be filled in");
      return;
    }
    try {
      byte[] octets = option.type().encode(tokens, meaning.names);
      if (!option.space().equals(IscOptions.DHCP)) {
        encapsulated(option, octets, place, context);
      } else {
        said(option, tokens, octets, new At(place, context));
      }
    } catch (IllegalArgumentException e) {
      if (option.type().parts().contains(OptionType.Part.UNKNOWN)) {
        report.ignored(place, "an option of this type is not read; define it as a string");
      } else {
        report.error(place, "option " + statement.name() + ": " + e.getMessage());
      }
    }
  }

  private void encapsulated(
      IscOptions.Definition option, byte[] octets, Place place, IscContext context) {
    inner.say(option.space(), option.code(), octets, context.scope());
    report.used(place, option.space() + " option " + option.code());
    Integer carrier = carriers.get(option.space());
    if (carrier != null) {
      meaning.atEnd.add(() -> inner.carry(option.space(), carrier, context.scope()));
    }
  }

  /** Where a statement stands. */
  private record At(Place place, IscContext context) {}

  private void said(IscOptions.Definition option, List<IscToken> tokens, byte[] octets, At at) {
    String text = tokens.size() == 1 ? Texts.decoded(OptionType.text(tokens.getFirst())) : "";
    switch (option.code()) {
      case Code.SUBNET_MASK, Code.BROADCAST -> fact(option, octets, at);
      case Code.ROUTERS -> addresses(ScopeKey.ROUTERS, tokens, at);
      case Code.DNS -> addresses(ScopeKey.DNS, tokens, at);
      case Code.NTP -> addresses(ScopeKey.NTP, tokens, at);
      case Code.HOST_NAME -> hostName(text, at);
      case Code.DOMAIN -> text(ScopeKey.DOMAIN, text, at);
      case Code.ROOT_PATH -> rootPath(text, at);
      case Code.TFTP_SERVER -> softly(ScopeKey.SERVER_NAME, text, at);
      case Code.BOOT_FILE -> softly(ScopeKey.BOOT_FILE, text, at);
      case Code.MAX_MESSAGE_SIZE -> text(ScopeKey.MAX_MESSAGE_SIZE, text, at);
      case Code.LEASE_TIME -> time(ScopeKey.LEASE_TIME, text, at);
      case Code.RENEWAL_TIME -> time(ScopeKey.RENEW_TIME, text, at);
      case Code.REBINDING_TIME -> time(ScopeKey.REBIND_TIME, text, at);
      case Code.CLIENT_ID -> clientId(octets, at);
      case Code.SERVER_ID ->
          report.needless(at.place(), "krgboot names its own address on the node's network");
      case 50, 52, 53, 55, 56, 82 ->
          report.ignored(at.place(), "this option is the protocol's own and cannot be set");
      default -> {
        at.context().scope().say(ExtraOption.of(option.code(), option.name(), octets));
        report.used(at.place(), "option " + option.code() + " (" + option.name() + ")");
      }
    }
  }

  private void time(ScopeKey key, String text, At at) {
    Durations.say(key, text, at.place(), at.context().scope(), report);
  }

  private void text(ScopeKey key, String text, At at) {
    if (Texts.isPlain(text)) {
      at.context().scope().say(key, text, at.place(), report);
      report.used(at.place(), key.text() + " = " + text);
    } else {
      report.ignored(at.place(), "control characters cannot be sent in a name");
    }
  }

  /** Options 66 and 67 are sent with what the fields of the header have; those come first. */
  private void softly(ScopeKey key, String text, At at) {
    ScopeDraft scope = at.context().scope();
    meaning.atEnd.add(() -> {
      if (!scope.says(key)) {
        text(key, text, at);
      } else if (List.of(text).equals(scope.scope().said().get(key))) {
        report.needless(at.place(), "it is what the header says");
      } else {
        report.conflict(
            at.place(), key.text() + " is said otherwise in the header, which holds for both");
      }
    });
  }

  private void addresses(ScopeKey key, List<IscToken> tokens, At at) {
    List<String> addresses = new ArrayList<>();
    for (IscToken token : tokens) {
      if (!token.is(",")) {
        meaning.names.apply(OptionType.text(token)).map(Ipv4::toString).ifPresent(addresses::add);
      }
    }
    at.context().scope().say(key, addresses, at.place(), report);
    report.used(at.place(), key.text() + " = " + String.join(", ", addresses));
  }

  private void clientId(byte[] octets, At at) {
    Optional<Draft.HostDraft> host = at.context().owner(Draft.HostDraft.class);
    if (host.isPresent()) {
      meaning.hosts.clientId(host.get(), at.place(), octets);
    } else {
      report.ignored(at.place(), "a client id is the client's own to say");
    }
  }

  private void hostName(String text, At at) {
    Optional<Draft.HostDraft> host = at.context().owner(Draft.HostDraft.class);
    if (host.isPresent()) {
      meaning.hosts.name(host.get(), at.place(), text);
    } else {
      report.ignored(at.place(), "it would call several nodes '" + text + "'");
    }
  }

  /** The kernel's {@code server:/path,options}; ours are put there by krgboot itself. */
  private void rootPath(String text, At at) {
    RootPath path = RootPath.parse(text);
    text(ScopeKey.ROOT_PATH, path.path(), at);
    path.server()
        .ifPresent(server -> {
          ScopeDraft scope = at.context().scope();
          meaning.atEnd.add(() -> {
            List<String> next = scope.scope().said().getOrDefault(ScopeKey.NEXT_SERVER, List.of());
            if (!next.isEmpty() && !next.contains(server)) {
              report.conflict(at.place(), "the root is on this server here, not on " + server);
            }
          });
        });
    if (!path.options().isEmpty()) {
      report.needless(
          at.place(), "the mount options '" + path.options() + "' are krgboot's own to say");
    }
  }

  /** What follows from the subnet, unless it contradicts it. */
  private void fact(IscOptions.Definition option, byte[] octets, At at) {
    Ipv4 said = Ipv4.of(octets);
    Optional<Draft.SubnetDraft> in = at.context().owner(Draft.SubnetDraft.class);
    meaning.atEnd.add(() -> {
      List<Draft.SubnetDraft> subnets =
          in.map(List::of)
              .orElseGet(() ->
                  meaning.draft.networks.stream().flatMap(each -> each.subnets.stream()).toList());
      boolean same =
          subnets.stream()
              .allMatch(each ->
                  said.equals(
                      option.code() == Code.SUBNET_MASK
                          ? each.subnet.netmask()
                          : each.subnet.broadcast()));
      if (same) {
        report.needless(at.place(), "it follows from the subnet");
      } else {
        report.conflict(at.place(), option.name() + " " + said + " is not that of the subnet");
      }
    });
  }

  /** Codes of options, RFC 2132. */
  private static final class Code {
    private Code() {}

    static final int SUBNET_MASK = 1;
    static final int ROUTERS = 3;
    static final int DNS = 6;
    static final int HOST_NAME = 12;
    static final int DOMAIN = 15;
    static final int ROOT_PATH = 17;
    static final int BROADCAST = 28;
    static final int NTP = 42;
    static final int LEASE_TIME = 51;
    static final int SERVER_ID = 54;
    static final int MAX_MESSAGE_SIZE = 57;
    static final int RENEWAL_TIME = 58;
    static final int REBINDING_TIME = 59;
    static final int CLIENT_ID = 61;
    static final int TFTP_SERVER = 66;
    static final int BOOT_FILE = 67;
  }
}
