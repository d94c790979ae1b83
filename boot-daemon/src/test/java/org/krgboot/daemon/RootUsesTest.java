package org.krgboot.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;
import org.krgboot.model.RootVersion;

class RootUsesTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final Ipv4 ONE = Ipv4.parse("10.11.12.101");
  private static final Ipv4 OTHER = Ipv4.parse("10.11.12.102");
  private static final Path STORE = Path.of("/var/lib/krgboot/images");

  @TempDir Path directory;

  private static BootEvent mounted(Ipv4 node, String path) {
    return new BootEvent.RootMounted(NOW, node, path);
  }

  @Test
  void what_a_node_mounted_last_is_known_after_a_restart_and_without_a_daemon() throws Exception {
    Cluster cluster = new Cluster();
    cluster.accept(
        new BootEvent.AddressAcknowledged(
            NOW, MacAddress.parse("52:54:00:00:00:01"), ONE, new NodeName("krgnode101"), ""));
    assertThat(RootUses.read(directory)).isEmpty();
    RootUses uses = RootUses.open(directory, cluster, Runnable::run);
    uses.accept(mounted(ONE, STORE + "/sealed/1/root"));
    uses.accept(mounted(OTHER, STORE + "/sealed/1/root"));
    uses.accept(mounted(OTHER, STORE + "/live/1/var"));
    uses.accept(mounted(ONE, "/home"));
    uses.accept(mounted(OTHER, STORE + "/live/2"));
    uses.accept(mounted(Ipv4.parse("127.0.0.1"), STORE + "/sealed/3/root")); // krgboot check
    assertThat(RootUses.read(directory).orElseThrow())
        .containsExactly(
            new NodeUse<>(
                NOW, ONE, "krgnode101", new RootVersion(STORE, RootVersion.Kind.SEALED, 1)),
            new NodeUse<>(
                NOW, OTHER, "10.11.12.102", new RootVersion(STORE, RootVersion.Kind.LIVE, 2)));
    Files.writeString(
        directory.resolve("root-uses"), "2026-11-22T10:0", StandardOpenOption.APPEND); // a crash
    assertThat(RootUses.open(directory, cluster, Runnable::run)).isNotNull();
    assertThat(RootUses.read(directory).orElseThrow()).hasSize(2);
    assertThat(directory.resolve("root-uses")).content().hasLineCount(2);
  }
}
