package org.krgboot.daemon;

import static org.krgboot.daemon.SettingKey.*;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.krgboot.dhcp.DhcpConfig;
import org.krgboot.dhcp.DhcpListen;
import org.krgboot.dhcp.NodeOptions;
import org.krgboot.dhcp.Unknown;
import org.krgboot.model.AddressRange;
import org.krgboot.model.FixedHost;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;
import org.krgboot.model.Subnet;

/** The part of the settings that DHCP needs. */
final class DhcpSettings {
  private final RawSettings raw;
  private final Problems problems;
  private final BootChoices boot;

  DhcpSettings(RawSettings raw, Problems problems, BootChoices boot) {
    this.raw = raw;
    this.problems = problems;
    this.boot = boot;
  }

  /** Empty if something is wrong; the problems then say what. */
  Optional<Settings.Dhcp> read(HostInterface nic, Path nodeRoot, int nfsPort) {
    Subnet subnet = raw.get(DHCP_SUBNET, Subnet::parse).orElse(nic.subnet());
    Optional<AddressRange> range =
        raw.get(DHCP_RANGE, AddressRange::parse)
            .or(() ->
                raw.placeOf(DHCP_RANGE).equals(DHCP_RANGE.text())
                    ? Defaults.range(subnet, nic.address())
                    : Optional.empty());
    if (range.isEmpty()) {
      problems.add(
          raw.placeOf(DHCP_RANGE), "no addresses for nodes in " + subnet + "; give --range A-B");
      return Optional.empty();
    }
    int port = raw.get(DHCP_PORT, SettingParsers::port).orElse(Defaults.DHCP_PORT);
    try {
      DhcpConfig config =
          new DhcpConfig(
              subnet,
              range.get(),
              hosts(),
              raw.get(DHCP_UNKNOWN, DhcpSettings::unknown).orElse(Unknown.ALLOWED),
              raw.get(DHCP_LEASE_TIME, SettingParsers::leaseTime).orElse(Defaults.LEASE_TIME),
              options(nic.address(), nodeRoot, nfsPort));
      DhcpListen listen = new DhcpListen(nic.address(), port, device(nic));
      return Optional.of(new Settings.Dhcp(config, listen, solicitationsOn(listen)));
    } catch (IllegalArgumentException e) {
      problems.add(raw.placeOf(DHCP_RANGE), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** Loopback takes no broadcasts, and binding to it would keep out this machine's own tests. */
  private static Optional<String> device(HostInterface nic) {
    return nic.kind() == HostInterface.Kind.LOOPBACK ? Optional.empty() : Optional.of(nic.name());
  }

  private Optional<String> solicitationsOn(DhcpListen listen) {
    boolean wanted =
        raw.get(DHCP_ANSWER_ROUTER_SOLICITATIONS, SettingParsers::yesOrNo)
            .orElse(Defaults.ANSWER_ROUTER_SOLICITATIONS);
    return wanted ? listen.interfaceName() : Optional.empty();
  }

  private NodeOptions options(Ipv4 server, Path nodeRoot, int nfsPort) {
    return new NodeOptions(
        server,
        raw.get(DHCP_SERVER_NAME, SettingParsers::line).orElse(server.toString()),
        boot.choice(),
        nodeRoot.toString(),
        nfsPort,
        raw.get(DHCP_NAME_PREFIX, DhcpSettings::prefix).orElse(Defaults.NAME_PREFIX),
        raw.get(DHCP_ROUTER, Ipv4::parse),
        raw.list(DHCP_DNS, Ipv4::parse).orElse(List.of()),
        raw.list(DHCP_NTP, Ipv4::parse).orElse(List.of()),
        raw.get(DHCP_DOMAIN, SettingParsers::line),
        raw.get(DHCP_MAX_MESSAGE_SIZE, SettingParsers::maxMessageSize)
            .orElse(Defaults.MAX_MESSAGE_SIZE));
  }

  private static String prefix(String text) {
    return new NodeName(text + "255").text().replaceFirst("255$", "");
  }

  private static Unknown unknown(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "allow" -> Unknown.ALLOWED;
      case "refuse" -> Unknown.REFUSED;
      default -> throw new IllegalArgumentException("'" + text + "' is neither allow nor refuse");
    };
  }

  private List<FixedHost> hosts() {
    List<FixedHost> hosts = new ArrayList<>();
    for (RawSettings.WrittenHost host : raw.hosts()) {
      Optional<MacAddress> mac =
          of(host, "mac").flatMap(w -> raw.parse(w, "mac", MacAddress::parse));
      Optional<Ipv4> address =
          of(host, "address").flatMap(w -> raw.parse(w, "address", Ipv4::parse));
      Optional<NodeName> name = of(host, "name").flatMap(w -> raw.parse(w, "name", NodeName::new));
      if (of(host, "mac").isEmpty()) {
        problems.add(host.place(), "a host needs its mac");
      }
      mac.ifPresent(known -> hosts.add(new FixedHost(known, address, name)));
    }
    return hosts;
  }

  private static Optional<RawSettings.Written> of(RawSettings.WrittenHost host, String key) {
    return Optional.ofNullable(host.keys().get(key));
  }
}
