package org.krgboot.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.dhcp.DhcpConfig;
import org.krgboot.dhcp.DhcpListen;
import org.krgboot.dhcp.HostKey;
import org.krgboot.dhcp.Network;
import org.krgboot.dhcp.NodeClass;
import org.krgboot.dhcp.Octets;
import org.krgboot.dhcp.Policy;
import org.krgboot.dhcp.Pool;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

class DhcpSettingsTest {
  private static final List<HostInterface> MACHINE =
      List.of(nic("eth1", "10.11.12.1"), nic("eth2", "10.11.13.1"), nic("eth2", "10.31.0.1"));

  @TempDir Path directory;

  private static HostInterface nic(String name, String address) {
    Ipv4 own = Ipv4.parse(address);
    return new HostInterface(name, own, Subnet.around(own, 24), HostInterface.Kind.NETWORK);
  }

  private Settings.Dhcp read(String toml) throws Exception {
    return settings(toml).dhcp().orElseThrow();
  }

  private Settings settings(String toml) throws Exception {
    Path file = Files.writeString(directory.resolve("krgboot.toml"), toml);
    Problems problems = new Problems();
    RawSettings raw = new RawSettings(problems);
    raw.readFile(file);
    return SettingsReader.read(raw, problems, MACHINE);
  }

  private String refusal(String toml) throws Exception {
    try {
      read(toml);
    } catch (SettingsException e) {
      return e.getMessage();
    }
    throw new AssertionError("it was accepted");
  }

  private static final String TWO_NETWORKS =
      """
      [dhcp]
      lease-time = "2h"
      domain = "mycluster.home"
      unique-node-ids = "ignore"
      [[dhcp.network]]
      subnet = "10.11.12.0/24"
      range = ["10.11.12.11-10.11.12.20", "10.11.12.31-10.11.12.40"]
      router = "10.11.12.254"
      [[dhcp.network]]
      interface = "eth2"
      subnet = "10.11.13.0/24"
      lease-time = "1h"
      node-name = "b{octet3}-{octet4}"
      [[dhcp.network.pool]]
      range = "10.11.13.100-10.11.13.120"
      allow = ["known", "uefi"]
      boot-file = "shimx64.efi"
      [[dhcp.class]]
      name = "uefi"
      architecture = [7, 9]
      mac-prefix = "52:54:00"
      vendor-class = ["PXEClient", "HTTPClient"]
      """;

  @Test
  void each_network_is_served_on_the_interface_that_has_an_address_in_it() throws Exception {
    Settings.Dhcp dhcp = read(TWO_NETWORKS);
    assertThat(dhcp.listen().links())
        .containsExactly(
            new DhcpListen.Link(Ipv4.parse("10.11.12.1"), Optional.of("eth1")),
            new DhcpListen.Link(Ipv4.parse("10.11.13.1"), Optional.of("eth2")));
    assertThat(dhcp.solicitationsOn()).containsExactly("eth1", "eth2");
    assertThat(dhcp.config().networks())
        .extracting(Network::server)
        .containsExactly(Ipv4.parse("10.11.12.1"), Ipv4.parse("10.11.13.1"));
  }

  @Test
  void boot_files_and_root_are_served_on_all_interfaces_if_dhcp_is_on_several() throws Exception {
    Settings several = settings(TWO_NETWORKS);
    assertThat(several.tftp().orElseThrow().listen()).isEqualTo(Ipv4.ANY);
    assertThat(several.nfs().orElseThrow().config().listen()).isEqualTo(Ipv4.ANY);
    Settings one = settings("[server]\ninterface = \"eth1\"\n");
    assertThat(one.tftp().orElseThrow().listen()).hasToString("10.11.12.1");
  }

  @Test
  void what_a_network_does_not_say_the_global_scope_says() throws Exception {
    DhcpConfig config = read(TWO_NETWORKS).config();
    var first = config.optionsAt(Ipv4.parse("10.11.12.11")).orElseThrow();
    assertThat(first.leaseTime()).isEqualTo(Duration.ofHours(2));
    assertThat(first.domain()).contains("mycluster.home");
    var second = config.optionsAt(Ipv4.parse("10.11.13.100")).orElseThrow();
    assertThat(second.leaseTime()).isEqualTo(Duration.ofHours(1));
    assertThat(second.name().text()).isEqualTo("b{octet3}-{octet4}");
    assertThat(second.domain()).contains("mycluster.home");
    assertThat(config.networks().getFirst().ranges()).hasSize(2);
    Pool pool = config.networks().get(1).subnets().getFirst().pools().getFirst();
    assertThat(pool.allow()).isEqualTo(Set.of("known", "uefi"));
    assertThat(pool.options().boot().file()).contains("shimx64.efi");
    NodeClass uefi = config.classes().getFirst();
    assertThat(uefi.architectures()).containsExactlyInAnyOrder(7, 9);
    assertThat(uefi.macPrefixes()).containsExactly(Octets.parse("0x525400"));
    assertThat(uefi.vendorClasses()).containsExactly("PXEClient", "HTTPClient");
  }

