package org.krgboot.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.BootEvent;
import org.krgboot.model.BootFile;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

class KernelUsesTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final Ipv4 ONE = Ipv4.parse("10.11.12.101");
  private static final Ipv4 OTHER = Ipv4.parse("10.11.12.102");

  @TempDir Path directory;

  private static BootEvent sent(Ipv4 node, String file, BootFile.Role role) {
    return new BootEvent.FileSent(
        NOW, node, BootEvent.Carrier.HTTP, file, role, 1000, Duration.ofMillis(5), 0);
  }

  @Test
  void the_kernel_that_a_node_loaded_last_is_known_after_a_restart() throws Exception {
    Cluster cluster = new Cluster();
    cluster.accept(
        new BootEvent.AddressAcknowledged(
            NOW, MacAddress.parse("52:54:00:00:00:01"), ONE, new NodeName("krgnode101"), ""));
    assertThat(KernelUses.read(directory)).isEmpty();
    KernelUses uses = KernelUses.open(directory, cluster, Runnable::run);
    uses.accept(sent(ONE, "/boot/kernel-1/vmlinuz", BootFile.Role.KERNEL));
    uses.accept(sent(ONE, "boot/kernel-2/vmlinuz", BootFile.Role.KERNEL));
    uses.accept(sent(ONE, "boot/kernel-3/initrd.img", BootFile.Role.INITRD));
    uses.accept(sent(OTHER, "efi64/boot/kernel-2/vmlinuz", BootFile.Role.KERNEL));
    assertThat(KernelUses.open(directory, cluster, Runnable::run)).isNotNull();
    assertThat(KernelUses.read(directory).orElseThrow())
        .containsExactly(
            new NodeUse<>(NOW, ONE, "krgnode101", 2), new NodeUse<>(NOW, OTHER, "10.11.12.102", 2));
  }

  @Test
  void a_node_that_loads_a_kernel_of_its_root_uses_none_of_the_store() throws Exception {
    KernelUses uses = KernelUses.open(directory, new Cluster(), Runnable::run);
    uses.accept(sent(ONE, "boot/kernel-1/vmlinuz", BootFile.Role.KERNEL));
    uses.accept(sent(ONE, "boot/sealed-1/vmlinuz-6.1", BootFile.Role.KERNEL));
    uses.accept(sent(OTHER, "boot/vmlinuz-6.1", BootFile.Role.KERNEL));
    assertThat(KernelUses.read(directory).orElseThrow()).isEmpty();
  }
}
