package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.krgboot.nfs.Peer.Transport;
import org.krgboot.nfs.PortmapProgram.Mapping;

/** What is changed at somebody else's portmapper, and what never. */
class PortmapPlanTest {
  private static final Mapping NFS_TCP = new Mapping(100003, 3, Transport.TCP, 2049);
  private static final Mapping NFS_UDP = new Mapping(100003, 3, Transport.UDP, 2049);
  private static final Mapping MOUNT_TCP = new Mapping(100005, 3, Transport.TCP, 627);
  private static final List<Mapping> OURS = List.of(NFS_TCP, NFS_UDP, MOUNT_TCP);
  private static final Mapping OTHER_MOUNT = new Mapping(100005, 3, Transport.TCP, 20048);
  private static final Mapping OTHER_UDP = new Mapping(100003, 3, Transport.UDP, 3049);
  private static final Mapping STATUS = new Mapping(100024, 1, Transport.TCP, 40000);

  private static PortmapPlan decide(List<Mapping> found, Mapping... live) {
    return PortmapPlan.decide(OURS, found, List.of(live)::contains);
  }

  @Test
  void a_portmapper_that_knows_nothing_of_us_is_told_all() {
    assertThat(decide(List.of(STATUS), STATUS))
        .isEqualTo(new PortmapPlan(List.of(), OURS, List.of()));
  }

  @Test
  void one_that_knows_us_is_left_alone() {
    assertThat(decide(OURS)).isEqualTo(new PortmapPlan(List.of(), List.of(), List.of()));
  }

  @Test
  void what_a_dead_server_left_is_taken_away_with_both_transports_and_told_anew() {
    assertThat(decide(List.of(NFS_TCP, OTHER_UDP, MOUNT_TCP)))
        .isEqualTo(new PortmapPlan(List.of(NFS_TCP), List.of(NFS_TCP, NFS_UDP), List.of()));
  }

  @Test
  void a_server_that_runs_is_named_and_not_touched() {
    assertThat(decide(List.of(OTHER_MOUNT), OTHER_MOUNT))
        .isEqualTo(new PortmapPlan(List.of(), List.of(NFS_TCP, NFS_UDP), List.of(OTHER_MOUNT)));
  }

  @Test
  void other_programs_and_versions_are_nobodys_business() {
    Mapping nfs4 = new Mapping(100003, 4, Transport.TCP, 2048);
    assertThat(decide(List.of(NFS_TCP, NFS_UDP, MOUNT_TCP, nfs4, STATUS)))
        .isEqualTo(new PortmapPlan(List.of(), List.of(), List.of()));
  }
}
