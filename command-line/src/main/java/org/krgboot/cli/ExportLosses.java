package org.krgboot.cli;

import java.util.ArrayList;
import java.util.List;
import org.krgboot.dhcp.DhcpConfig;
import org.krgboot.dhcp.Policy;
import org.krgboot.dhcp.ScopeOptions;
import org.krgboot.importers.Unsaid;
import org.krgboot.settings.Defaults;
import org.krgboot.settings.Settings;

/** What of our settings the files of other servers have no words for. */
final class ExportLosses {
  private ExportLosses() {}

  static List<Unsaid> ofDhcpd(Settings settings) {
    List<Unsaid> unsaid = new ArrayList<>();
    settings
        .dhcp()
        .ifPresent(dhcp -> {
          if (dhcp.mode() == Settings.DhcpMode.PROXY) {
            unsaid.add(
                Unsaid.lost("dhcp.mode = proxy", "dhcpd is no ProxyDHCP server; dnsmasq is one"));
          }
          if (dhcp.config().policy().commit() == Policy.Commit.RAPID) {
            unsaid.add(Unsaid.lost("dhcp.rapid-commit", "dhcpd has it for IPv6 only"));
          }
          if (dhcp.listen().port() != Defaults.DHCP_PORT) {
            unsaid.add(
                Unsaid.lost(
                    "dhcp.port = " + dhcp.listen().port(), "start dhcpd with -p and that port"));
          }
          if (!dhcp.solicitationsOn().isEmpty()) {
            unsaid.add(
                Unsaid.lost(
                    "dhcp.answer-router-solicitations",
                    "dhcpd answers none; iPXE waits 13 s for an IPv6 router then"));
          }
          unsaid.add(
              Unsaid.needless(
                  "dhcp.network.interface", "name the interfaces on dhcpd's command line"));
          scopes(dhcp.config(), unsaid);
        });
    unsaid.add(
        Unsaid.needless(
            "[tftp], [http], [nfs], [boot]", "they are other servers'; see the other exports"));
    return unsaid;
  }

  private static void scopes(DhcpConfig config, List<Unsaid> unsaid) {
    List<ScopeOptions> scopes = new ArrayList<>();
    config
        .networks()
        .forEach(network -> {
          scopes.add(network.options().scope());
          network
              .subnets()
              .forEach(subnet -> {
                scopes.add(subnet.options());
                subnet.pools().forEach(pool -> scopes.add(pool.options()));
              });
        });
    config.classes().forEach(each -> scopes.add(each.options()));
    config.hosts().forEach(each -> scopes.add(each.options()));
    scopes.stream()
        .flatMap(scope -> scope.boot().httpBase().stream())
        .distinct()
        .forEach(url ->
            unsaid.add(
                Unsaid.lost(
                    "http-boot-url = " + url,
                    "dhcpd offers nothing to UEFI HTTP boot; write a class for HTTPClient")));
    scopes.stream()
        .flatMap(scope -> scope.boot().ipxe().stream())
        .filter(script -> !script.contains("://"))
        .distinct()
        .forEach(script ->
            unsaid.add(
                Unsaid.needless(
                    "boot-file-ipxe = " + script, "another TFTP server must have that file")));
  }

  static List<Unsaid> ofExports(Settings settings) {
    List<Unsaid> unsaid = new ArrayList<>();
    settings
        .nfs()
        .map(Settings.Nfs::config)
        .ifPresent(nfs -> {
          port("nfs.port", nfs.nfsPort(), Defaults.NFS_PORT, unsaid);
          port("nfs.portmap-port", nfs.portmapPort(), Defaults.PORTMAP_PORT, unsaid);
          limits(unsaid);
        });
    return unsaid;
  }

  private static void limits(List<Unsaid> unsaid) {
    unsaid.add(
        Unsaid.needless("nfs.io-size and the other limits", "nfsd has its own, in /etc/nfs.conf"));
    unsaid.add(
        Unsaid.needless(
            "file handles",
            "nodes that run hold those of krgboot: restart them after the change of servers"));
  }

  private static void port(String setting, int port, int usual, List<Unsaid> unsaid) {
    if (port != usual) {
      unsaid.add(Unsaid.lost(setting + " = " + port, "it is said in /etc/nfs.conf or by rpcbind"));
    }
  }

  static List<Unsaid> ofPxelinux(Settings settings) {
    List<Unsaid> unsaid = new ArrayList<>();
    unsaid.add(
        Unsaid.lost(
            "UEFI and iPXE",
            "they read other files: krgboot show NODE grub, krgboot show NODE ipxe"));
    long servers =
        settings
            .dhcp()
            .map(dhcp ->
                dhcp.config().networks().stream().map(each -> each.server()).distinct().count())
            .orElse(1L);
    if (servers > 1) {
      unsaid.add(
          Unsaid.lost(
              "[[dhcp.network]]",
              "the entry has one NFS server, "
                  + settings.server()
                  + "; nodes elsewhere have another"));
    }
    return unsaid;
  }
}
