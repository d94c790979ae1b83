package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.nfs.Peer.Transport;

/** What is told of nodes, and how much of strangers. */
class BootProgressTest {
  @Test
  void refusals_of_strangers_do_not_fill_the_log() {
    List<BootEvent> told = new ArrayList<>();
    Instant[] now = {Instant.parse("2026-01-01T00:00:00Z")};
    BootProgress progress = new BootProgress(told::add, () -> now[0]);
    for (int i = 0; i < 5000; i++) {
      Peer peer = new Peer(new Ipv4(i), 700, Transport.UDP);
      progress.mountRefused(peer, "/" + i, BootEvent.Refusal.FORBIDDEN, "no such export");
      progress.versionRefused(peer, 2);
    }
    assertThat(told).hasSize(BootProgress.REFUSALS_PER_MINUTE);
    now[0] = now[0].plusSeconds(60);
    progress.mountRefused(
        new Peer(new Ipv4(4999), 700, Transport.UDP),
        "/4999",
        BootEvent.Refusal.FORBIDDEN,
        "no such export");
    assertThat(told).hasSize(BootProgress.REFUSALS_PER_MINUTE + 1);
  }
}
