package org.krgboot.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.krgboot.model.BootEvent;
import org.krgboot.model.BootFile;
import org.krgboot.model.BootStage;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

class EventJournalTest {
  private static final Instant NOW = Instant.parse("2026-11-22T01:02:03.456Z");
  private static final MacAddress MAC = MacAddress.parse("52:54:00:12:34:01");
  private static final Ipv4 ADDRESS = Ipv4.parse("10.11.12.101");

  @TempDir Path directory;

  static List<BootEvent> oneOfEachKind() {
    return List.of(
        new BootEvent.AddressOffered(NOW, MAC, ADDRESS, "PXEClient"),
        new BootEvent.AddressAcknowledged(
            NOW, MAC, ADDRESS, new NodeName("krgnode101"), "PXEClient"),
        new BootEvent.AddressRefused(NOW, MAC, "not in the cluster"),
        new BootEvent.AddressReturned(NOW, MAC, ADDRESS, BootEvent.GivenBack.RELEASED, "released"),
        new BootEvent.FileSent(
            NOW,
            ADDRESS,
            BootEvent.Carrier.HTTP,
            "boot/vmlinuz",
            BootFile.Role.KERNEL,
            9,
            Duration.ofMillis(7),
            1),
        new BootEvent.FileRefused(NOW, ADDRESS, BootEvent.Carrier.TFTP, "nix", "not there"),
        new BootEvent.RootMounted(NOW, ADDRESS, "/NFSROOT/kerrighed"),
        new BootEvent.MountRefused(NOW, ADDRESS, "/etc", "not exported"),
        new BootEvent.NodeOrdered(NOW, MAC, BootEvent.Order.FENCED, ""),
        new BootEvent.ConfigurationRead(NOW, BootEvent.Reading.ACCEPTED, 7, "reload"),
        new BootEvent.RootFirstRead(NOW, ADDRESS, "/sbin/init"),
        new BootEvent.OtherOfferTaken(NOW, MAC, ADDRESS),
        new BootEvent.InitNotFound(NOW, ADDRESS, "/NFSROOT/kerrighed"),
        new BootEvent.InitRead(NOW, ADDRESS, "/sbin/init", "/sbin/agetty"),
        new BootEvent.LoginStarted(NOW, ADDRESS, "/sbin/agetty"));
  }

  @Test
  void every_kind_is_in_the_list_above() {
    assertThat(oneOfEachKind()).hasSameSizeAs(kinds(BootEvent.class));
  }

  private static List<Class<?>> kinds(Class<?> sealed) {
    return java.util.Arrays.stream(sealed.getPermittedSubclasses())
        .flatMap(kind -> kind.isSealed() ? kinds(kind).stream() : java.util.stream.Stream.of(kind))
        .<Class<?>>map(kind -> kind)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("oneOfEachKind")
  void an_event_written_as_json_is_read_as_the_same_event(BootEvent event) throws Exception {
    assertThat(EventJson.read(EventJson.write(event))).contains(event);
  }

  @ParameterizedTest
  @MethodSource("oneOfEachKind")
  void an_event_is_one_line_of_text(BootEvent event) {
    assertThat(EventText.of(event)).isNotBlank().doesNotContain("\n");
  }

  @Test
  void after_a_restart_the_nodes_are_where_they_were() throws Exception {
    Path database = directory.resolve("state.db");
    try (EventJournal journal = EventJournal.open(database, new Cluster())) {
      oneOfEachKind().forEach(journal::accept);
    }
    Cluster again = new Cluster();
    try (EventJournal journal = EventJournal.open(database, again)) {
      assertThat(again.nodes()).hasSize(1);
      assertThat(again.nodes().getFirst().stage()).isEqualTo(BootStage.UP);
      assertThat(again.nodes().getFirst().name()).contains(new NodeName("krgnode101"));
      assertThat(journal.lost()).isZero();
    }
  }

  @Test
  void the_journal_forgets_the_oldest_and_grows_no_further() throws Exception {
    BootEvent event = new BootEvent.RootFirstRead(NOW, ADDRESS, "");
    try (EventStore store = EventStore.open(directory.resolve("state.db"))) {
      for (int i = 0; i < 25; i++) {
        store.append(
            java.util.Collections.nCopies(
                EventStore.KEPT / 10, new EventStore.Entry(Optional.empty(), event)));
      }
      int[] kept = {0};
      store.readAll(_ -> kept[0]++);
      assertThat(kept[0]).isBetween(EventStore.KEPT, EventStore.KEPT * 12 / 10);
    }
  }

  @Test
  void a_file_that_is_no_database_is_named() throws Exception {
    Path database = Files.writeString(directory.resolve("state.db"), "not a database ".repeat(100));
    assertThatThrownBy(() -> EventJournal.open(database, new Cluster()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(database.toString());
  }

  @Test
  void an_address_that_nobody_holds_makes_no_node() {
    Cluster cluster = new Cluster();
    cluster.accept(new BootEvent.RootFirstRead(NOW, ADDRESS, ""));
    assertThat(cluster.nodes()).isEmpty();
    assertThat(cluster.label(new BootEvent.RootFirstRead(NOW, ADDRESS, "")))
        .isEqualTo("10.11.12.101");
  }

  @Test
  void invented_mac_addresses_fill_no_more_than_the_bound() {
    Cluster cluster = new Cluster();
    for (int i = 0; i < Cluster.MOST_NODES + 10; i++) {
      cluster.accept(new BootEvent.AddressRefused(NOW, new MacAddress(i), "unknown"));
    }
    assertThat(cluster.nodes()).hasSize(Cluster.MOST_NODES);
  }
}
