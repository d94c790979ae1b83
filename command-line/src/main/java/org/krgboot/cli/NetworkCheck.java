package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.settings.Defaults;
import org.krgboot.settings.Settings;

/** The wires that nodes are on, and who else gives addresses there. */
final class NetworkCheck {
  /** What one TFTP block of the usual size, NFS and DHCP need; Ethernet's own. */
  private static final int USUAL_MTU = 1500;

  private final Settings settings;
  private final Presence daemon;

  NetworkCheck(Settings settings, Presence daemon) {
    this.settings = settings;
    this.daemon = daemon;
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    settings
        .dhcp()
        .ifPresent(dhcp -> {
          dhcp.listen().links().stream()
              .flatMap(link -> link.interfaceName().stream())
              .distinct()
              .forEach(name -> findings.addAll(wire(name)));
          findings.addAll(servers(dhcp));
          dhcp.notes()
              .forEach(note ->
                  findings.add(
                      Finding.warning(
                          note,
                          "it is accepted, and may not be what was meant",
                          "look at the [dhcp] tables of the configuration")));
        });
    return findings;
  }

  private static List<Finding> wire(String name) {
    Path device = Path.of("/sys/class/net", name);
    Optional<String> carrier = read(device.resolve("carrier"));
    List<Finding> findings = new ArrayList<>();
    findings.add(
        carrier.filter("0"::equals).isPresent()
            ? Finding.warning(
                "interface " + name + " has no carrier",
                "no cable, or nothing on its other end: no node can be heard",
                "plug the cable in; ip link show " + name)
            : Finding.ok("interface " + name + " is up"));
    read(device.resolve("mtu"))
        .map(Integer::parseInt)
        .filter(mtu -> mtu < USUAL_MTU)
        .ifPresent(mtu ->
            findings.add(
                Finding.warning(
                    "interface " + name + " takes packets of " + mtu + " bytes at the most",
                    "larger boot file blocks are lost where nodes take less than Ethernet's 1500",
                    "ip link set " + name + " mtu 1500, or tftp.max-block-size = 512")));
    return findings;
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (IOException e) {
      return Optional.empty(); // an interface that is down does not say
    }
  }

  private List<Finding> servers(Settings.Dhcp dhcp) {
    if (dhcp.listen().port() != Defaults.DHCP_PORT) {
      return List.of();
    }
    return dhcp.listen().links().stream()
        .filter(link -> link.interfaceName().isPresent())
        .flatMap(link -> onLink(link.interfaceName().get(), link.address(), dhcp.mode()).stream())
        .toList();
  }

  private List<Finding> onLink(String name, Ipv4 own, Settings.DhcpMode mode) {
    try {
      List<Ipv4> servers = DhcpProbe.servers(own);
      return switch (mode) {
        case FULL -> alone(name, own, servers);
        case PROXY -> List.of(besideAnother(name, servers));
      };
    } catch (IOException e) {
      return List.of(
          Finding.warning(
              "other DHCP servers could not be looked for on " + name + ": " + e.getMessage(),
              "nodes take whichever server answers first",
              "run as root, with no DHCP client on the port"));
    }
  }

  /** In proxy mode we do not answer the probe, which is no firmware. */
  private static Finding besideAnother(String name, List<Ipv4> servers) {
    return servers.isEmpty()
        ? Finding.problem(
            "no DHCP server answers on " + name,
            "in proxy mode we give no addresses",
            "start the other server, or leave out mode = \"proxy\"")
        : Finding.ok("addresses on " + name + " come from " + servers);
  }

  private List<Finding> alone(String name, Ipv4 own, List<Ipv4> servers) {
    List<Finding> findings = new ArrayList<>();
    for (Ipv4 server : servers) {
      findings.add(
          server.equals(own)
              ? Finding.ok("our DHCP server answers")
              : Finding.problem(
                  "another DHCP server answers on " + name + ": " + server,
                  "nodes take whichever answer comes first, and boot by ours only",
                  "stop that server (ip neigh show "
                      + server
                      + " has its MAC address), or say mode = \"proxy\" under [dhcp]"));
    }
    if (servers.isEmpty()) {
      findings.add(
          switch (daemon) {
            case RUNS ->
                Finding.warning(
                    "our DHCP server did not answer a DISCOVER on " + name,
                    "where unknown nodes are refused this is as it should be, elsewhere nodes get"
                        + " no address",
                    "krgboot counters | grep dhcp");
            case RUNS_NOT -> Finding.ok("no other DHCP server answers on " + name);
          });
    }
    return findings;
  }
}
