package org.krgboot.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BootTimelineTest {
  private static final Instant START = Instant.parse("2026-11-22T01:00:00Z");
  private static final MacAddress MAC = MacAddress.parse("52:54:00:12:34:01");
  private static final Ipv4 ADDRESS = Ipv4.parse("10.11.12.101");

  @Test
  void a_boot_is_told_from_power_on_to_its_root() {
    BootTimeline timeline = BootTimeline.of(MAC, boot(0));
    assertThat(timeline.boots()).hasSize(1);
    BootTimeline.Boot boot = timeline.boots().getFirst();
    assertThat(boot.steps())
        .extracting(BootTimeline.Step::after)
        .containsExactly(seconds(0), seconds(1), seconds(2), seconds(5), seconds(9), seconds(10));
    assertThat(boot.steps().stream().flatMap(step -> step.entered().stream()))
        .containsExactly(
            BootStage.DHCP,
            BootStage.LOADER,
            BootStage.KERNEL,
            BootStage.MOUNTED,
            BootStage.READING);
    assertThat(boot.bytes()).isEqualTo(300);
    assertThat(boot.resent()).isEqualTo(2);
    assertThat(boot.progress().untilStage(BootStage.KERNEL)).contains(seconds(5));
    assertThat(boot.progress().untilStage(BootStage.STARTING)).as("nobody saw it").isEmpty();
  }

  @Test
  void the_next_power_on_begins_another_boot() {
    List<BootEvent> events = new ArrayList<>(boot(0));
    events.addAll(boot(3600));
    BootTimeline timeline = BootTimeline.of(MAC, events);
    assertThat(timeline.boots())
        .extracting(boot -> boot.progress().powerOn())
        .containsExactly(START, START.plusSeconds(3600));
    assertThat(timeline.boots()).extracting(boot -> boot.steps().size()).containsExactly(6, 6);
  }

  @Test
  void a_node_that_asks_again_and_again_is_one_line() {
    List<BootEvent> events = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      events.add(new BootEvent.AddressRefused(START.plusSeconds(i), MAC, "not in the cluster"));
    }
    BootTimeline.Boot boot = BootTimeline.of(MAC, events).boots().getFirst();
    assertThat(boot.steps())
        .containsExactly(
            new BootTimeline.Step(
                Duration.ZERO, Optional.of(BootStage.DHCP), events.getFirst(), 5));
    assertThat(boot.progress().trouble()).contains("not in the cluster");
  }

  @Test
  void a_node_that_nobody_saw_has_no_boots() {
    assertThat(BootTimeline.of(MAC, List.of()).boots()).isEmpty();
  }

  private static List<BootEvent> boot(int at) {
    Instant start = START.plusSeconds(at);
    return List.of(
        new BootEvent.AddressOffered(start, MAC, ADDRESS, "PXEClient"),
        new BootEvent.AddressAcknowledged(
            start.plusSeconds(1), MAC, ADDRESS, new NodeName("krgnode101"), "PXEClient"),
        sent(start.plusSeconds(2), "pxelinux.0", BootFile.Role.LOADER, 100, 0),
        sent(start.plusSeconds(5), "vmlinuz", BootFile.Role.KERNEL, 200, 2),
        new BootEvent.RootMounted(start.plusSeconds(9), ADDRESS, "/root"),
        new BootEvent.RootFirstRead(start.plusSeconds(10), ADDRESS, ""));
  }

  private static BootEvent sent(
      Instant at, String file, BootFile.Role role, long bytes, long resent) {
    return new BootEvent.FileSent(
        at, ADDRESS, BootEvent.Carrier.TFTP, file, role, bytes, Duration.ofMillis(1), resent);
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }
}
