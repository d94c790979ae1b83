package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;

/** A client that is shut out while it is mounted and its connection is open. */
class FenceTest extends NfsScript {
  private static final Ipv4 CLIENT = Ipv4.parse("127.0.0.1");
  private static final Ipv4 ANOTHER = Ipv4.parse("10.11.12.101");
  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void every_call_is_refused_on_the_connection_that_it_has_until_it_may_again() throws Exception {
    byte[] file = file("file", "abc");
    server.shutOut(Set.of(CLIENT));
    assertThat(status(GETATTR, a -> a.opaque(file))).isEqualTo(ACCES);
    assertThat(status(READ, a -> a.opaque(file).u64(0).u32(3))).isEqualTo(ACCES);
    assertThat(status(REMOVE, a -> a.opaque(rootHandle).text("file"))).isEqualTo(ACCES);
    assertThat(root.resolve("file")).exists();
    server.shutOut(Set.of(ANOTHER));
    assertThat(status(GETATTR, a -> a.opaque(file))).isZero();
    assertThat(status(REMOVE, a -> a.opaque(rootHandle).text("file"))).isZero();
    assertThat(server.counters()).containsEntry("nfs.fenced", 3L);
  }

  @Test
  void it_cannot_mount_either_and_the_operator_hears_why() throws Exception {
    server.shutOut(Set.of(CLIENT));
    try (Client mount = new Client(server.mountPort())) {
      assertThat(mount.call(Client.MOUNT, 3, 1, a -> a.text(root.toString())).u32())
          .isEqualTo(ACCES);
    }
    assertThat(events)
        .filteredOn(BootEvent.MountRefused.class::isInstance)
        .extracting(event -> ((BootEvent.MountRefused) event).why())
        .containsExactly(BootEvent.Refusal.FENCED);
    assertThat(Files.list(root)).isEmpty();
  }

  @Test
  void who_shuts_out_waits_for_the_change_under_way_and_for_no_later_one() throws Exception {
    Fence fence = new Fence();
    int earlier = fence.begin();
    CountDownLatch begun = new CountDownLatch(1);
    FutureTask<Boolean> shut =
        new FutureTask<>(() -> {
          begun.countDown();
          return fence.shutOut(Set.of(CLIENT), LONG);
        });
    Thread.ofPlatform().daemon().start(shut);
    begun.await();
    while (!fence.keepsOut(CLIENT)) {
      Thread.onSpinWait();
    }
    assertThat(shut.isDone()).isFalse();
    fence.end(earlier);
    assertThat(shut.get()).isTrue();
  }

  @Test
  void a_change_that_does_not_end_is_told_and_its_caller_shut_out_all_the_same() {
    Fence fence = new Fence();
    var _ = fence.begin();
    assertThat(fence.shutOut(Set.of(CLIENT), Duration.ZERO)).isFalse();
    assertThat(fence.keepsOut(CLIENT)).isTrue();
    assertThat(fence.shutOut(Set.of(CLIENT), Duration.ZERO)).as("asked again").isFalse();
    assertThat(fence.shutOut(Set.of(CLIENT, ANOTHER), Duration.ZERO)).isFalse();
    assertThat(fence.shutOut(Set.of(CLIENT), Duration.ZERO)).as("another is let in").isTrue();
    assertThat(fence.shutOut(Set.of(), Duration.ZERO)).isTrue();
    assertThat(fence.keepsOut(CLIENT)).isFalse();
  }
}
