package org.krgboot.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.dhcp.DhcpListen;
import org.krgboot.dhcp.HostKey;
import org.krgboot.dhcp.NodeOptions;
import org.krgboot.dhcp.Unknown;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.Subnet;
import org.krgboot.nfs.Clients;
import org.krgboot.nfs.Export;

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
    assertThat(settings.services()).containsExactly(Service.DHCP, Service.TFTP, Service.NFS);
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
}
