package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.daemon.AdminClient;
import org.krgboot.daemon.PortHolder;
import org.krgboot.http.HttpConfig;
import org.krgboot.model.Ipv4;
import org.krgboot.nfs.ForeignPortmapper;
import org.krgboot.nfs.NfsConfig;
import org.krgboot.settings.Defaults;
import org.krgboot.settings.Settings;

/** Ports, state directory and the network as they are now; the daemon itself if it runs. */
final class MachineCheck {
  private final Settings settings;
  private final boolean daemonRuns;

  MachineCheck(Settings settings) {
    this.settings = settings;
    this.daemonRuns = answers(settings.apiSocket());
  }

  private static boolean answers(Path socket) {
    try (AdminClient client = new AdminClient(socket)) {
      client.counters();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.ok(
            daemonRuns ? "the daemon runs (" + settings.apiSocket() + ")" : "no daemon runs yet"));
    if (!daemonRuns) {
      findings.add(stateDirectory());
      findings.addAll(ports());
    }
    settings.dhcp().ifPresent(dhcp -> findings.addAll(dhcp(dhcp)));
    if (daemonRuns) {
      settings
          .tftp()
          .ifPresent(
              tftp -> findings.addAll(new TftpProbe(settings.server(), tftp.port()).findings()));
      settings
          .http()
          .ifPresent(
              http -> findings.addAll(new HttpProbe(settings.server(), http.port()).findings()));
    }
    return findings;
  }

  private Finding stateDirectory() {
    Path existing = settings.stateDirectory();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    return Files.isWritable(existing)
        ? Finding.ok("state directory: " + settings.stateDirectory())
        : Finding.problem(
            "user " + System.getProperty("user.name") + " cannot write " + existing,
            "run as root, or name a directory with --state-dir");
  }

  private List<Finding> ports() {
    List<Finding> findings = new ArrayList<>();
    settings
        .dhcp()
        .filter(dhcp -> dhcp.mode() == Settings.DhcpMode.FULL)
        .ifPresent(dhcp -> findings.add(port("dhcp", dhcp.listen().port())));
    settings.tftp().ifPresent(tftp -> findings.add(port("tftp", tftp.port())));
    settings.http().ifPresent(http -> findings.add(port("http", http.port())));
    settings
        .http()
        .flatMap(HttpConfig::tls)
        .ifPresent(tls -> findings.add(port("https", tls.port())));
    settings
        .nfs()
        .map(Settings.Nfs::config)
        .ifPresent(nfs -> {
          findings.add(port("nfs", nfs.nfsPort()));
          findings.add(port("mount", nfs.mountPort()));
          if (nfs.portmapPort() != 0) {
            findings.addAll(portmap(nfs));
          }
        });
    return findings;
  }

  /** Another portmapper on the port, such as rpcbind, is as good as ours. */
  private static List<Finding> portmap(NfsConfig nfs) {
    int port = nfs.portmapPort();
    if (!ForeignPortmapper.answersOn(port)) {
      return List.of(port("portmap", port));
    }
    List<Finding> findings = new ArrayList<>();
    String holder = PortHolder.of(port).orElse("another program");
    findings.add(
        Finding.ok("portmap port " + port + " is served by " + holder + "; we register there"));
    try {
      ForeignPortmapper.inTheWay(nfs)
          .forEach(what -> findings.add(Finding.problem(what, "then start krgboot again")));
    } catch (IOException e) {
      findings.add(Finding.problem("the portmapper on port " + port + ": " + e.getMessage(), ""));
    }
    return findings;
  }

  private static Finding port(String service, int port) {
    if (port < 1024 && !System.getProperty("user.name").equals("root")) {
      return Finding.problem(
          service
              + " port "
              + port
              + " is below 1024, which user "
              + System.getProperty("user.name")
              + " may not use",
          "run as root, or choose another port");
    }
    Optional<String> holder = PortHolder.of(port);
    return holder
        .map(process ->
            Finding.problem(
                service + " port " + port + " is held by " + process,
                "stop it, or choose another port with " + portSetting(service)))
        .orElse(Finding.ok(service + " port " + port + " is free"));
  }

  private static String portSetting(String service) {
    return switch (service) {
      case "http" -> "--http-port, or leave HTTP out with --http-port 0";
      case "https" -> "http.tls-port";
      default -> "--" + service + "-port";
    };
  }

  private List<Finding> dhcp(Settings.Dhcp dhcp) {
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
              "run as root, with no DHCP client on the port"));
    }
  }

  /** In proxy mode we do not answer the probe, which is no firmware. */
  private static Finding besideAnother(String name, List<Ipv4> servers) {
    return servers.isEmpty()
        ? Finding.problem(
            "no DHCP server answers on " + name + ", and in proxy mode we give no addresses",
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
                  "stop it, or serve another interface: nodes take whichever answer comes first"));
    }
    if (servers.isEmpty()) {
      findings.add(
          daemonRuns
              ? Finding.warning(
                  "our DHCP server did not answer a DISCOVER on " + name,
                  "expected where unknown nodes are refused")
              : Finding.ok("no other DHCP server answers on " + name));
    }
    return findings;
  }
}
