package org.krgboot.settings;

import static org.krgboot.settings.SettingKey.*;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.krgboot.bootfiles.BootEntry;
import org.krgboot.dhcp.FixedHost;
import org.krgboot.dhcp.HostKey;
import org.krgboot.http.HttpConfig;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;
import org.krgboot.model.NodeRange;
import org.krgboot.nfs.Clients;
import org.krgboot.nfs.Export;
import org.krgboot.nfs.ExportsException;
import org.krgboot.nfs.ExportsFile;
import org.krgboot.nfs.NfsConfig;
import org.krgboot.nfs.Terms;
import org.krgboot.tftp.TftpConfig;

/** From what is written, and this machine's interfaces, to settings that hold. */
public final class SettingsReader {
  /** Of which a node's nfsroot need not be told. */
  private static final int BY_PORTMAP = 0;

  private final RawSettings raw;
  private final Problems problems;

  private SettingsReader(RawSettings raw, Problems problems) {
    this.raw = raw;
    this.problems = problems;
  }

  /**
   * Reads everything; tells all problems at once.
   *
   * @param interfaces this machine's addresses
   */
  public static Settings read(RawSettings raw, Problems problems, List<HostInterface> interfaces)
      throws SettingsException {
    return new SettingsReader(raw, problems).settings(interfaces);
  }

  private Settings settings(List<HostInterface> interfaces) throws SettingsException {
    Set<Service> services = services();
    Path stateDirectory = stateDirectory();
    Path nodeRoot = nodeRoot(raw);
    Optional<HostInterface> chosen = chosen(interfaces);
    Ipv4 server = chosen.map(HostInterface::address).orElse(Ipv4.ANY);
    Export nodeExport = nodeExport(nodeRoot);
    Ipv4 heard = DhcpSettings.isAtSeveralAddresses(raw, interfaces) ? Ipv4.ANY : server;
    NfsConfig nfs = nfs(heard, nodeExport, stateDirectory);
    Optional<BootEntry> entry = bootEntry(server, nodeRoot, nfs);
    Nodes nodes = nodes();
    Optional<BootPlan> plan =
        entry.map(usual ->
            new BootPlanReader(raw, problems, usual).read(nodes.groups(), nodes.records()));
    TftpSettings boot = new TftpSettings(raw, problems);
    Settings.Files files = boot.files();
    Optional<HttpConfig> http = http(services, heard);
    Optional<Settings.Dhcp> dhcp =
        chosen
            .filter(nic -> services.contains(Service.DHCP))
            .flatMap(nic -> {
              BootChoices choices = new BootChoices(files, http);
              return new DhcpSettings(raw, problems, interfaces, choices::choice, nodes.hosts())
                  .read(nic, nodeRoot, nfs.nfsPort());
            });
    Optional<Settings.Nfs> exported =
        services.contains(Service.NFS) ? exported(nfs, nodeExport, dhcp) : Optional.empty();
    Optional<TftpConfig> tftp =
        services.contains(Service.TFTP)
            ? Optional.of(boot.config(heard, chosen))
            : Optional.empty();
    Optional<StatusConfig> status = new StatusSettings(raw, problems).read();
    problems.throwIfAny();
    return new Settings(
        services,
        server,
        stateDirectory,
        apiSocket(raw),
        dhcp,
        files,
        tftp,
        http,
        exported,
        entry.orElseThrow(),
        plan.orElseThrow(),
        new ConfiguredNodes(identities(nodes.hosts()), rejected(nodes.records()), nodes.groups()),
        status);
  }

  private Optional<HttpConfig> http(Set<Service> services, Ipv4 heard) {
    return services.contains(Service.HTTP)
        ? new HttpSettings(raw, problems).read(heard)
        : Optional.empty();
  }

  private Optional<HostInterface> chosen(List<HostInterface> interfaces) {
    return mainOfNetworks(interfaces)
        .or(() ->
            BootAddress.choose(
                raw.get(LISTEN, Ipv4::parse),
                raw.get(INTERFACE, text -> text),
                interfaces,
                problems));
  }

  /** All that the configuration says of single nodes; the hosts have what the records say too. */
  private record Nodes(
      List<Placed<FixedHost>> hosts,
      List<Placed<NodeRecord>> records,
      Map<String, NodeRange> groups) {}

  private Nodes nodes() {
    List<Placed<FixedHost>> hosts = HostReader.hosts(raw.tables(HostReader.HOSTS));
    NodeReader reader = new NodeReader(problems);
    Map<String, NodeRange> groups = reader.groups(raw.tables(NodeReader.GROUPS));
    List<Placed<NodeRecord>> records =
        NodeReader.together(reader.records(raw.tables(NodeReader.NODES)), names(hosts));
    return new Nodes(HostReader.withNodes(hosts, records), records, groups);
  }

  private static Map<NodeName, MacAddress> names(List<Placed<FixedHost>> hosts) {
    Map<NodeName, MacAddress> names = new HashMap<>();
    identities(hosts).forEach(host -> host.name().ifPresent(name -> names.put(name, host.mac())));
    return names;
  }

