package org.krgboot.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.krgboot.bootfiles.BootMenu;
import org.krgboot.dhcp.FixedHost;
import org.krgboot.dhcp.Unknown;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;
import org.krgboot.model.NodeRange;
import org.krgboot.model.Subnet;

/** Groups, profiles and nodes, in one file and in several. */
class NodeSettingsTest {
  private static final Ipv4 OWN = Ipv4.parse("10.11.12.1");
  private static final List<HostInterface> MACHINE =
      List.of(new HostInterface("eth1", OWN, Subnet.around(OWN, 24), HostInterface.Kind.NETWORK));
  private static final String NODES = "krgboot.d/nodes.toml";

  private static final String MAC_1 = "52:54:00:00:00:01";
  private static final String MAC_2 = "52:54:00:00:00:02";

  private final Map<String, String> files = new LinkedHashMap<>();

  private NodeSettingsTest file(String name, String text) {
    files.put(name, text);
    return this;
  }

  private Settings read() throws SettingsException {
    Problems problems = new Problems();
    RawSettings raw = new RawSettings(problems);
    new ConfigFiles(Path.of("/etc/krgboot/krgboot.toml"), files).readInto(raw);
    return SettingsReader.read(raw, problems, MACHINE);
  }

  private static BootMenu.Pick pick(Settings settings, String name, String mac) {
    return settings
        .bootPlan()
        .of(
            new NodeRange.Identity(
                Optional.of(new NodeName(name)), MacAddress.parse(mac), Optional.empty()));
  }

  @Test
  void a_group_names_nodes_wherever_nodes_are_named_and_may_hold_groups() throws Exception {
    Settings settings =
        file(
                "krgboot.toml",
                """
                [[boot.node]]
                nodes = "@all-racks,-@rack2"
                target = "local"
                [[group]]
                name = "all-racks"
                nodes = "@rack1,@rack2"
                [[group]]
                name = "rack1"
                nodes = "krgnode[01-15],-krgnode07"
                [[group]]
                name = "rack2"
                nodes = "krgnode[21-35]"
                """)
            .read();
    assertThat(pick(settings, "krgnode01", MAC_1).target()).isEqualTo("local");
    assertThat(pick(settings, "krgnode07", MAC_1).target()).isEqualTo("diskless");
    assertThat(pick(settings, "krgnode21", MAC_1).target()).isEqualTo("diskless");
    assertThat(settings.nodes().groups()).containsOnlyKeys("all-racks", "rack1", "rack2");
  }

  @Test
  void profile_rule_and_node_are_laid_over_each_other_and_words_are_added_up() throws Exception {
    Settings settings =
        file(
                "krgboot.toml",
                """
                [boot]
                append = "quiet"
                [[profile]]
                name = "kerrighed"
                kernel = "vmlinux-2.6.20-krg"
                append = "session_id=1"
                menu-timeout = 7
                [[boot.node]]
                nodes = "krgnode*"
                profile = "kerrighed"
                menu-timeout = 3
                [[node]]
                name = "krgnode02"
                target = "local"
                append = "debug"
                """)
            .read();
    assertThat(pick(settings, "krgnode01", MAC_1))
        .isEqualTo(
            new BootMenu.Pick(
                "diskless",
                3,
                Optional.of("vmlinux-2.6.20-krg"),
                Optional.empty(),
                "session_id=1"));
    assertThat(pick(settings, "krgnode02", MAC_2).target()).isEqualTo("local");
    assertThat(pick(settings, "krgnode02", MAC_2).append()).isEqualTo("session_id=1 debug");
    assertThat(pick(settings, "front", MAC_2)).isEqualTo(new BootMenu.Pick("diskless", 0));
  }

  @Test
  void a_node_is_a_host_and_what_commands_wrote_goes_over_what_was_written_before()
      throws Exception {
    Settings settings =
        file("krgboot.toml", "[[host]]\nmac = \"" + MAC_1 + "\"\naddress = \"10.11.12.5\"\n")
            .file(
                NODES,
                """
                [[node]]
                mac = "52:54:00:00:00:01"
                name = "front"
                target = "local"
                [[node]]
                mac = "52:54:00:00:00:02"
                address = "10.11.12.6"
                """)
            .file("krgboot.d/zz.toml", "[[node]]\nname = \"front\"\ntarget = \"diskless\"\n")
            .read();
    assertThat(settings.dhcp().orElseThrow().config().hosts())
        .extracting(FixedHost::address)
        .containsExactly(
            Optional.of(Ipv4.parse("10.11.12.5")), Optional.of(Ipv4.parse("10.11.12.6")));
    assertThat(settings.nodes().known())
        .extracting(NodeRange.Identity::name)
        .containsExactly(Optional.of(new NodeName("front")), Optional.empty());
    assertThat(pick(settings, "front", MAC_1).target()).isEqualTo("local");
  }

  @Test
  void files_of_the_directory_are_read_after_the_main_one_by_name_and_their_tables_add_up()
      throws Exception {
    Settings settings =
        file("krgboot.d/20-b.toml", "[boot]\nmenu-timeout = 2\n[[group]]\nname='b'\nnodes='b*'\n")
            .file("krgboot.d/10-a.toml", "[boot]\nmenu-timeout = 1\ntarget = \"local\"\n")
            .file("krgboot.toml", "[boot]\nmenu-timeout = 9\n[[group]]\nname='a'\nnodes='a*'\n")
            .read();
    assertThat(settings.bootPlan().usual()).isEqualTo(new BootMenu.Pick("local", 2));
    assertThat(settings.nodes().groups()).containsOnlyKeys("a", "b");
  }

