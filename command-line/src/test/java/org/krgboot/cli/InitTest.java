package org.krgboot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;
import org.krgboot.settings.HostInterface;
import org.krgboot.settings.Problems;
import org.krgboot.settings.RawSettings;
import org.krgboot.settings.Settings;
import org.krgboot.settings.SettingsReader;

/** The wizard: answers in, questions and one file out. */
class InitTest {
  private static final HostInterface ETH1 = network("eth1", "10.11.12.1");
  private static final HostInterface ETH2 = network("eth2", "192.168.7.1");
  private static final String RANGE = "\n";

  @TempDir Path directory;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private List<Ipv4> otherServers = List.of();
  private Path root;

  @BeforeEach
  void make() throws IOException {
    root = Files.createDirectories(directory.resolve("root"));
    Files.createDirectories(root.resolve("boot"));
    Files.writeString(root.resolve("boot/vmlinuz-6.1.0-9"), "kernel");
    Files.writeString(root.resolve("boot/vmlinuz-6.1.0-10"), "kernel");
  }

  private static HostInterface network(String name, String address) {
    Ipv4 own = Ipv4.parse(address);
    return new HostInterface(name, own, Subnet.around(own, 24), HostInterface.Kind.NETWORK);
  }

  private InitPlan plan(
      List<HostInterface> networks,
      Questions.Asking asking,
      Map<String, String> given,
      String typed)
      throws IOException {
    Questions questions =
        new Questions(
            new BufferedReader(new StringReader(typed)),
            new PrintStream(said, true, StandardCharsets.UTF_8),
            given,
            asking);
    InitDialogue dialogue = new InitDialogue(questions, networks, _ -> otherServers);
    InitPlan plan = new InitPlan(dialogue.answers(), networks.size());
    assertThat(dialogue.unused()).isEmpty();
    return plan;
  }

  private InitPlan given(Map<String, String> given) throws IOException {
    return plan(List.of(ETH1), Questions.Asking.NOBODY, given, "");
  }

  private String heard() {
    return said.toString(StandardCharsets.UTF_8);
  }

  /** What the daemon makes of the file. */
  private Settings read(InitPlan plan, List<HostInterface> networks) throws Exception {
    Path file = Files.writeString(directory.resolve("k.toml"), plan.toml());
    Problems problems = new Problems();
    RawSettings raw = new RawSettings(problems);
    raw.readFile(file);
    return SettingsReader.read(raw, problems, networks);
  }

  @Test
  void without_a_question_it_writes_only_what_differs_from_the_defaults() throws Exception {
    InitPlan plan = given(Map.of("nodes", "99"));
    assertThat(plan.toml().lines().filter(line -> !line.startsWith("#") && !line.isBlank()))
        .isEmpty();
    assertThat(given(Map.of()).toml())
        .contains("[dhcp]\nrange = \"10.11.12.101-10.11.12.115\"\n")
        .doesNotContain("interface", "root", "kernel", "name");
    assertThat(read(given(Map.of()), List.of(ETH1)).server()).isEqualTo(Ipv4.parse("10.11.12.1"));
  }

  @Test
  void a_person_is_asked_and_what_cannot_be_is_asked_again() throws Exception {
    String typed =
        String.join(
            "\n",
            "eth3",
            "eth2",
            "any",
            "range",
            "0",
            "300",
            "4",
            "10.0.0.1",
            "192.168.7.1",
            "192.168.7.51",
            "no name",
            "blade",
            "relative",
            root.toString(),
            "vmlinuz-5",
            "vmlinuz-6.1.0-9",
            "");
    InitPlan plan = plan(List.of(ETH1, ETH2), Questions.Asking.PERSON, Map.of(), typed);
    assertThat(heard())
        .contains("'eth3' is none of [eth1, eth2]")
        .contains("'any' is none of range, mac, proxy")
        .contains("'0' is not a number")
        .contains("do not fit into 192.168.7.0/24")
        .contains("this machine's own address, 192.168.7.1, is among them")
        .contains("is not a host name")
        .contains("'relative' is not an absolute path")
        .contains("there is no vmlinuz-5");
    assertThat(plan.toml())
        .contains("interface = \"eth2\"", "kernel = \"vmlinuz-6.1.0-9\"")
        .contains("name-prefix = \"blade\"", "root = \"" + root + "\"");
  }