  @Test
  void a_network_without_an_interface_of_ours_is_behind_relays() throws Exception {
    Settings.Dhcp dhcp =
        read(
            """
            [server]
            interface = "eth1"
            [[dhcp.network]]
            subnet = "10.99.0.0/16"
            range = "10.99.0.10-10.99.0.20"
            """);
    assertThat(dhcp.config().networks().getFirst().isOurs()).isFalse();
    assertThat(dhcp.config().networks().getFirst().server()).hasToString("10.11.12.1");
    assertThat(dhcp.listen().links()).hasSize(1);
  }

  @Test
  void one_wire_may_have_several_subnets_with_options_of_their_own() throws Exception {
    Settings.Dhcp dhcp =
        read(
            """
            [[dhcp.network]]
            lease-time = "1h"
            [[dhcp.network.subnet]]
            subnet = "10.11.12.0/24"
            range = "10.11.12.11-10.11.12.20"
            router = "10.11.12.254"
            [[dhcp.network.subnet]]
            subnet = "10.21.0.0/16"
            range = "10.21.1.50-10.21.1.60"
            lease-time = "30m"
            """);
    Network wire = dhcp.config().networks().getFirst();
    assertThat(wire.subnets()).hasSize(2);
    assertThat(wire.isOurs()).isTrue();
    var first = dhcp.config().optionsAt(Ipv4.parse("10.11.12.11")).orElseThrow();
    assertThat(first.leaseTime()).isEqualTo(Duration.ofHours(1));
    var second = dhcp.config().optionsAt(Ipv4.parse("10.21.1.50")).orElseThrow();
    assertThat(second.leaseTime()).isEqualTo(Duration.ofMinutes(30));
  }

  @Test
  void a_subnet_is_told_the_address_that_its_interface_has_in_it() throws Exception {
    Settings settings =
        settings(
            """
            [dhcp]
            domain = "mycluster.home"
            [[dhcp.network]]
            lease-time = "1h"
            [[dhcp.network.subnet]]
            subnet = "10.11.13.0/24"
            range = "10.11.13.11-10.11.13.20"
            [[dhcp.network.subnet]]
            subnet = "10.31.0.0/24"
            range = "10.31.0.50-10.31.0.60"
            domain = "other.home"
            [[dhcp.network.subnet]]
            subnet = "10.99.0.0/24"
            """);
    Settings.Dhcp dhcp = settings.dhcp().orElseThrow();
    assertThat(dhcp.listen().links())
        .containsExactly(
            new DhcpListen.Link(
                Ipv4.parse("10.11.13.1"), Optional.of("eth2"), List.of(Ipv4.parse("10.31.0.1"))));
    var first = dhcp.config().optionsAt(Ipv4.parse("10.11.13.11")).orElseThrow();
    assertThat(first.server()).hasToString("10.11.13.1");
    assertThat(first.domain()).contains("mycluster.home");
    var second = dhcp.config().optionsAt(Ipv4.parse("10.31.0.50")).orElseThrow();
    assertThat(second.server()).hasToString("10.31.0.1");
    assertThat(second.domain()).contains("other.home");
    assertThat(second.leaseTime()).isEqualTo(Duration.ofHours(1));
    assertThat(second.scope().boot().ipxe()).contains("http://10.31.0.1/boot.ipxe");
    var third = dhcp.config().optionsAt(Ipv4.parse("10.99.0.7")).orElseThrow();
    assertThat(third.server()).hasToString("10.11.13.1");
    assertThat(settings.tftp().orElseThrow().listen()).isEqualTo(Ipv4.ANY);
    assertThat(settings.nfs().orElseThrow().config().listen()).isEqualTo(Ipv4.ANY);
  }

