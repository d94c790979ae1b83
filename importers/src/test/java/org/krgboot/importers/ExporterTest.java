package org.krgboot.importers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;
import org.krgboot.model.Subnet;

/** What the other's language has no words for is told, never dropped in silence. */
class ExporterTest {
  private static Scope scope(Map<ScopeKey, List<String>> said, ExtraOption... extra) {
    TreeMap<Integer, ExtraOption> options = new TreeMap<>();
    for (ExtraOption each : extra) {
      options.put(each.code(), each);
    }
    return new Scope(said, options);
  }

  private static Configuration.Host host(
      Configuration.HostKey key, String id, String label, Optional<String> address) {
    return new Configuration.Host(
        label, key, id, address.map(Ipv4::parse), Optional.of(new NodeName(label)), Scope.NONE);
  }

  private static Configuration configuration(Scope global) {
    Subnet subnet = Subnet.parse("10.0.0.0/24");
    Configuration.Pool pool =
        new Configuration.Pool(
            AddressRange.parse("10.0.0.10-10.0.0.12"), List.of(), List.of(), Scope.NONE);
    return new Configuration(
        Configuration.Policy.STANDARD,
        new TreeMap<>(),
        global,
        List.of(
            new Configuration.Network(
                Optional.empty(),
                Scope.NONE,
                List.of(new Configuration.ServedSubnet(subnet, Scope.NONE, List.of(pool))))),
        List.of(),
        List.of(
            host(Configuration.HostKey.MAC, "52:54:00:00:00:01", "a", Optional.of("10.0.0.11")),
            host(Configuration.HostKey.MAC, "52:54:00:00:00:02", "b", Optional.empty()),
            host(Configuration.HostKey.DUID, "0001", "c", Optional.of("10.0.0.7"))),
        List.of());
  }

  private static List<String> unsaid(Exported exported) {
    return exported.unsaid().stream().map(Object::toString).toList();
  }

  @Test
  void dhcpd_has_no_words_for_duids_names_of_the_nodes_own_and_options_for_all() {
    Exported exported =
        Exporter.dhcpd(
            configuration(
                scope(
                    Map.of(ScopeKey.NAME, List.of("n{mac}")),
                    new ExtraOption(208, "x", "f100747e", ExtraOption.Sent.ALWAYS))));
    assertThat(exported.complete()).isFalse();
    assertThat(unsaid(exported))
        .containsExactly(
            "node-name = n{mac}: ignored: a dhcpd.conf has no words for {mac} and {host} in names",
            "option 208: ignored: dhcpd sends it only to nodes that ask for it, not always",
            "[[host]] c: ignored: dhcpd knows hosts by their DUID for IPv6 only: 0001");
    assertThat(exported.text()).doesNotContain("host c", "n{mac}").contains("host a {");
  }

  @Test
  void a_name_with_the_address_in_it_is_said_octet_by_octet() {
    Exported exported =
        Exporter.dhcpd(configuration(scope(Map.of(ScopeKey.NAME, List.of("n{address}")))));
    assertThat(exported.text()).contains("concat(\"n\", binary-to-ascii(10, 8, \".\", ");
    assertThat(unsaid(exported)).hasSize(1);
  }

  @Test
  void hosts_and_inventories_have_each_address_once_and_say_who_has_none() {
    Exporter.Naming naming =
        new Exporter.Naming(
            address -> Optional.of("n" + address.octet(3)), address -> Optional.of("x.example"));
    Exported hosts = Exporter.hosts(configuration(Scope.NONE), naming);
    assertThat(hosts.text())
        .isEqualTo(
            """
            # written by krgboot export
            10.0.0.7\tc.x.example c
            10.0.0.10\tn10.x.example n10
            10.0.0.11\ta.x.example a
            10.0.0.12\tn12.x.example n12
            """);
    assertThat(hosts.complete()).isTrue();
    Exported ansible = Exporter.ansible(configuration(Scope.NONE), naming);
    assertThat(ansible.text())
        .isEqualTo(
            """
            # written by krgboot export
            [nodes]
            c ansible_host=10.0.0.7 domain=x.example
            n10 ansible_host=10.0.0.10 domain=x.example
            a ansible_host=10.0.0.11 mac=52:54:00:00:00:01 domain=x.example
            n12 ansible_host=10.0.0.12 domain=x.example
            """);
    assertThat(unsaid(ansible))
        .containsExactly(
            "[[host]] b: ignored: it has no address of its own, so no machine of the inventory is"
                + " it");
  }

  @Test
  void addresses_whose_names_depend_on_the_node_are_left_out_and_told() {
    Exported hosts =
        Exporter.hosts(
            configuration(Scope.NONE),
            new Exporter.Naming(address -> Optional.empty(), address -> Optional.empty()));
    assertThat(hosts.text()).isEqualTo("# written by krgboot export\n10.0.0.7\tc\n10.0.0.11\ta\n");
    assertThat(hosts.complete()).isFalse();
  }
}
