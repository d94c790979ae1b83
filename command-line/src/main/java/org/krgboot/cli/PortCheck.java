package org.krgboot.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.krgboot.daemon.PortHolder;
import org.krgboot.http.HttpConfig;
import org.krgboot.nfs.ForeignPortmapper;
import org.krgboot.nfs.NfsConfig;
import org.krgboot.settings.Settings;

/** Whether the ports that the servers want are free, and who has those that are not. */
final class PortCheck {
  private static final int FIRST_FREE_PORT = 1024;

  /** What nodes do there. */
  private static final Map<String, String> USES =
      Map.of(
          "dhcp", "nodes ask for their address there, and for no other port",
          "tftp", "firmware fetches the boot loader there, and from no other port",
          "http", "boot loaders fetch kernel and initrd there, many times faster than by TFTP",
          "https", "firmware that was told a https URL fetches its boot loader there",
          "nfs", "nodes read their root there",
          "mount", "kernels mount their root there; old ones look at 627 only",
          "portmap", "kernels ask there for the ports of mount and nfs");

  private PortCheck() {}

  static List<Finding> findings(Settings settings) {
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
    settings.nfs().map(Settings.Nfs::config).ifPresent(nfs -> findings.addAll(nfs(nfs)));
    return findings;
  }

  private static List<Finding> nfs(NfsConfig nfs) {
    List<Finding> findings = new ArrayList<>();
    findings.add(port("nfs", nfs.nfsPort()));
    findings.add(port("mount", nfs.mountPort()));
    if (nfs.portmapPort() != 0) {
      findings.addAll(portmap(nfs));
    }
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
          .forEach(what ->
              findings.add(
                  Finding.problem(
                      what,
                      "nodes would be sent to that server",
                      "systemctl disable --now nfs-server; then start krgboot again")));
    } catch (IOException e) {
      findings.add(
          Finding.problem(
              "the portmapper on port " + port + ": " + e.getMessage(),
              "kernels ask it for the ports of mount and nfs",
              "systemctl restart rpcbind"));
    }
    return findings;
  }

  private static Finding port(String service, int port) {
    String user = System.getProperty("user.name");
    String uses = USES.getOrDefault(service, "");
    if (port < FIRST_FREE_PORT && !user.equals("root")) {
      return Finding.problem(
          service
              + " port "
              + port
              + " is below "
              + FIRST_FREE_PORT
              + ", which "
              + user
              + " may not use",
          uses,
          "run as root, or choose another port with " + setting(service));
    }
    return PortHolder.of(port)
        .map(holder ->
            Finding.problem(
                service + " port " + port + " is held by " + holder,
                uses,
                PortHolder.unitOf(port)
                        .map(unit -> "systemctl disable --now " + unit)
                        .orElse("stop it")
                    + ", or choose another port with "
                    + setting(service)))
        .orElse(Finding.ok(service + " port " + port + " is free"));
  }

  private static String setting(String service) {
    return switch (service) {
      case "http" -> "--http-port, or leave HTTP out with --http-port 0";
      case "https" -> "http.tls-port";
      default -> "--" + service + "-port";
    };
  }
}
