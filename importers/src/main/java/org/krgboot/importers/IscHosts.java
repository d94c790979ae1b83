package org.krgboot.importers;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;

/** What a host is recognised by, its addresses and its name. */
final class IscHosts {
  private final IscMeaning meaning;
  private final Report report;

  /** Where it is said, whether the hosts there are called as they are declared. */
  private final Map<ScopeDraft, Boolean> declared = new HashMap<>();

  IscHosts(IscMeaning meaning) {
    this.meaning = meaning;
    this.report = meaning.report;
  }

  void useNames(Place place, boolean use, IscContext context) {
    declared.put(context.scope(), use);
    if (use) {
      report.used(place, "hosts are called as they are declared");
    } else {
      report.needless(place, "hosts are called as they are declared only if that is asked for");
    }
  }

  void apply(String what, Place place, List<IscToken> values, IscContext context) {
    Optional<Draft.HostDraft> host = context.owner(Draft.HostDraft.class);
    if (host.isEmpty()) {
      report.error(place, "'" + what + "' stands in a host only");
      return;
    }
    switch (what) {
      case "hardware" -> hardware(host.get(), place, values);
      case "fixed-address" -> addresses(host.get(), place, values);
      default -> identifier(host.get(), place, values);
    }
  }

  private void hardware(Draft.HostDraft host, Place place, List<IscToken> values) {
    if (values.size() != 2 || !values.getFirst().isWord("ethernet")) {
      String kind = values.isEmpty() ? "nothing" : values.getFirst().written();
      report.ignored(place, "hosts have Ethernet addresses, not " + kind);
      return;
    }
    Optional<String> mac = DraftAssembly.mac(values.get(1).written());
    if (mac.isEmpty()) {
      report.error(
          place,
          "'" + values.get(1).written() + "' is not a MAC address; write it as 52:54:00:12:34:56");
      return;
    }
    if (host.id.isPresent()) {
      report.needless(host.place, "the host is recognised by its MAC address");
    }
    host.key = Configuration.HostKey.MAC;
    host.id = mac;
    report.used(place, "mac = " + mac.get());
  }

  /** {@code option dhcp-client-identifier} of a host. */
  void clientId(Draft.HostDraft host, Place place, byte[] id) {
    if (host.id.isPresent()) {
      report.needless(place, "the host is recognised by its MAC address");
    } else {
      host.key = Configuration.HostKey.CLIENT_ID;
      host.id = Optional.of(HexFormat.of().formatHex(id));
      report.used(place, "client-id = " + host.id.get());
    }
  }

  private void identifier(Draft.HostDraft host, Place place, List<IscToken> values) {
    boolean isOption = values.size() == 3 && values.getFirst().isWord("option");
    String name = isOption ? values.get(1).written() : "";
    Optional<Configuration.HostKey> key =
        switch (name) {
          case "agent.circuit-id" -> Optional.of(Configuration.HostKey.CIRCUIT_ID);
          case "agent.remote-id" -> Optional.of(Configuration.HostKey.REMOTE_ID);
          case "dhcp-client-identifier" -> Optional.of(Configuration.HostKey.CLIENT_ID);
          default -> Optional.empty();
        };
    if (key.isEmpty()) {
      report.ignored(place, "a host is recognised by its MAC address, client id or relay only");
      return;
    }
    try {
      host.id = Optional.of(HexFormat.of().formatHex(OptionType.octets(values.get(2))));
      host.key = key.get();
      report.used(place, name + " = " + host.id.get());
    } catch (IllegalArgumentException e) {
      report.error(place, String.valueOf(e.getMessage()));
    }
  }

  private void addresses(Draft.HostDraft host, Place place, List<IscToken> values) {
    for (IscToken value : values) {
      if (value.is(",")) {
        continue;
      }
      Optional<Ipv4> address = meaning.names.apply(OptionType.text(value));
      if (address.isEmpty()) {
        report.ignored(
            place,
            "'"
                + value.written()
                + "' is neither an address nor a known name; import /etc/hosts along");
      } else {
        host.addresses.add(address.get());
      }
    }
    if (host.addresses.size() > 1) {
      report.conflict(
          place, "a host has one address here; the first one that is in a subnet holds");
    } else if (!host.addresses.isEmpty()) {
      report.used(place, "address = " + host.addresses.getFirst());
    } else if (values.isEmpty()) {
      report.error(place, "the address is missing");
    }
  }

  /** {@code option host-name} of a host. */
  void name(Draft.HostDraft host, Place place, String text) {
    String label = text.replaceFirst("\\..*$", "");
    try {
      host.name = Optional.of(new NodeName(label));
      report.used(place, "name = " + host.name.get());
      if (!label.equals(text)) {
        report.conflict(place, "a name has no domain here; '" + text + "' becomes '" + label + "'");
      }
    } catch (IllegalArgumentException e) {
      report.conflict(place, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Names by declaration. A computed name that is said to all wins over them, as with dhcpd
   * 4.4.3-P1, which was tried.
   */
  void finish() {
    boolean computed =
        meaning.draft.global.says(ScopeKey.NAME)
            || meaning.draft.networks.stream()
                .anyMatch(network ->
                    network.scope.says(ScopeKey.NAME)
                        || network.subnets.stream()
                            .anyMatch(each -> each.scope.says(ScopeKey.NAME)));
    if (computed || !declared.containsValue(true)) {
      return;
    }
    SubnetIndex subnets = new SubnetIndex();
    Map<Draft.SubnetDraft, Boolean> ofSubnets = new HashMap<>();
    for (Draft.NetworkDraft network : meaning.draft.networks) {
      boolean ofNetwork = declared.getOrDefault(network.scope, asks(meaning.draft.global));
      for (Draft.SubnetDraft subnet : network.subnets) {
        subnets.add(subnet);
        ofSubnets.put(subnet, declared.getOrDefault(subnet.scope, ofNetwork));
      }
    }
    for (Draft.HostDraft host : meaning.draft.hosts) {
      boolean asked =
          ofGroups(host.scope)
              .or(() ->
                  host.addresses.stream()
                      .flatMap(address -> subnets.of(address).stream())
                      .findFirst()
                      .map(subnet -> ofSubnets.getOrDefault(subnet, false)))
              .orElseGet(() -> asks(meaning.draft.global));
      if (asked && host.name.isEmpty() && !host.scope.says(ScopeKey.NAME)) {
        name(host, host.place, host.label);
      }
    }
  }

  private boolean asks(ScopeDraft scope) {
    return declared.getOrDefault(scope, false);
  }

  private Optional<Boolean> ofGroups(ScopeDraft scope) {
    Optional<Boolean> own = Optional.ofNullable(declared.get(scope));
    return own.or(() -> scope.outer().flatMap(this::ofGroups));
  }
}
