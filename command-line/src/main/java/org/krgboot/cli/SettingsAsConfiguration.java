package org.krgboot.cli;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.krgboot.dhcp.Architecture;
import org.krgboot.dhcp.DhcpConfig;
import org.krgboot.dhcp.FixedHost;
import org.krgboot.dhcp.HostKey;
import org.krgboot.dhcp.Network;
import org.krgboot.dhcp.NodeClass;
import org.krgboot.dhcp.NodeOptions;
import org.krgboot.dhcp.Octets;
import org.krgboot.dhcp.OptionValue;
import org.krgboot.dhcp.Policy;
import org.krgboot.dhcp.Pool;
import org.krgboot.dhcp.ScopeOptions;
import org.krgboot.dhcp.ServedSubnet;
import org.krgboot.dhcp.Unknown;
import org.krgboot.importers.Configuration;
import org.krgboot.importers.ExtraOption;
import org.krgboot.importers.Marks;
import org.krgboot.importers.Scope;
import org.krgboot.importers.ScopeKey;
import org.krgboot.model.Ipv4;

/** Our settings in the words that all formats share, for the way out. */
final class SettingsAsConfiguration {
  private SettingsAsConfiguration() {}

  static Configuration of(DhcpConfig dhcp) {
    return new Configuration(
        policy(dhcp.policy()),
        new TreeMap<>(),
        new Scope(Map.of(), new TreeMap<>()),
        dhcp.networks().stream().map(SettingsAsConfiguration::network).toList(),
        dhcp.classes().stream().map(SettingsAsConfiguration::nodeClass).toList(),
        dhcp.hosts().stream().map(SettingsAsConfiguration::host).toList(),
        List.of());
  }

  private static Configuration.Policy policy(Policy policy) {
    return new Configuration.Policy(
        policy.unknown() == Unknown.REFUSED
            ? Configuration.Unknown.REFUSED
            : Configuration.Unknown.ALLOWED,
        switch (policy.authority()) {
          case AUTHORITATIVE -> Configuration.Authority.AUTHORITATIVE;
          case ONE_OF_SEVERAL -> Configuration.Authority.ONE_OF_SEVERAL;
        },
        switch (policy.key()) {
          case MAC -> Configuration.Key.MAC;
          case CLIENT_ID -> Configuration.Key.CLIENT_ID;
        },
        switch (policy.delivery()) {
          case BY_FLAG -> Configuration.Delivery.BY_FLAG;
          case BROADCAST -> Configuration.Delivery.BROADCAST;
        },
        switch (policy.probing()) {
          case PING -> Configuration.Probing.PING;
          case NONE -> Configuration.Probing.NONE;
        });
  }

  private static Configuration.Network network(Network network) {
    NodeOptions options = network.options();
    Scope said = scope(options.scope());
    Map<ScopeKey, List<String>> complete = new EnumMap<>(ScopeKey.class);
    complete.put(ScopeKey.NEXT_SERVER, List.of(options.server().toString()));
    complete.put(ScopeKey.SERVER_NAME, List.of(options.server().toString()));
    complete.putAll(said.said());
    return new Configuration.Network(
        Optional.empty(),
        new Scope(complete, said.extra()),
        network.subnets().stream().map(SettingsAsConfiguration::subnet).toList());
  }

  private static Configuration.ServedSubnet subnet(ServedSubnet subnet) {
    Scope said = scope(subnet.options());
    Map<ScopeKey, List<String>> complete = new EnumMap<>(ScopeKey.class);
    subnet
        .server()
        .map(server -> List.of(server.toString()))
        .ifPresent(server -> {
          complete.put(ScopeKey.NEXT_SERVER, server);
          complete.put(ScopeKey.SERVER_NAME, server);
        });
    complete.putAll(said.said());
    return new Configuration.ServedSubnet(
        subnet.subnet(),
        new Scope(complete, said.extra()),
        subnet.pools().stream().map(SettingsAsConfiguration::pool).toList());
  }

  private static Configuration.Pool pool(Pool pool) {
    return new Configuration.Pool(
        pool.range(),
        pool.allow().stream().sorted().toList(),
        pool.deny().stream().sorted().toList(),
        scope(pool.options()));
  }

  private static Configuration.NodeClass nodeClass(NodeClass nodeClass) {
    return new Configuration.NodeClass(
        nodeClass.name(),
        new Marks(
            nodeClass.macPrefixes().stream()
                .map(each -> hex(each).replaceAll("..(?=.)", "$0:"))
                .toList(),
            nodeClass.vendorClasses(),
            nodeClass.userClasses(),
            nodeClass.architectures().stream().sorted().map(Object::toString).toList(),
            nodeClass.circuitIds().stream().map(SettingsAsConfiguration::hex).sorted().toList(),
            nodeClass.remoteIds().stream().map(SettingsAsConfiguration::hex).sorted().toList()),
        scope(nodeClass.options()));
  }