  @Test
  void a_rejected_node_is_no_host() throws Exception {
    Settings settings =
        file("krgboot.toml", "[dhcp]\nadmission = \"approve\"\n")
            .file(NODES, "[[node]]\nmac = \"" + MAC_1 + "\"\nrejected = true\n")
            .read();
    assertThat(settings.dhcp().orElseThrow().config().hosts()).isEmpty();
    assertThat(settings.dhcp().orElseThrow().config().policy().unknown()).isEqualTo(Unknown.WAITS);
    assertThat(settings.nodes().rejected()).containsExactly(MacAddress.parse(MAC_1));
  }

  @Test
  void admission_has_its_older_word_too_but_not_both() throws Exception {
    assertThat(unknown("[dhcp]\nadmission = \"known\"\n")).isEqualTo(Unknown.REFUSED);
    assertThat(unknown("[dhcp]\nunknown = \"refuse\"\n")).isEqualTo(Unknown.REFUSED);
    assertThat(unknown("[dhcp]\nadmission = \"open\"\n")).isEqualTo(Unknown.ALLOWED);
    assertThatThrownBy(() -> unknown("[dhcp]\nadmission = \"open\"\nunknown = \"allow\"\n"))
        .hasMessage(
            "krgboot.toml:3: dhcp.unknown is the older word for dhcp.admission, which is there"
                + " too; leave it out");
    assertThatThrownBy(() -> unknown("[dhcp]\nadmission = \"all\"\n"))
        .hasMessageContaining("'all' is none of open, known, approve");
  }

  private Unknown unknown(String toml) throws SettingsException {
    return file("krgboot.toml", toml).read().dhcp().orElseThrow().config().policy().unknown();
  }

  @Test
  void directories_are_exported_by_tables_too() throws Exception {
    Settings settings =
        file(
                "krgboot.toml",
                """
                [[export]]
                path = "/srv/my data"
                clients = ["10.11.12.0/24(ro)", "front"]
                options = "rw,no_root_squash"
                [[host]]
                mac = "52:54:00:00:00:01"
                name = "front"
                address = "10.11.12.5"
                """)
            .read();
    assertThat(settings.nfs().orElseThrow().config().exports())
        .extracting(export -> export.path().toString())
        .containsExactly("/NFSROOT/kerrighed", "/srv/my data");
    assertThat(settings.nfs().orElseThrow().config().exports().get(1).rules()).hasSize(2);
  }

  @Test
  void mistakes_are_told_all_at_once_with_their_file_and_line() {
    file(
            "krgboot.toml",
            """
            [[group]]
            name = "rack1"
            nodes = "krgnode[01-15],@rack9"
            [[profile]]
            name = "compute"
            targt = "local"
            [[boot.node]]
            nodes = "@rack2"
            profile = "comptue"
            [[nod]]
            [[export]]
            path = "/home"
            clients = "10.11.12.0/24(rv)"
            """)
        .file(
            NODES,
            """
            [[node]]
            mac = "52:54:00:00:00:0g"
            [[node]]
            name = "krgnode01"
            address = "10.11.12.5"
            [[node]]
            mac = "52:54:00:00:00:01"
            target = "memtest"
            [[node]]
            mac = "52:54:00:00:00:02"
            [[node]]
            mac = "52:54:00:00:00:02"
            """);
    assertThatThrownBy(this::read)
        .hasMessageContaining("krgboot.toml:3: group.nodes: there is no group @rack9")
        .hasMessageContaining(
            "krgboot.toml:6: unknown key 'targt' of [[profile]]. Did you mean 'target'?")
        .hasMessageContaining("krgboot.toml:8: boot.node.nodes: there is no group @rack2")
        .hasMessageContaining(
            "krgboot.toml:9: boot.node.profile: there is no profile 'comptue'. Did you mean")
        .hasMessageContaining("krgboot.toml:10: unknown key 'nod'. Did you mean 'node'?")
        .hasMessageContaining("krgboot.toml:11: unknown option 'rv'")
        .hasMessageContaining(NODES + ":2: node.mac: ")
        .hasMessageContaining(NODES + ":3: only a node with its mac can have an address")
        .hasMessageContaining(NODES + ":6: there is no boot target 'memtest'; there are ")
        .hasMessageContaining(
            NODES + ":11: 52:54:00:00:00:02 is a node at " + NODES + ":9 already");
  }

  @Test
  void two_nodes_with_one_address_are_told_where_the_second_stands() {
    file(
        NODES,
        """
        [[node]]
        mac = "52:54:00:00:00:01"
        address = "10.11.12.5"
        [[node]]
        mac = "52:54:00:00:00:02"
        address = "10.11.12.5"
        """);
    assertThatThrownBy(this::read)
        .hasMessageContaining(NODES + ":4: 10.11.12.5 is given to two hosts");
  }

  @Test
  void words_that_the_kernel_would_cut_off_are_refused_where_they_stand() {
    file(NODES, "[[node]]\nname = \"a\"\nappend = \"" + "x".repeat(2000) + "\"\n");
    assertThatThrownBy(this::read)
        .hasMessageContaining(NODES + ":1: ")
        .hasMessageContaining("too long");
  }
}
