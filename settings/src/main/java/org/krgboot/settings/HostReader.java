package org.krgboot.settings;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.krgboot.dhcp.FixedHost;
import org.krgboot.dhcp.HostKey;
import org.krgboot.dhcp.NodeClass;
import org.krgboot.dhcp.Octets;
import org.krgboot.dhcp.ScopeOptions;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

/**
 * The tables {@code [[host]]} and {@code [[dhcp.class]]}: whom the configuration knows, by what.
 */
final class HostReader {
  static final String HOSTS = "host";
  static final String CLASSES = "dhcp.class";

  private static final List<String> HOST_IDS =
      List.of("mac", "client-id", "duid", "circuit-id", "remote-id");
  private static final Set<String> HOST_KEYS =
      ScopeReader.keysWith(
          "mac", "client-id", "duid", "circuit-id", "remote-id", "address", "name");
  private static final Set<String> CLASS_KEYS =
      ScopeReader.keysWith(
          "name",
          "mac-prefix",
          "vendor-class",
          "user-class",
          "architecture",
          "circuit-id",
          "remote-id");

  private HostReader() {}

  static List<Placed<FixedHost>> hosts(List<WrittenTable> tables) {
    List<Placed<FixedHost>> hosts = new ArrayList<>();
    for (WrittenTable table : tables) {
      table.allow(HOST_KEYS);
      if (HOST_IDS.stream().filter(table::has).count() != 1) {
        table
            .problems()
            .add(table.place(), "a host needs its mac, or one of " + HOST_IDS + " in its place");
      } else {
        key(table)
            .map(key ->
                new FixedHost(
                    key,
                    table.get("address", Ipv4::parse),
                    table.get("name", NodeName::new),
                    ScopeReader.read(table)))
            .ifPresent(host -> hosts.add(new Placed<>(table.place(), host)));
      }
    }
    return hosts;
  }

  /** With what the tables {@code [[node]]} say of those with a MAC address, each node once. */
  static List<Placed<FixedHost>> withNodes(
      List<Placed<FixedHost>> hosts, List<Placed<NodeRecord>> nodes) {
    Map<HostKey, Placed<FixedHost>> all = new LinkedHashMap<>();
    List<Placed<FixedHost>> twice = new ArrayList<>(); // told when they are all put together
    for (Placed<FixedHost> host : hosts) {
      if (all.putIfAbsent(host.value().key(), host) != null) {
        twice.add(host);
      }
    }
    for (Placed<NodeRecord> node : nodes) {
      node.value()
          .mac()
          .ifPresent(mac -> {
            HostKey key = new HostKey.Mac(mac);
            if (node.value().isRejected()) {
              all.remove(key);
            } else {
              all.put(key, merged(all.get(key), node, key));
            }
          });
    }
    List<Placed<FixedHost>> merged = new ArrayList<>(all.values());
    merged.addAll(twice);
    return merged;
  }

  private static Placed<FixedHost> merged(
      @Nullable Placed<FixedHost> host, Placed<NodeRecord> node, HostKey key) {
    Optional<FixedHost> before = Optional.ofNullable(host).map(Placed::value);
    return new Placed<>(
        node.place(),
        new FixedHost(
            key,
            node.value().address().or(() -> before.flatMap(FixedHost::address)),
            node.value().name().or(() -> before.flatMap(FixedHost::name)),
            before.map(FixedHost::options).orElse(ScopeOptions.NONE)));
  }

  private static Optional<HostKey> key(WrittenTable table) {
    return table
        .get("mac", MacAddress::parse)
        .<HostKey>map(HostKey.Mac::new)
        .or(() -> table.get("client-id", Octets::parse).map(HostKey.ClientId::new))
        .or(() -> table.get("duid", Octets::parse).map(HostKey.Duid::new))
        .or(() -> table.get("circuit-id", Octets::parse).map(HostKey.CircuitId::new))
        .or(() -> table.get("remote-id", Octets::parse).map(HostKey.RemoteId::new));
  }

  static List<NodeClass> classes(List<WrittenTable> tables) {
    List<NodeClass> classes = new ArrayList<>();
    for (WrittenTable table : tables) {
      table.allow(CLASS_KEYS);
      try {
        classes.add(
            new NodeClass(
                table.get("name", SettingParsers::line).orElse(""),
                list(table, "mac-prefix", HostReader::macPrefix),
                list(table, "vendor-class", SettingParsers::line),
                list(table, "user-class", SettingParsers::line),
                new HashSet<>(list(table, "architecture", SettingParsers::architecture)),
                new HashSet<>(list(table, "circuit-id", Octets::parse)),
                new HashSet<>(list(table, "remote-id", Octets::parse)),
                ScopeReader.read(table)));
      } catch (IllegalArgumentException e) {
        table.problems().add(table.place(), String.valueOf(e.getMessage()));
      }
    }
    return classes;
  }

  private static <T> List<T> list(WrittenTable table, String key, Function<String, T> parser) {
    return table.list(key, parser).orElse(List.of());
  }

  private static Octets macPrefix(String text) {
    String hex = text.replace('-', ':');
    if (!hex.matches("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){0,5}")) {
      throw new IllegalArgumentException(
          "'" + text + "' does not begin a MAC address; write it as 52:54:00");
    }
    return Octets.parse("0x" + hex.replace(":", ""));
  }
}
