package org.krgboot.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.bootfiles.NodeDirectories;
import org.krgboot.dhcp.Architecture;
import org.krgboot.dhcp.BootChoice;
import org.krgboot.dhcp.DhcpListen;
import org.krgboot.dhcp.HostKey;
import org.krgboot.dhcp.NodeOptions;
import org.krgboot.dhcp.Unknown;
import org.krgboot.http.HttpConfig;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.Subnet;
import org.krgboot.nfs.Clients;
import org.krgboot.nfs.Export;
import org.krgboot.nfs.Limits;
import org.krgboot.nfs.Terms;
import org.krgboot.tftp.TftpConfig;

class SettingsReaderTest {
  private static final List<HostInterface> MACHINE =
      List.of(
          new HostInterface(
              "eth1",
              Ipv4.parse("10.11.12.1"),
              Subnet.parse("10.11.12.0/24"),
              HostInterface.Kind.NETWORK));

  @TempDir Path directory;

  private Settings read(String toml) throws Exception {
    Path file = Files.writeString(directory.resolve("krgboot.toml"), toml);
    Problems problems = new Problems();
    RawSettings raw = new RawSettings(problems);
    raw.readFile(file);
    return SettingsReader.read(raw, problems, MACHINE);
  }

  private String refusal(String toml) {
    try {
      read(toml);
    } catch (SettingsException e) {
      return e.getMessage();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("it was accepted");
  }

  @Test
  void nothing_configured_serves_the_only_private_network_with_the_how_tos_names()
      throws Exception {
    Settings settings = read("");
    assertThat(settings.services()).containsExactly(Service.values());
    assertThat(settings.server()).isEqualTo(Ipv4.parse("10.11.12.1"));
    Settings.Dhcp dhcp = settings.dhcp().orElseThrow();
    assertThat(dhcp.listen().links())
        .containsExactly(new DhcpListen.Link(Ipv4.parse("10.11.12.1"), Optional.of("eth1")));
    assertThat(dhcp.solicitationsOn()).containsExactly("eth1");
    assertThat(dhcp.config().ranges())
        .containsExactly(AddressRange.parse("10.11.12.101-10.11.12.199"));
    NodeOptions options = dhcp.config().networks().getFirst().options();
    assertThat(options.name().text()).isEqualTo("krgnode{octet4}");
    assertThat(options.rootPath()).isEqualTo("/NFSROOT/kerrighed");
    assertThat(settings.nfs().orElseThrow().config().exports().getFirst().path())
        .isEqualTo(Path.of("/NFSROOT/kerrighed"));
  }

  @Test
  void the_history_of_leases_is_kept_for_90_days_or_as_is_said() throws Exception {
    assertThat(read("").dhcp().orElseThrow().historyKept()).isEqualTo(Duration.ofDays(90));
    assertThat(read("[dhcp]\nlease-history = \"0s\"\n").dhcp().orElseThrow().historyKept())
        .isEqualTo(Duration.ZERO);
    assertThat(refusal("[dhcp]\nlease-history = \"4000d\"\n")).contains("at most 3650d");
  }

  private List<Path> exported(String toml) throws Exception {
    return read(toml).nfs().orElseThrow().config().exports().stream().map(Export::path).toList();
  }

  private String exportsFile(String content) throws Exception {
    Path file = Files.writeString(directory.resolve("exports"), content);
    return "[nfs]\nexports-file = \"" + file + "\"\n";
  }

  @Test
  void what_an_exports_file_lists_is_exported_and_the_node_root_too() throws Exception {
    assertThat(exported(exportsFile("/home *(rw)\n")))
        .containsExactly(Path.of("/NFSROOT/kerrighed"), Path.of("/home"));
    assertThat(exported(exportsFile("/home *(rw)\n/NFSROOT/kerrighed *(ro)\n")))
        .containsExactly(Path.of("/home"), Path.of("/NFSROOT/kerrighed"));
  }

  @Test
  void of_a_root_that_is_published_from_a_store_all_versions_are_exported() throws Exception {
    Path store = directory.toRealPath().resolve("images");
    Files.createDirectories(store.resolve("sealed/3/root"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), store.resolve("sealed/3/root"));
    String nfs = "[nfs]\nroot = \"" + link + "\"\n";
    assertThat(exported(nfs)).containsExactly(link, store.resolve("sealed"), store.resolve("live"));
    Path file = Files.writeString(directory.resolve("exports"), link + " 10.11.12.0/24(rw)\n");
    List<Export> exports =
        read(nfs + "exports-file = \"" + file + "\"\n").nfs().orElseThrow().config().exports();
    assertThat(exports).extracting(Export::path).hasSize(3).contains(store.resolve("live"));
    assertThat(exports.get(1).rules().getFirst().terms().access())
        .isEqualTo(Terms.Access.READ_ONLY);
    assertThat(exports.get(2).rules().getFirst().terms().access())
        .isEqualTo(Terms.Access.READ_WRITE);
    assertThat(exports.get(2).rules().getFirst().clients().contains(Ipv4.parse("10.11.13.1")))
        .isFalse();
  }

  @Test
  void nodes_are_known_to_an_exports_file_by_the_names_that_our_dhcp_gives() throws Exception {
    Settings settings =
        read(
            "[dhcp]\ndomain = \"mycluster.home\"\n"
                + exportsFile("/a krgnode101(rw)\n/b *.mycluster.home(ro)\n")
                + "[[host]]\nmac = \"52:54:00:00:00:01\"\naddress = \"10.11.12.5\"\n");
    List<Export> exports = settings.nfs().orElseThrow().config().exports();
    assertThat(exports.get(1).rules().getFirst().clients())
        .isEqualTo(new Clients.Host("krgnode101", Set.of(Ipv4.parse("10.11.12.101"))));
    Clients nodes = exports.get(2).rules().getFirst().clients();
    assertThat(nodes.contains(Ipv4.parse("10.11.12.5"))).isTrue();
    assertThat(nodes.contains(Ipv4.parse("10.11.12.199"))).isTrue();
    assertThat(nodes.contains(Ipv4.parse("10.11.12.200"))).isFalse();
  }

  @Test
  void mistakes_in_the_exports_file_are_told_with_those_of_the_settings() throws Exception {
    String toml = exportsFile("\n/a *(wr)\nb *(rw)\n") + "rot = \"/x\"\n";
    assertThat(refusal(toml))
        .contains("krgboot.toml:3: unknown key 'nfs.rot'. Did you mean 'nfs.root'?")
        .contains(directory.resolve("exports") + ":2: unknown option 'wr'")
        .contains(directory.resolve("exports") + ":3: 'b' is no path");
    assertThat(refusal("[nfs]\nexports-file = \"" + directory.resolve("none") + "\"\n"))
        .startsWith("krgboot.toml:2: the exports file cannot be read")
        .contains("none");
  }

  @Test
  void an_exports_file_is_not_read_where_nfs_is_left_out() throws Exception {
    assertThat(read("[server]\nonly = [\"tftp\"]\n" + exportsFile("nonsense")).nfs()).isEmpty();
  }

  @Test
  void all_keys_are_taken() throws Exception {
    Settings settings =
        read(
            """
            [server]
            interface = "eth1"
            state-dir = "/tmp/krg"
            [dhcp]
            range = "10.11.12.11-10.11.12.20"
            lease-time = "30m"
            unknown = "refuse"
            router = "10.11.12.254"
            dns = ["10.11.12.2", "10.11.12.3"]
            ntp = "10.11.12.4"
            domain = "mycluster.home"
            name-prefix = "node"
            answer-router-solicitations = false
            [nfs]
            root = "/srv/root"
            port = 3049
            [boot]
            append = "session_id=1 autonodeid=1"
            serial = 115200
            [[host]]
            mac = "52:54:00:00:00:01"
            address = "10.11.12.5"
            name = "front"
            [[host]]
            mac = "52:54:00:00:00:02"
            """);
    var config = settings.dhcp().orElseThrow().config();
    NodeOptions options = config.networks().getFirst().options();
    assertThat(options.leaseTime()).isEqualTo(Duration.ofMinutes(30));
    assertThat(config.policy().unknown()).isEqualTo(Unknown.REFUSED);
    assertThat(options.dns()).hasSize(2);
    assertThat(options.ntp()).containsExactly(Ipv4.parse("10.11.12.4"));
    assertThat(options.nfsPort()).isEqualTo(3049);
    assertThat(settings.dhcp().orElseThrow().solicitationsOn()).isEmpty();
    assertThat(config.hosts()).hasSize(2);
    assertThat(config.hosts().getFirst().key())
        .isEqualTo(new HostKey.Mac(MacAddress.parse("52:54:00:00:00:01")));
    assertThat(settings.apiSocket()).isEqualTo(Path.of("/tmp/krg/api.sock"));
    assertThat(settings.bootEntry().append()).isEqualTo("session_id=1 autonodeid=1");
  }

  @Test
  void http_is_on_port_80_and_with_a_certificate_on_443_too_and_port_0_switches_it_off()
      throws Exception {
    assertThat(read("").http().orElseThrow())
        .isEqualTo(HttpConfig.on(Ipv4.parse("10.11.12.1"), 80));
    HttpConfig http =
        read("[http]\nport = 8080\ncertificate = \"/c.pem\"\nkey = \"/k.pem\"\n")
            .http()
            .orElseThrow();
    assertThat(http.port()).isEqualTo(8080);
    assertThat(http.tls()).contains(new HttpConfig.Tls(443, Path.of("/c.pem"), Path.of("/k.pem")));
    assertThat(read("[http]\nport = 0\n").http()).isEmpty();
    assertThat(refusal("[http]\nkey = \"/k.pem\"\n"))
        .contains("krgboot.toml:2: http.certificate and http.key belong together");
  }

  @Test
  void tftp_can_be_bounded_mapped_and_given_several_roots() throws Exception {
    TftpConfig plain = read("").tftp().orElseThrow();
    assertThat(plain).isEqualTo(TftpConfig.on(Ipv4.parse("10.11.12.1"), 69));
    Path map = Files.writeString(directory.resolve("map"), "r ^x y\n");
    Settings settings =
        read(
            "[tftp]\nmax-block-size = 1024\nmax-window = 8\nmax-transfers = 9\ndscp = 46\n"
                + "root = \"/a\"\nmore-roots = [\"/b\", \"/c\"]\nnode-directories = \"mac\"\n"
                + "map-file = \""
                + map
                + "\"\n");
    TftpConfig tftp = settings.tftp().orElseThrow();
    assertThat(tftp.maxBlockSize()).isEqualTo(1024);
    assertThat(tftp.maxWindow()).isEqualTo(8);
    assertThat(tftp.maxTransfers()).isEqualTo(9);
    assertThat(tftp.dscp()).isEqualTo(46);
    assertThat(settings.files().roots())
        .containsExactly(Path.of("/a"), Path.of("/b"), Path.of("/c"));
    assertThat(settings.files().names().ofNode()).isEqualTo(NodeDirectories.BY_MAC);
    Files.writeString(map, "\nz y\n");
    assertThat(refusal("[tftp]\nmap-file = \"" + map + "\"\n")).contains(map + ":2: 'z' has");
  }

  private BootChoice boot(String toml) throws Exception {
    return read(toml).dhcp().orElseThrow().config().networks().getFirst().options().scope().boot();
  }

  private String loaders(String... files) throws Exception {
    Path folder = Files.createDirectories(directory.resolve("loaders" + files.length));
    for (String file : files) {
      Files.writeString(folder.resolve(file), "");
    }
    return "[tftp]\nroot = \"/nowhere\"\nloaders = [\"" + folder + "\"]\n";
  }

  @Test
  void nodes_are_told_the_fastest_way_that_the_machine_has_the_files_for() throws Exception {
    String all = loaders("lpxelinux.0", "pxelinux.0", "snponly.efi", "syslinux.efi");
    assertThat(boot(all).file()).contains("lpxelinux.0");
    assertThat(boot(all).files()).isEqualTo(Map.of(Architecture.UEFI_X64, "snponly.efi"));
    assertThat(boot(all).ipxe()).contains("http://10.11.12.1/boot.ipxe");
    assertThat(boot(all + "[http]\nport = 8080\n").httpBase()).contains("http://10.11.12.1:8080/");
    BootChoice byTftp = boot(all + "[http]\nport = 0\n");
    assertThat(byTftp.file()).contains("pxelinux.0");
    assertThat(byTftp.ipxe()).contains("boot.ipxe");
    assertThat(byTftp.httpBase()).isEmpty();
    BootChoice signed = boot(loaders("shimx64.efi.signed"));
    assertThat(signed.file()).contains("pxelinux.0");
    assertThat(signed.files()).isEqualTo(Map.of(Architecture.UEFI_X64, "shimx64.efi"));
  }

  @Test
  void a_boot_file_that_is_configured_holds_for_ipxe_too() throws Exception {
    BootChoice one = boot("[dhcp]\nboot-file = \"pxelinux.0\"\n");
    assertThat(one.file()).contains("pxelinux.0");
    assertThat(one.ipxe()).isEmpty();
  }

  @Test
  void all_mistakes_are_told_at_once_each_with_its_line() {
    assertThat(
            refusal(
                """
                [dhcp]
                rnage = "10.11.12.101-10.11.12.110"
                lease-time = "10s"
                dns = ["10.1.1.1", "nowhere"]
                [[host]]
                name = "front"
                """))
        .contains(
            "krgboot.toml:2: unknown key 'dhcp.rnage'. Did you mean 'dhcp.range'?",
            "krgboot.toml:3: dhcp.lease-time: '10s' must be between 60s and 365d",
            "krgboot.toml:4: dhcp.dns: 'nowhere' is not an IPv4 address",
            "krgboot.toml:5: a host needs its mac");
  }

  @Test
  void a_range_outside_the_subnet_is_refused_at_its_line() {
    assertThat(refusal("[dhcp]\nrange = \"10.99.0.1-10.99.0.9\"\n")).contains("krgboot.toml:2:");
  }

  @Test
  void broken_toml_is_refused_with_its_line() {
    assertThat(refusal("[dhcp]\nrange = \n")).contains("krgboot.toml:2");
  }

  @Test
  void a_flag_wins_over_the_file() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("k.toml"), "[dhcp]\nrange = \"10.11.12.5-10.11.12.9\"\n");
    Problems problems = new Problems();
    RawSettings raw = new RawSettings(problems);
    raw.readFile(file);
    raw.flag(SettingKey.DHCP_RANGE, "--range", "10.11.12.30-10.11.12.39");
    Settings settings = SettingsReader.read(raw, problems, MACHINE);
    assertThat(settings.dhcp().orElseThrow().config().ranges())
        .containsExactly(AddressRange.parse("10.11.12.30-10.11.12.39"));
  }

  @Test
  void only_the_servers_that_are_named_have_settings() throws Exception {
    Settings settings = read("[server]\nonly = [\"tftp\"]\n");
    assertThat(settings.dhcp()).isEmpty();
    assertThat(settings.nfs()).isEmpty();
    assertThat(settings.tftp()).isPresent();
  }

  @Test
  void a_file_that_cannot_be_read_is_named() {
    Problems problems = new Problems();
    new RawSettings(problems).readFile(directory.resolve("none.toml"));
    assertThatThrownBy(problems::throwIfAny).hasMessageContaining("none.toml");
  }

  @Test
  void the_default_range_leaves_out_the_servers_own_address() {
    assertThat(Defaults.range(Subnet.parse("10.0.0.0/24"), Ipv4.parse("10.0.0.190")))
        .contains(AddressRange.parse("10.0.0.101-10.0.0.189"));
    assertThat(Defaults.range(Subnet.parse("10.0.0.0/29"), Ipv4.parse("10.0.0.1")))
        .contains(AddressRange.parse("10.0.0.4-10.0.0.6"));
    assertThat(Defaults.range(Subnet.parse("10.0.0.0/16"), Ipv4.parse("10.0.7.1")))
        .contains(AddressRange.parse("10.0.7.101-10.0.7.199"));
  }

  @Test
  void what_nfs_clients_may_hold_is_bounded_by_settings() throws Exception {
    assertThat(read("").nfs().orElseThrow().config().limits()).isEqualTo(Limits.DEFAULTS);
    Limits limits =
        read("""
        [nfs]
        max-connections = 5000
        address-share = 25
        io-size = "64k"
        open-files = 2000
        buffer-memory = "1g"
        waiting-calls = 8
        idle-timeout = "5m"
        stall-timeout = "30s"
        """)
            .nfs()
            .orElseThrow()
            .config()
            .limits();
    assertThat(limits)
        .isEqualTo(
            new Limits(
                5000,
                25,
                64 << 10,
                2000,
                Limits.DEFAULTS.replies(),
                1L << 30,
                8,
                Duration.ofMinutes(5),
                Duration.ofSeconds(30)));
  }

  @Test
  void limits_that_cannot_work_are_refused() {
    assertThat(
            refusal(
                "[nfs]\nio-size = \"65000\"\nbuffer-memory = \"1m\"\nidle-timeout = \"1s\"\n"
                    + "address-share = 5\nwaiting-calls = 0\n"))
        .contains("krgboot.toml:2: nfs.io-size: '65000' is not a size; write it as 64k, 256m or 1g")
        .contains("krgboot.toml:3: nfs.buffer-memory: '1m' must be between 32768k and 16777216k")
        .contains("krgboot.toml:4: nfs.idle-timeout: '1s' must be between 5s and 24h")
        .contains("krgboot.toml:5: nfs.address-share: '5' is not a number from 10 to 100")
        .contains("krgboot.toml:6: nfs.waiting-calls: '0' is not a number from 1 to 256");
  }
}