  @Test
  void nodes_whose_mac_addresses_are_given_are_the_only_ones() throws Exception {
    Path macs =
        Files.writeString(
            directory.resolve("macs"), "# rack 1\n52:54:00:00:00:01 one\n52:54:00:00:00:02\n");
    InitPlan plan =
        given(
            Map.of(
                "addresses",
                "mac",
                "macs",
                macs.toString(),
                "names",
                "krgnode[01-15]",
                "first-address",
                "10.11.12.21"));
    assertThat(plan.toml())
        .contains("unknown = \"refuse\"")
        .contains(
            """
            [[host]]
            mac = "52:54:00:00:00:02"
            address = "10.11.12.22"
            name = "krgnode02"
            """);
    assertThat(plan.picture()).contains("krgnode01  10.11.12.21  52:54:00:00:00:01");
    assertThat(read(plan, List.of(ETH1)).dhcp().orElseThrow().config().hosts()).hasSize(2);
  }

  @Test
  void where_another_dhcp_server_answers_its_addresses_are_proposed() throws Exception {
    otherServers = List.of(Ipv4.parse("10.11.12.254"));
    InitPlan plan = given(Map.of());
    assertThat(heard()).contains("Another DHCP server answers there: [10.11.12.254]");
    assertThat(plan.toml()).contains("mode = \"proxy\"");
    assertThat(plan.picture()).contains("another DHCP server");
    assertThat(read(plan, List.of(ETH1)).dhcp().orElseThrow().mode())
        .isEqualTo(Settings.DhcpMode.PROXY);
  }

  @Test
  void the_layout_is_a_picture() throws Exception {
    assertThat(given(Map.of("root", root.toString(), "nodes", "6")).picture().lines())
        .anyMatch(line -> line.contains("| DHCP, TFTP, HTTP, NFS"))
        .anyMatch(line -> line.contains("| root   " + root))
        .anyMatch(line -> line.contains("|  eth1  10.11.12.1/24"))
        .contains("      +-- krgnode101  10.11.12.101", "      +-- ...")
        .contains("      +-- krgnode106  10.11.12.106");
  }

  @Test
  void answers_that_cannot_be_are_refused_by_their_name() {
    assertThatThrownBy(() -> given(Map.of("nodes", "many")))
        .hasMessageContaining("nodes: 'many' is not a number");
    assertThatThrownBy(() -> given(Map.of("addresses", "mac", "macs", "52:54:00")))
        .hasMessageContaining("macs: '52:54:00' is not a MAC address");
    assertThatThrownBy(() -> given(Map.of("names", "krgnode[01-15]")))
        .hasMessageContaining("krgboot discover --as krgnode[01-15]");
    assertThatThrownBy(() ->
            given(
                Map.of(
                    "addresses",
                    "mac",
                    "macs",
                    "52:54:00:00:00:01 52:54:00:00:00:02",
                    "names",
                    "n[1-1]")))
        .hasMessageContaining("1 names, and there are 2 nodes");
  }

  @Test
  void a_machine_without_a_private_network_is_told_what_to_do() {
    assertThatThrownBy(() -> plan(List.of(), Questions.Asking.NOBODY, Map.of(), ""))
        .hasMessageContaining("ip addr add 10.11.12.1/24 dev eth1");
  }

  @Test
  void input_that_ends_writes_nothing() {
    assertThatThrownBy(
            () -> plan(List.of(ETH1), Questions.Asking.PERSON, Map.of(), "eth1\n" + RANGE))
        .hasMessageContaining("nothing was written");
  }
}
