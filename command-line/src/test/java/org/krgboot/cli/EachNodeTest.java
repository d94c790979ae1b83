package org.krgboot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.daemon.NodeRow;
import org.krgboot.model.MacAddress;

class EachNodeTest {
  @TempDir Path directory;

  @Test
  void a_program_is_run_for_each_node_and_each_outcome_is_told() throws Exception {
    List<EachNode.Outcome> outcomes = new ArrayList<>();
    new EachNode(3, 60)
        .run(
            nodes(10),
            node ->
                List.of("sh", "-c", "echo out; echo err >&2; exit \"${1#n}\"", "x", node.name()),
            outcomes::add);
    assertThat(outcomes)
        .extracting(EachNode.Outcome::exit)
        .containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(outcomes).extracting(EachNode.Outcome::output).containsOnly("out\nerr");
  }

  @Test
  void one_that_does_not_end_is_ended_and_the_others_are_not_held_up() throws Exception {
    List<EachNode.Outcome> outcomes = new ArrayList<>();
    new EachNode(1, 1)
        .run(
            nodes(2),
            node -> List.of("sh", "-c", "[ $1 = n2 ] || sleep 600", "x", node.name()),
            outcomes::add);
    assertThat(outcomes)
        .extracting(EachNode.Outcome::exit)
        .containsExactlyInAnyOrder(EachNode.TIMED_OUT, 0);
  }

  @Test
  void a_program_that_is_not_there_is_told_with_its_name() throws Exception {
    List<EachNode.Outcome> outcomes = new ArrayList<>();
    new EachNode(1, 60).run(nodes(1), _ -> List.of("/no/such/ssh"), outcomes::add);
    assertThat(outcomes.getFirst().exit()).isEqualTo(EachNode.NOT_RUN);
    assertThat(outcomes.getFirst().output()).contains("/no/such/ssh");
  }

  @Test
  void ssh_is_told_where_to_go_and_never_to_ask_for_a_password() throws Exception {
    RemoteOptions remote = new RemoteOptions();
    remote.ssh = recordingSsh() + " -p 22";
    assertThat(remote.ssh(nodes(1), "uptime")).isZero();
    assertThat(directory.resolve("ssh.called"))
        .hasContent(
            "-p 22 -o BatchMode=yes -o ConnectTimeout=10 -o StrictHostKeyChecking=accept-new"
                + " root@10.0.0.1 uptime\n");
    remote.ssh = "false";
    assertThat(remote.ssh(nodes(1), "uptime")).isEqualTo(1);
  }

  @Test
  void a_node_without_an_address_fails_alone_and_ssh_is_not_tried() throws Exception {
    NodeRow known = nodes(1).getFirst();
    NodeRow lost =
        new NodeRow("", "", known.mac(), "dhcp", known.since(), known.powerOn(), "refused", "", "");
    RemoteOptions remote = new RemoteOptions();
    remote.ssh = recordingSsh().toString();
    assertThat(remote.ssh(List.of(lost), "uptime")).isEqualTo(1);
    assertThat(directory.resolve("ssh.called")).doesNotExist();
    assertThat(remote.ssh(List.of(lost, known), "uptime")).isEqualTo(1);
    assertThat(directory.resolve("ssh.called")).content().contains("root@10.0.0.1 uptime");
  }

  @Test
  void a_driver_gets_action_name_mac_and_address_as_words_of_their_own() {
    assertThat(PowerCommand.driven("x $1", PowerCommand.Action.OFF, nodes(1).getFirst()))
        .containsExactly(
            "sh", "-c", "x $1", "krgboot", "off", "n1", "52:54:00:00:00:01", "10.0.0.1");
  }

  @Test
  void a_magic_packet_is_six_times_ff_and_sixteen_times_the_address() {
    byte[] packet = WakeOnLan.packet(MacAddress.parse("52:54:00:00:00:01"));
    assertThat(packet).hasSize(102).startsWith(0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
    for (int i = 1; i <= 16; i++) {
      assertThat(java.util.Arrays.copyOfRange(packet, 6 * i, 6 * i + 6))
          .containsExactly(0x52, 0x54, 0, 0, 0, 1);
    }
  }

  /** Writes its words to {@code ssh.called}. */
  private Path recordingSsh() throws Exception {
    Path ssh = Files.writeString(directory.resolve("ssh"), "#!/bin/sh\necho \"$@\" > $0.called\n");
    Files.setPosixFilePermissions(ssh, PosixFilePermissions.fromString("rwx------"));
    return ssh;
  }

  private static List<NodeRow> nodes(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i ->
            new NodeRow(
                "n" + i,
                "10.0.0." + i,
                "52:54:00:00:00:0" + i % 10,
                "reading",
                Instant.EPOCH,
                Instant.EPOCH,
                "",
                "",
                ""))
        .toList();
  }
}