  private static List<NodeRange.Identity> identities(List<Placed<FixedHost>> hosts) {
    List<NodeRange.Identity> identities = new ArrayList<>();
    for (FixedHost host : Placed.values(hosts)) {
      if (host.key() instanceof HostKey.Mac(MacAddress mac)) {
        identities.add(new NodeRange.Identity(host.name(), mac, host.address()));
      }
    }
    return identities;
  }

  private static Set<MacAddress> rejected(List<Placed<NodeRecord>> nodes) {
    return Placed.values(nodes).stream()
        .filter(NodeRecord::isRejected)
        .flatMap(node -> node.mac().stream())
        .collect(Collectors.toSet());
  }

  /** Who names networks, and no interface besides, need not choose. */
  private Optional<HostInterface> mainOfNetworks(List<HostInterface> interfaces) {
    return raw.get(LISTEN, text -> text).isPresent() || raw.get(INTERFACE, text -> text).isPresent()
        ? Optional.empty()
        : DhcpSettings.mainInterface(raw, interfaces);
  }

  private Set<Service> services() {
    List<Service> only = raw.list(ONLY, Service::parse).orElse(List.of());
    return only.isEmpty() ? EnumSet.allOf(Service.class) : EnumSet.copyOf(only);
  }

  private Path stateDirectory() {
    return stateDirectory(raw);
  }

  /** What nodes mount as their root. */
  public static Path nodeRoot(RawSettings raw) {
    return raw.get(NFS_ROOT, SettingParsers::absolutePath).orElse(Defaults.NODE_ROOT);
  }

  /** Where the daemon with these settings keeps its state. */
  public static Path stateDirectory(RawSettings raw) {
    return raw.get(STATE_DIR, SettingParsers::absolutePath).orElse(Defaults.STATE_DIR);
  }

  /**
   * Where the daemon with these settings answers; with a state directory of its own, below that.
   */
  public static Path apiSocket(RawSettings raw) {
    return raw.get(STATE_DIR, SettingParsers::absolutePath)
        .map(directory -> directory.resolve("api.sock"))
        .orElse(Defaults.API_SOCKET);
  }

  private Export nodeExport(Path nodeRoot) {
    boolean sync = raw.get(NFS_SYNC, SettingParsers::yesOrNo).orElse(true);
    Terms.Durability durability = sync ? Terms.Durability.SYNC : Terms.Durability.ASYNC;
    return Export.of(nodeRoot, Terms.OF_A_NODE_ROOT.with(durability), Clients.everybody());
  }

  /** With what the exports file says; what is wrong with that goes to the problems. */
  private Optional<Settings.Nfs> exported(
      NfsConfig config, Export nodeRoot, Optional<Settings.Dhcp> dhcp) {
    KnownHosts names = new KnownHosts(Defaults.HOSTS_FILE, dhcp.map(Settings.Dhcp::config));
    ExportsSource source =
        new ExportsSource(
            raw.get(NFS_EXPORTS_FILE, SettingParsers::absolutePath),
            ExportTables.read(raw.tables(ExportTables.NAME), names, problems),
            nodeRoot,
            names);
    try {
      ExportsFile file = source.read();
      return Optional.of(new Settings.Nfs(config.withExports(file.exports()), file.notes()));
    } catch (ExportsException e) {
      e.problems().forEach(problem -> problems.add(problem.place(), problem.text()));
    } catch (IOException e) {
      problems.add(raw.placeOf(NFS_EXPORTS_FILE), String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  private NfsConfig nfs(Ipv4 listen, Export nodeRoot, Path stateDirectory) {
    return new NfsConfig(
        listen,
        raw.get(NFS_PORT, SettingParsers::port).orElse(Defaults.NFS_PORT),
        raw.get(NFS_MOUNT_PORT, SettingParsers::port).orElse(Defaults.MOUNT_PORT),
        raw.get(NFS_PORTMAP_PORT, SettingParsers::port).orElse(Defaults.PORTMAP_PORT),
        List.of(nodeRoot),
        stateDirectory,
        NfsLimits.read(raw));
  }

  private Optional<BootEntry> bootEntry(Ipv4 server, Path nodeRoot, NfsConfig nfs) {
    boolean standard = nfs.portmapPort() == Defaults.PORTMAP_PORT;
    try {
      return Optional.of(
          new BootEntry(
              Settings.kernelsIn(stateDirectory(raw)),
              nodeRoot,
              server + ":" + nodeRoot,
              standard ? BY_PORTMAP : nfs.nfsPort(),
              standard ? BY_PORTMAP : nfs.mountPort(),
              raw.get(BOOT_KERNEL, SettingParsers::line),
              raw.get(BOOT_INITRD, SettingParsers::line),
              raw.get(BOOT_APPEND, SettingParsers::line).orElse(""),
              raw.get(BOOT_SERIAL, SettingParsers::baud).filter(baud -> baud > 0)));
    } catch (IllegalArgumentException e) {
      problems.add(raw.placeOf(BOOT_APPEND), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
