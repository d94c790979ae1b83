package org.krgboot.importers;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import org.krgboot.model.Ipv4;

/** Kea's reservations: hosts by each of its identifiers. */
final class KeaHosts {
  private final Draft draft;
  private final Report report;
  private final KeaScope scopes;
  private final Function<String, Optional<Ipv4>> names;

  KeaHosts(Draft draft, KeaScope scopes, Function<String, Optional<Ipv4>> names) {
    this.draft = draft;
    this.report = draft.report();
    this.scopes = scopes;
    this.names = names;
  }

  void read(Tree tree) {
    String label = tree.scalar("hostname").map(Tree.Scalar::text).orElse("");
    Draft.HostDraft host = new Draft.HostDraft(tree.place(), label, new ScopeDraft());
    tree.all().forEach((key, value) -> entry(host, key, value, tree));
    if (host.id.isPresent()) {
      draft.hosts.add(host);
      report.used(tree.place(), "the host " + (label.isEmpty() ? host.id.get() : label));
    } else {
      report.ignored(tree.place(), "the host has nothing that it could be recognised by");
    }
  }

  private void entry(Draft.HostDraft host, String key, Tree value, Tree all) {
    String text = Tree.text(value);
    switch (key) {
      case "hw-address" -> hardware(host, value.place(), text);
      case "client-id" -> identity(host, Configuration.HostKey.CLIENT_ID, text, value.place());
      case "duid" -> identity(host, Configuration.HostKey.DUID, text, value.place());
      case "circuit-id" -> identity(host, Configuration.HostKey.CIRCUIT_ID, text, value.place());
      case "flex-id" ->
          report.ignored(
              value.place(), "hosts are recognised by MAC address, client id, DUID or relay");
      case "ip-address" -> address(host, value.place(), text);
      case "hostname" -> name(host, value.place(), text);
      case "client-classes" -> classes(value, all);
      default -> scopes.say(key, value, all, host.scope);
    }
  }

  private void classes(Tree value, Tree all) {
    if (!all.list("client-classes").isEmpty()) {
      report.ignored(value.place(), "a node is in a class by its test only, not by its host");
    }
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
    } else if (text.indexOf('.') > 0) {
      report.conflict(
          place,
          "a name has no domain here; '"
              + text
              + "' becomes '"
              + text.replaceFirst("\\..*", "")
              + "'");
    }
  }

  /** Hexadecimal with colons, blanks or neither, or a text in single quotes. */
  private void identity(Draft.HostDraft host, Configuration.HostKey key, String text, Place place) {
    String hex =
        text.startsWith("'")
            ? HexFormat.of().formatHex(text.replace("'", "").getBytes(StandardCharsets.ISO_8859_1))
            : text.replaceFirst("^0x", "").replaceAll("[: ]", "");
    if (hex.matches("([0-9a-fA-F]{2})+")) {
      host.key = key;
      host.id = Optional.of(hex);
    } else {
      report.error(place, "'" + text + "' is not hexadecimal");
    }
  }
}
