package org.krgboot.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.krgboot.bootfiles.BootEntry;
import org.krgboot.bootfiles.BootFiles;
import org.krgboot.bootfiles.Owners;
import org.krgboot.dhcp.DhcpConfig;
import org.krgboot.dhcp.DhcpListen;
import org.krgboot.dhcp.NodeOptions;
import org.krgboot.http.HttpConfig;
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
public record Settings(
    Set<Service> services,
    Ipv4 server,
    Path stateDirectory,
    Path apiSocket,
    Optional<Dhcp> dhcp,
    Files files,
    Optional<TftpConfig> tftp,
    Optional<HttpConfig> http,
    Optional<Nfs> nfs,
    BootEntry bootEntry,
    BootPlan bootPlan,
    ConfiguredNodes nodes,
    Optional<StatusConfig> status) {

  /**
   * Of DHCP.
   *
   * @param mode whether the addresses are ours to give
   * @param solicitationsOn the interfaces whose Router Solicitations are answered
   * @param historyKept how long it is remembered who had which address
   * @param notes on the configuration, which the operator should see
   */
  public record Dhcp(
      DhcpConfig config,
      DhcpListen listen,
      DhcpMode mode,
      List<String> solicitationsOn,
      Duration historyKept,
      List<String> notes) {}

  /** What DHCP is for. */
  public enum DhcpMode {
    /** Addresses and boot files. */
    FULL,
    /** Boot files only; another server gives the addresses. */
    PROXY
  }

  /**
   * What TFTP and HTTP send.
   *
   * @param roots the user's own files; the first that has a name wins
   * @param loaders where the distribution's boot loaders are
   * @param names what becomes of names before they are looked for
   */
  public record Files(List<Path> roots, List<Path> loaders, BootFiles.Names names) {
    public Files {
      roots = List.copyOf(roots);
    }

    /** The one that is meant where there is one. */
    public Path root() {
      return roots.getFirst();
    }
  }

  /**
   * Of NFS.
   *
   * @param notes on the exports, which the operator should see
   */
  public record Nfs(NfsConfig config, List<ExportsFile.Note> notes) {}

  /** What TFTP and HTTP send; each node mounts its root from our address on its network. */
  public BootFiles bootFiles(Owners owners) {
    return new BootFiles(files.roots(), files.loaders(), bootEntry, owners, files.names())
        .servedFrom(this::serverOf)
        .offering(bootPlan.menu());
  }

  private Optional<Ipv4> serverOf(Ipv4 node) {
    return dhcp.flatMap(known -> known.config().optionsAt(node)).map(NodeOptions::server);
  }

  /** The file that keeps leases. */
  public Path database() {
    return databaseIn(stateDirectory);
  }

  public static Path databaseIn(Path stateDirectory) {
    return stateDirectory.resolve("state.db");
  }

  /** The file that keeps what operators told nodes to boot. */
  public Path bootOrders() {
    return stateDirectory.resolve("boot-orders");
  }

  /** The store of numbered kernels. */
  public static Path kernelsIn(Path stateDirectory) {
    return stateDirectory.resolve("kernels");
  }

  /** The file that keeps who is fenced. */
  public Path fences() {
    return stateDirectory.resolve("fenced");
  }

  /** The directory that keeps each configuration that was accepted. */
  public Path history() {
    return historyIn(stateDirectory);
  }

  public static Path historyIn(Path stateDirectory) {
    return stateDirectory.resolve("config");
  }

  /** The file that keeps events: another one, so that no lease ever waits for an event's write. */
  public Path journal() {
    return stateDirectory.resolve("events.db");
  }
}