  private static Configuration.Host host(FixedHost host) {
    Configuration.HostKey kind =
        switch (host.key()) {
          case HostKey.Mac _ -> Configuration.HostKey.MAC;
          case HostKey.ClientId _ -> Configuration.HostKey.CLIENT_ID;
          case HostKey.Duid _ -> Configuration.HostKey.DUID;
          case HostKey.CircuitId _ -> Configuration.HostKey.CIRCUIT_ID;
          case HostKey.RemoteId _ -> Configuration.HostKey.REMOTE_ID;
        };
    String id =
        switch (host.key()) {
          case HostKey.Mac it -> it.mac().toString();
          case HostKey.ClientId it -> hex(it.id());
          case HostKey.Duid it -> hex(it.id());
          case HostKey.CircuitId it -> hex(it.id());
          case HostKey.RemoteId it -> hex(it.id());
        };
    String label = host.name().map(Object::toString).orElse("host-" + id.replace(":", ""));
    return new Configuration.Host(
        label, kind, id, host.address(), host.name(), scope(host.options()));
  }

  private static String hex(Octets octets) {
    return octets.toString().substring("0x".length());
  }

  private static Scope scope(ScopeOptions options) {
    Map<ScopeKey, List<String>> said = new EnumMap<>(ScopeKey.class);
    put(said, ScopeKey.NEXT_SERVER, options.nextServer());
    put(said, ScopeKey.SERVER_NAME, options.serverName());
    put(said, ScopeKey.BOOT_FILE, options.boot().file());
    put(said, ScopeKey.BOOT_FILE_IPXE, options.boot().ipxe());
    options
        .boot()
        .files()
        .forEach((architecture, file) ->
            key(architecture).ifPresent(key -> said.put(key, List.of(file))));
    put(said, ScopeKey.ROOT_PATH, options.rootPath());
    put(said, ScopeKey.NAME, options.name());
    options.routers().ifPresent(all -> said.put(ScopeKey.ROUTERS, texts(all)));
    options.dns().ifPresent(all -> said.put(ScopeKey.DNS, texts(all)));
    options.ntp().ifPresent(all -> said.put(ScopeKey.NTP, texts(all)));
    put(said, ScopeKey.DOMAIN, options.domain());
    put(said, ScopeKey.MAX_MESSAGE_SIZE, options.maxMessageSize());
    put(said, ScopeKey.LEASE_TIME, options.leaseTime().map(time -> time.toSeconds() + "s"));
    put(said, ScopeKey.RENEW_TIME, options.renewTime().map(time -> time.toSeconds() + "s"));
    put(said, ScopeKey.REBIND_TIME, options.rebindTime().map(time -> time.toSeconds() + "s"));
    TreeMap<Integer, ExtraOption> extra = new TreeMap<>();
    options
        .extra()
        .forEach(each ->
            extra.put(
                each.code(),
                new ExtraOption(
                    each.code(), "option-" + each.code(), hex(each.value()), sent(each))));
    return new Scope(said, extra);
  }

  private static ExtraOption.Sent sent(OptionValue option) {
    return switch (option.sent()) {
      case IF_ASKED -> ExtraOption.Sent.IF_ASKED;
      case ALWAYS -> ExtraOption.Sent.ALWAYS;
    };
  }

  private static Optional<ScopeKey> key(Architecture architecture) {
    return switch (architecture) {
      case BIOS -> Optional.empty(); // its file is that of all
      case UEFI_IA32 -> Optional.of(ScopeKey.BOOT_FILE_UEFI_IA32);
      case UEFI_X64 -> Optional.of(ScopeKey.BOOT_FILE_UEFI_X64);
      case UEFI_ARM32 -> Optional.of(ScopeKey.BOOT_FILE_UEFI_ARM32);
      case UEFI_ARM64 -> Optional.of(ScopeKey.BOOT_FILE_UEFI_ARM64);
    };
  }

  private static void put(Map<ScopeKey, List<String>> said, ScopeKey key, Optional<?> value) {
    value.ifPresent(each -> said.put(key, List.of(each.toString())));
  }

  private static List<String> texts(List<Ipv4> addresses) {
    return addresses.stream().map(Ipv4::toString).toList();
  }
}
