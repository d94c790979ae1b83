package org.krgboot.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.linux.FileCalls;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;
import org.krgboot.nfs.Export;

/** Reload, set, approve, fence, rollback: what holds after each, and what the journal says. */
class OperatorTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final MacAddress NODE = MacAddress.parse("52:54:00:00:00:01");
  private static final MacAddress STRANGER = MacAddress.parse("52:54:00:00:00:99");
  private static final Ipv4 ADDRESS = Ipv4.parse("127.0.0.101");

  private static final String RACK =
      """
      [[profile]]
      name = "compute"
      append = "session_id=1"
      [[group]]
      name = "rack1"
      nodes = "krgnode[01-03]"
      """;

  @TempDir Path directory;
  private Instant now = NOW;
  private Parts parts;

  @BeforeEach
  void start() throws Exception {
    parts = daemon();
    parts.configuration.started(parts.source.files());
    parts.cluster.accept(
        new BootEvent.AddressAcknowledged(
            NOW, NODE, ADDRESS, new NodeName("krgnode01"), "PXEClient"));
  }

  private Parts daemon() throws IOException {
    InstantSource ticking = () -> now = now.plusSeconds(1);
    return new Parts(directory, new Cluster(), ticking);
  }

  @Test
  void what_changed_holds_everywhere_at_once_under_a_new_number() throws Exception {
    parts.with("[boot]\ntarget = \"local\"\n[[export]]\npath = \"/home\"\nclients = \"*(ro)\"\n");
    Operator.Done done = parts.operator.reload("krgboot reload");
    assertThat(done.number()).isEqualTo(2);
    assertThat(done.changes()).isEqualTo("what nodes boot, added export /home");
    assertThat(parts.desk.menu().picks().apply(ADDRESS).target()).isEqualTo("local");
    assertThat(parts.exports.getLast()).extracting(Export::path).contains(Path.of("/home"));
    assertThat(parts.operator.reload("SIGHUP"))
        .isEqualTo(new Operator.Done(2, List.of(), "nothing changed"));
    assertThat(parts.told())
        .containsExactly(
            "configuration 1 holds: start",
            "configuration 2 holds: krgboot reload",
            "configuration 2 holds: SIGHUP");
  }

  @Test
  void a_mistake_or_what_needs_a_restart_changes_nothing_and_is_told_by_name() throws Exception {
    parts.with("[boot]\ntarget = \"local\"\n[tftp]\nprot = 1\n");
    assertThatThrownBy(() -> parts.operator.reload("SIGHUP"))
        .hasMessage("krgboot.toml:4: unknown key 'tftp.prot'. Did you mean 'tftp.port'?");
    parts.with("[boot]\ntarget = \"local\"\n[tftp]\nport = 1069\n[nfs]\nopen-files = 77\n");
    assertThatThrownBy(() -> parts.operator.reload("SIGHUP"))
        .hasMessageContaining(
            "tftp.port; the limits of [nfs] need a restart, so nothing was taken");
    assertThat(parts.desk.menu().picks().apply(ADDRESS).target()).isEqualTo("diskless");
    assertThat(parts.exports).isEmpty();
    assertThat(parts.told().getLast()).startsWith("configuration refused, the one before holds");
  }

  @Test
  void what_a_server_refuses_leaves_files_exports_and_numbers_as_they_were() throws Exception {
    parts.refusal = "no room";
    assertThatThrownBy(() -> parts.operator.set("krgnode01", Map.of("target", "local")))
        .hasMessage("no room");
    assertThat(parts.exports).hasSize(2).first().isEqualTo(parts.exports.getLast());
    assertThat(parts.nodes()).doesNotExist();
    parts.refusal = "";
    assertThat(parts.operator.set("krgnode01", Map.of("target", "local")).number()).isEqualTo(2);
  }

  @Test
  void a_node_is_said_something_of_and_it_is_taken_back() throws Exception {
    parts.with(RACK);
    parts.operator.reload("krgboot reload");
    Operator.Done done =
        parts.operator.set("@rack1", Map.of("profile", "compute", "append+", "debug"));
    assertThat(done.nodes()).containsExactly("krgnode01");
    assertThat(parts.desk.menu().picks().apply(ADDRESS).append()).isEqualTo("session_id=1 debug");
    assertThat(Files.readString(parts.nodes()))
        .contains("mac = \"52:54:00:00:00:01\"\nprofile = \"compute\"\nappend = \"debug\"\n");
    parts.operator.unset("krgnode01", List.of("profile"));
    assertThat(parts.desk.menu().picks().apply(ADDRESS).append()).isEqualTo("debug");
    parts.operator.unset("krgnode01", List.of("all"));
    assertThat(Files.readString(parts.nodes())).doesNotContain("[[node]]");
    assertThatThrownBy(() -> parts.operator.unset("krgnode01", List.of("target")))
        .hasMessageContaining("there is nothing to unset krgnode01 target");
  }

  @Test
  void what_makes_no_sense_is_refused_in_one_line_and_nothing_is_written() {
    refuses("krgnode01", "targt", "local", "unknown key 'targt'. Did you mean 'target'?");
    refuses("krgnode01", "target", "memtst", "krgboot.d/nodes.toml:3: there is no boot target");
    refuses("krgnode01", "address", "10.0.0", "address: '10.0.0'");
    refuses("krgnode02", "target", "local", "no node is called krgnode02; did you mean krgnode01?");
    refuses("krgnode[", "target", "local", "does not close it");
    refuses("@rack", "target", "local", "there is no group @rack");
    refuses("krgnode01," + STRANGER, "name", "x", "name is one node's, and this names 2 nodes");
    refuses("krgnode01", "profile", "x", "there is no profile 'x'; write one as [[profile]]");
    refuses("krgnode01", "mac", "52:54:00:00:00:02", "a node is its MAC address");
    assertThat(parts.nodes()).doesNotExist();
  }

  private void refuses(String range, String key, String value, String why) {
    assertThatThrownBy(() -> parts.operator.set(range, Map.of(key, value)))
        .hasMessageContaining(why);
  }

  @Test
  void an_unknown_node_waits_until_it_is_approved_and_then_is_known_by_name() throws Exception {
    parts.with("[dhcp]\nadmission = \"approve\"\n");
    parts.operator.reload("krgboot reload");
    parts.cluster.accept(
        new BootEvent.AddressRefused(NOW, STRANGER, BootEvent.Refusal.NOT_APPROVED, "waits"));
    assertThat(parts.operator.standing(STRANGER)).isEqualTo("waiting");
    assertThatThrownBy(() -> parts.operator.set(STRANGER.toString(), Map.of("target", "local")))
        .hasMessageContaining("krgboot approve " + STRANGER + " first");
    assertThatThrownBy(() -> parts.operator.approve(List.of("52:54:00"), ""))
        .hasMessageContaining("is not a MAC address");
    assertThatThrownBy(
            () -> parts.operator.approve(List.of(STRANGER.toString(), "52:54:00:00:00:98"), "x"))
        .hasMessageContaining("x is 1 names for 2 nodes");
    Operator.Done done = parts.operator.approve(List.of(STRANGER.toString()), "krgnode07");
    assertThat(done.nodes()).containsExactly("krgnode07");
    assertThat(parts.operator.standing(STRANGER)).isEmpty();
    assertThat(parts.dhcp.getLast().hosts()).hasSize(1);
    parts.operator.reject("krgnode07");
    assertThat(parts.operator.standing(STRANGER)).isEqualTo("rejected");
    assertThat(parts.dhcp.getLast().hosts()).isEmpty();
    assertThat(parts.told())
        .contains("operator: approved as krgnode07", "operator: rejected")
        .contains("configuration 3 holds: approve " + STRANGER + " as krgnode07");
    parts.operator.approve(List.of(STRANGER.toString()), "");
    assertThat(parts.operator.standing(STRANGER)).isEmpty();
  }

  @Test
  void a_fenced_node_gets_no_file_is_refused_by_nfs_and_stays_so_over_a_restart() throws Exception {
    List<Set<Ipv4>> refused = new ArrayList<>();
    parts.fences.tell(refused::add);
    parts.operator.fence("krgnode01");
    assertThat(refused.getLast()).containsExactly(ADDRESS);
    assertThat(parts.operator.standing(NODE)).isEqualTo("fenced");
    ServedFiles files =
        new ServedFiles(parts.settings.bootFiles(parts.cluster::holder), parts.fences);
    assertThat(files.open("boot.ipxe", ADDRESS).toString()).contains("FENCED", "krgboot unfence");
    assertThat(files.open("boot.ipxe", Ipv4.parse("127.0.0.7")).toString())
        .doesNotContain("FENCED");

    Parts restarted = daemon();
    restarted.fences.tell(refused::add);
    assertThat(refused.getLast()).containsExactly(ADDRESS);
    assertThat(restarted.operator.standing(NODE)).isEqualTo("fenced");
    restarted.operator.unfence("@all," + NODE);
    assertThat(refused.getLast()).isEmpty();
    assertThatThrownBy(() -> restarted.operator.unfence(NODE.toString()))
        .hasMessageContaining("is fenced");
    assertThat(parts.told()).contains("operator: fenced: DHCP, TFTP, HTTP and NFS refuse it");
  }

  @Test
  void an_address_that_a_fenced_node_gets_all_the_same_is_refused_too() throws Exception {
    List<Set<Ipv4>> refused = new ArrayList<>();
    parts.fences.tell(refused::add);
    parts.operator.fence("krgnode01");
    Ipv4 another = Ipv4.parse("10.11.12.77");
    parts.fences.accept(
        new BootEvent.AddressAcknowledged(
            Instant.EPOCH, NODE, another, new NodeName("krgnode01"), "PXEClient"));
    assertThat(refused.getLast()).contains(another);
    assertThat(parts.fences.isFenced(another)).isTrue();
    assertThat(daemon().fences.addresses()).contains(another);
  }

  @Test
  void a_fenced_node_does_not_shut_others_out_by_asking_for_their_addresses() throws Exception {
    Ipv4 works = Ipv4.parse("10.11.12.88");
    parts.cluster.accept(
        new BootEvent.AddressAcknowledged(NOW, STRANGER, works, new NodeName("krgnode88"), ""));
    parts.cluster.accept(new BootEvent.RootMounted(NOW, works, "/NFSROOT/kerrighed"));
    parts.operator.fence("krgnode01");
    int before = parts.fences.addresses().size();
    for (int i = 60; i < 90; i++) {
      Ipv4 wanted = Ipv4.parse("10.11.12." + i);
      parts.fences.accept(
          new BootEvent.AddressAcknowledged(NOW, NODE, wanted, new NodeName("krgnode01"), ""));
    }
    assertThat(parts.fences.isFenced(works)).isFalse();
    assertThat(parts.fences.addresses()).hasSizeBetween(before + 1, 8);
  }

  @Test
  void the_addresses_of_leases_are_refused_when_the_journal_has_forgotten_them() throws Exception {
    MacAddress silent = MacAddress.parse("52:54:00:00:00:42");
    Ipv4 held = Ipv4.parse("10.11.12.142");
    parts.known.holdLeases(() ->
        List.of(new Lease(silent, held, new NodeName("krgnode42"), Instant.EPOCH, Instant.EPOCH)));
    assertThat(parts.operator.fence(silent.toString()).changes()).isEqualTo("fenced");
    assertThat(parts.fences.isFenced(held)).isTrue();
    assertThat(parts.operator.fence("52:54:00:00:00:43").changes()).contains("no address is known");
  }

  @Test
  void an_address_of_a_fenced_node_that_another_one_gets_is_not_refused_to_that_one()
      throws Exception {
    List<Set<Ipv4>> refused = new ArrayList<>();
    parts.fences.tell(refused::add);
    parts.operator.fence("krgnode01");
    parts.fences.accept(
        new BootEvent.AddressAcknowledged(NOW, STRANGER, ADDRESS, new NodeName("x"), ""));
    assertThat(refused.getLast()).isEmpty();
    assertThat(parts.fences.isFenced(NODE)).isTrue();
  }

  @Test
  void a_rollback_is_a_new_number_with_the_files_of_the_old_one() throws Exception {
    parts.operator.set("krgnode01", Map.of("target", "local"));
    assertThat(parts.operator.rollback(1).number()).isEqualTo(3);
    assertThat(parts.nodes()).doesNotExist();
    assertThat(parts.operator.rollback(2).number()).isEqualTo(4);
    assertThat(Files.readString(parts.nodes())).contains("target = \"local\"");
    assertThatThrownBy(() -> parts.operator.rollback(9))
        .hasMessage("there is no configuration 9; there are 1 to 4");
    assertThat(parts.told()).contains("configuration 3 holds: rollback to 1");
  }

  @Test
  void what_nobody_has_accepted_yet_is_kept_by_number_when_a_rollback_takes_its_place()
      throws Exception {
    parts.operator.set("krgnode01", Map.of("target", "local"));
    String edited = Files.readString(parts.nodes()) + "# by hand\n";
    Files.writeString(parts.nodes(), edited);
    assertThat(parts.operator.rollback(1).number()).isEqualTo(4);
    assertThat(parts.nodes()).doesNotExist();
    parts.operator.rollback(3);
    assertThat(parts.nodes()).hasContent(edited.strip());
  }

  @Test
  void nobody_else_can_write_where_a_command_wrote_though_the_process_has_no_umask()
      throws Exception {
    int before = FileCalls.umask(0);
    try {
      parts.operator.set("krgnode01", Map.of("target", "local"));
    } finally {
      FileCalls.umask(before);
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(parts.nodes())))
        .isEqualTo("rw-r--r--");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(parts.nodes().getParent())))
        .isEqualTo("rwxr-xr-x");
  }

  @Test
  void two_thousand_nodes_are_said_something_of_in_one_go() throws Exception {
    String hosts =
        IntStream.rangeClosed(1, 2000)
            .mapToObj(i ->
                "[[host]]\nmac = \"52:54:00:01:%02x:%02x\"\nname = \"node%04d\"\naddress = \"127.1.%d.%d\"\n"
                    .formatted(i >> 8, i & 255, i, i / 200, i % 200 + 1))
            .collect(Collectors.joining());
    parts.with(RACK + hosts);
    parts.operator.reload("krgboot reload");
    Operator.Done done = parts.operator.set("node[0001-2000]", Map.of("profile", "compute"));
    assertThat(done.nodes()).hasSize(2000).first().isEqualTo("node0001");
    assertThat(parts.dhcp.getLast().hosts()).hasSize(2000);
    assertThat(parts.known.all()).hasSize(2001);
    parts.operator.unset("node*,-node0007", List.of("profile"));
    assertThat(Files.readString(parts.nodes()).split("profile", -1)).hasSize(2);
  }
}
