package org.krgboot.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeProgressTest {
  private static final MacAddress MAC = MacAddress.parse("52:54:00:12:34:01");
  private static final Ipv4 ADDRESS = Ipv4.parse("10.11.12.101");
  private static final NodeName NAME = new NodeName("krgnode101");

  private static Instant at(int second) {
    return Instant.EPOCH.plusSeconds(second);
  }

  private static BootEvent acknowledged(int second, String client) {
    return new BootEvent.AddressAcknowledged(at(second), MAC, ADDRESS, NAME, client);
  }

  private static BootEvent sent(int second, BootFile.Role role) {
    return new BootEvent.FileSent(
        at(second), ADDRESS, BootEvent.Carrier.HTTP, "f", role, 1, Duration.ZERO, 0);
  }

  private static NodeProgress fold(BootEvent first, BootEvent... rest) {
    NodeProgress progress = NodeProgress.first(MAC, first);
    for (BootEvent event : rest) {
      progress = progress.after(event);
    }
    return progress;
  }

  private static final BootEvent[] WHOLE_BOOT = {
    new BootEvent.AddressOffered(at(0), MAC, ADDRESS, "PXEClient"),
    acknowledged(1, "PXEClient"),
    sent(2, BootFile.Role.LOADER),
    sent(3, BootFile.Role.CONFIG),
    sent(4, BootFile.Role.KERNEL),
    sent(5, BootFile.Role.INITRD),
    new BootEvent.AddressOffered(at(8), MAC, ADDRESS, "Linux ipconfig"),
    acknowledged(9, "Linux ipconfig"),
    new BootEvent.RootMounted(at(10), ADDRESS, "/root"),
    new BootEvent.RootFirstRead(at(11), ADDRESS, "/sbin/init"),
    new BootEvent.InitRead(at(12), ADDRESS, "/sbin/init", "/sbin/agetty"),
    new BootEvent.LoginStarted(at(20), ADDRESS, "/sbin/agetty")
  };

  @Test
  void a_boot_goes_through_all_stages() {
    BootStage[] expected = {
      BootStage.DHCP,
      BootStage.DHCP,
      BootStage.LOADER,
      BootStage.LOADER,
      BootStage.KERNEL,
      BootStage.KERNEL,
      BootStage.STARTING,
      BootStage.STARTING,
      BootStage.MOUNTED,
      BootStage.READING,
      BootStage.INIT,
      BootStage.UP
    };
    NodeProgress progress = NodeProgress.first(MAC, WHOLE_BOOT[0]);
    for (int i = 0; i < WHOLE_BOOT.length; i++) {
      progress = progress.after(WHOLE_BOOT[i]);
      assertThat(progress.stage()).as("after event %d", i).isEqualTo(expected[i]);
    }
    assertThat(progress.name()).contains(NAME);
    assertThat(progress.address()).contains(ADDRESS);
    assertThat(progress.powerOn()).isEqualTo(at(0));
    assertThat(progress.since()).isEqualTo(at(20));
  }

  @Test
  void a_renewal_does_not_take_a_running_node_back() {
    NodeProgress running = fold(WHOLE_BOOT[0], WHOLE_BOOT);
    assertThat(running.after(acknowledged(500, ""))).isEqualTo(running);
  }

  @Test
  void firmware_that_asks_again_begins_a_new_boot() {
    NodeProgress again = fold(WHOLE_BOOT[0], WHOLE_BOOT).after(acknowledged(600, "iPXE"));
    assertThat(again.stage()).isEqualTo(BootStage.DHCP);
    assertThat(again.powerOn()).isEqualTo(at(600));
  }

  @Test
  void a_first_read_seen_twice_keeps_the_first_time() {
    NodeProgress running = fold(WHOLE_BOOT[0], WHOLE_BOOT);
    assertThat(running.after(new BootEvent.RootFirstRead(at(700), ADDRESS, "")).since())
        .isEqualTo(at(20));
  }

  @Test
  void a_refusal_is_shown_until_the_next_step_forward() {
    NodeProgress refused =
        fold(
            acknowledged(1, "PXEClient"),
            new BootEvent.FileRefused(
                at(2), ADDRESS, BootEvent.Carrier.TFTP, "pxelinux.0", "not there"));
    assertThat(refused.trouble()).contains("pxelinux.0: not there");
    assertThat(refused.after(sent(3, BootFile.Role.LOADER)).trouble()).isEqualTo(Optional.empty());
  }

  @Test
  void configuration_names_that_pxelinux_tries_are_no_trouble() {
    NodeProgress probing =
        fold(
            acknowledged(1, "PXEClient"),
            new BootEvent.FileRefused(
                at(2), ADDRESS, BootEvent.Carrier.TFTP, "pxelinux.cfg/0A0B0C", "not there"));
    assertThat(probing.trouble()).isEmpty();
  }

  @Test
  void an_unknown_node_that_is_refused_is_known_with_the_reason() {
    NodeProgress refused = fold(new BootEvent.AddressRefused(at(1), MAC, "not in the cluster"));
    assertThat(refused.trouble()).contains("not in the cluster");
    assertThat(refused.address()).isEmpty();
  }
}
