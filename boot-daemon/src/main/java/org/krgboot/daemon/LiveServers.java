package org.krgboot.daemon;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.krgboot.bootfiles.BootFiles;
import org.krgboot.dhcp.DhcpConfig;
import org.krgboot.dhcp.ProxyConfig;
import org.krgboot.dhcp.ProxyServer;
import org.krgboot.model.Ipv4;
import org.krgboot.nfs.Export;
import org.krgboot.settings.Settings;

/**
 * The servers that run, and how they take another configuration: first those that can refuse it, so
 * that all have taken it or none.
 */
final class LiveServers implements Configuration.Servers {
  /** Takes a whole new table, or none of it. */
  @FunctionalInterface
  interface Exports {
    void replace(List<Export> exports) throws IOException;
  }

  /** Serves by another configuration from one moment on, or not at all. */
  @FunctionalInterface
  interface Dhcp {
    void replace(DhcpConfig config) throws IOException;
  }

  private final KnownNodes known;
  private final BootDesk desk;
  private final ServedFiles files;
  private final Cluster cluster;
  private final List<Dhcp> dhcp = new ArrayList<>();
  private Exports exports = _ -> {};

  LiveServers(KnownNodes known, BootDesk desk, ServedFiles files, Cluster cluster) {
    this.known = known;
    this.desk = desk;
    this.files = files;
    this.cluster = cluster;
  }

  KnownNodes known() {
    return known;
  }

  void addNfs(Exports server) {
    exports = server;
  }

  void addDhcp(Dhcp server) {
    dhcp.add(server);
  }

  /** Where another server gives the addresses; it takes those of the network that it is on. */
  void addProxy(ProxyServer server, Ipv4 address) {
    dhcp.add(config -> {
      List<ProxyConfig> its =
          config.networks().stream()
              .filter(network -> network.isOurs() && network.server().equals(address))
              .map(ProxyConfig::of)
              .toList();
      its.forEach(server::replaceConfig);
    });
  }

  @Override
  public void take(Settings before, Settings next) throws IOException {
    BootFiles nextFiles = next.bootFiles(cluster::holder).offering(desk.menu(next.bootPlan()));
    exports.replace(Changes.exportsOf(next));
    List<Dhcp> changed = new ArrayList<>();
    try {
      if (next.dhcp().isPresent()) {
        for (Dhcp server : dhcp) {
          changed.add(server);
          server.replace(next.dhcp().get().config());
        }
      }
    } catch (IOException | RuntimeException e) {
      putBack(changed, before, e);
      throw e;
    }
    known.replace(next.nodes());
    desk.replace(next.bootPlan());
    files.replace(nextFiles);
  }

  private void putBack(List<Dhcp> changed, Settings before, Exception why) {
    try {
      exports.replace(Changes.exportsOf(before));
      if (before.dhcp().isPresent()) {
        for (Dhcp server : changed) {
          server.replace(before.dhcp().get().config());
        }
      }
    } catch (IOException | RuntimeException failed) {
      why.addSuppressed(failed);
    }
  }
}