  @Test
  void a_host_may_be_known_by_other_things_than_its_mac() throws Exception {
    Settings.Dhcp dhcp =
        read(
            """
            [server]
            interface = "eth1"
            [[host]]
            client-id = "01:52:54:00:00:00:01"
            address = "10.11.12.5"
            boot-file = "other.0"
            [[host]]
            duid = "0x00030001525400000002"
            [[host]]
            circuit-id = "ge-0/0/1"
            """);
    assertThat(dhcp.config().hosts())
        .extracting(host -> (Object) host.key())
        .containsExactly(
            new HostKey.ClientId(Octets.parse("0x01525400000001")),
            new HostKey.Duid(Octets.parse("0x00030001525400000002")),
            new HostKey.CircuitId(Octets.parse("ge-0/0/1")));
    assertThat(dhcp.config().hosts().getFirst().options().boot().file()).contains("other.0");
  }

  @Test
  void the_rules_for_all_networks_are_taken() throws Exception {
    Policy policy =
        read("""
        [server]
        interface = "eth1"
        [dhcp]
        authoritative = false
        key = "client-id"
        reply = "broadcast"
        renew-time = "1h"
        rebind-time = "3h"
        next-server = "10.11.12.7"
        root-path = "/srv/root"
        """)
            .config()
            .policy();
    assertThat(policy.authority()).isEqualTo(Policy.Authority.ONE_OF_SEVERAL);
    assertThat(policy.key()).isEqualTo(Policy.Key.CLIENT_ID);
    assertThat(policy.delivery()).isEqualTo(Policy.Delivery.BROADCAST);
  }

  @Test
  void mistakes_are_told_with_the_line_of_their_table_or_key() throws Exception {
    assertThat(
            refusal(
                """
                [dhcp]
                range = "10.11.12.5-10.11.12.9"
                [[dhcp.network]]
                subnet = "10.11.12.0/24"
                rnage = "10.11.12.11"
                [[dhcp.network]]
                interface = "eth7"
                subnet = "10.11.13.0/24"
                [[dhcp.network]]
                range = "10.11.13.4-10.11.13.3"
                [[dhcp.class]]
                name = "all"
                [[host]]
                address = "10.11.12.5"
                """))
        .contains(
            "krgboot.toml:2: dhcp.range is the short form for one network",
            "krgboot.toml:5: unknown key 'rnage' of [[dhcp.network]]. Did you mean 'range'?",
            "krgboot.toml:7: no interface of that name",
            "krgboot.toml:9: a network needs its subnet",
            "krgboot.toml:11: the class 'all' says nothing of its nodes",
            "krgboot.toml:13: a host needs its mac");
    assertThat(
            refusal(
                """
                [[dhcp.network]]
                subnet = "10.11.12.0/24"
                range = "10.11.12.1-10.11.12.9"
                """))
        .contains("krgboot.toml:3: the range 10.11.12.1-10.11.12.9 contains this machine's own");
  }

  @Test
  void the_network_or_host_that_breaks_the_whole_is_named() throws Exception {
    assertThat(
            refusal(
                """
                [[dhcp.network]]
                subnet = "10.11.12.0/24"
                [[dhcp.network]]
                subnet = "10.11.12.0/28"
                """))
        .startsWith("krgboot.toml:3: ")
        .contains("overlap");
    assertThat(
            refusal(
                """
                [server]
                interface = "eth1"
                [[host]]
                mac = "52:54:00:00:00:01"
                [[host]]
                mac = "52:54:00:00:00:02"
                address = "10.99.0.1"
                """))
        .startsWith("krgboot.toml:5: the address 10.99.0.1");
  }

  @Test
  void two_addresses_with_one_node_id_are_told_or_refused() throws Exception {
    String wide =
        "[dhcp]\n%s[[dhcp.network]]\nsubnet = \"10.11.12.0/24\"\nrange = \"10.11.12.5\"\n"
            + "[[dhcp.network]]\nsubnet = \"10.11.13.0/24\"\nrange = \"10.11.13.5\"\n";
    assertThat(read(wide.formatted("")).notes().getFirst())
        .startsWith("10.11.12.5 and 10.11.13.5 both give the Kerrighed node id 5");
    assertThat(read(wide.formatted("unique-node-ids = \"ignore\"\n")).notes()).isEmpty();
    assertThat(refusal(wide.formatted("unique-node-ids = \"refuse\"\n")))
        .startsWith("krgboot.toml:2: 10.11.12.5 and 10.11.13.5");
  }

  @Test
  void the_short_form_takes_several_ranges() throws Exception {
    Settings.Dhcp dhcp =
        read(
            "[server]\ninterface = \"eth1\"\n[dhcp]\n"
                + "range = [\"10.11.12.5-10.11.12.9\", \"10.11.12.20\"]\n");
    assertThat(dhcp.config().ranges())
        .containsExactly(
            AddressRange.parse("10.11.12.5-10.11.12.9"), AddressRange.parse("10.11.12.20"));
  }
}
