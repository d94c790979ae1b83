package org.krgboot.daemon;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.krgboot.bootfiles.BootEntry;
import org.krgboot.dhcp.DhcpConfig;
import org.krgboot.dhcp.DhcpListen;
import org.krgboot.model.Ipv4;
import org.krgboot.nfs.ExportsFile;
import org.krgboot.nfs.NfsConfig;
import org.krgboot.tftp.TftpConfig;

/**
 * All settings, checked. A server that does not run has no settings.
 *
 * @param server the address that nodes know
 * @param apiSocket the Unix socket on which the command line asks the daemon
 */
record Settings(
    Set<Service> services,
    Ipv4 server,
    Path stateDirectory,
    Path apiSocket,
    Optional<Dhcp> dhcp,
    Optional<Tftp> tftp,
    Optional<Nfs> nfs,
    BootEntry bootEntry) {

  /**
   * Of DHCP.
   *
   * @param mode whether the addresses are ours to give
   * @param solicitationsOn the interfaces whose Router Solicitations are answered
   * @param notes on the configuration, which the operator should see
   */
  record Dhcp(
      DhcpConfig config,
      DhcpListen listen,
      DhcpMode mode,
      List<String> solicitationsOn,
      List<String> notes) {}

  /** What DHCP is for. */
  enum DhcpMode {
    /** Addresses and boot files. */
    FULL,
    /** Boot files only; another server gives the addresses. */
    PROXY
  }

  record Tftp(TftpConfig config, Path root, List<Path> loaders) {}

  /**
   * Of NFS.
   *
   * @param exports where those of the configuration come from
   * @param notes on the exports file, which the operator should see
   */
  record Nfs(NfsConfig config, ExportsSource exports, List<ExportsFile.Note> notes) {}

  /** The file that keeps leases and events. */
  Path database() {
    return stateDirectory.resolve("state.db");
  }
}
