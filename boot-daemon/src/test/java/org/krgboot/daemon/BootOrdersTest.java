package org.krgboot.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.bootfiles.BootMenu;
import org.krgboot.bootfiles.BootTarget;
import org.krgboot.model.BootEvent;
import org.krgboot.model.BootFile;
import org.krgboot.model.BootFileTree;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;
import org.krgboot.model.NodeRange;
import org.krgboot.settings.BootPlan;
import org.krgboot.settings.ConfiguredNodes;

/** What operators tell nodes to boot: kept, done once, and what the configuration says besides. */
class BootOrdersTest {
  private static final MacAddress NODE = MacAddress.parse("52:54:00:00:00:01");
  private static final MacAddress OTHER = MacAddress.parse("52:54:00:00:00:02");
  private static final Ipv4 ADDRESS = Ipv4.parse("10.11.12.101");
  private static final BootTarget.Program MEMTEST =
      new BootTarget.Program(
          "memtest", "memtest", "memtest.bin", List.of(), "", Set.of(BootTarget.Platform.BIOS));

  @TempDir Path directory;
  private final Cluster cluster = new Cluster();
  private final List<BootEvent> events = new ArrayList<>();
  private Path file;
  private BootPlan plan =
      new BootPlan(List.of(MEMTEST), new BootMenu.Pick("diskless", 0), List.of());

  @BeforeEach
  void a_node_has_an_address() {
    file = directory.resolve("boot-orders");
    cluster.accept(
        new BootEvent.AddressAcknowledged(
            Instant.EPOCH, NODE, ADDRESS, new NodeName("krgnode101"), "PXEClient"));
  }

  private BootDesk desk() throws IOException {
    return desk(Runnable::run);
  }

  private BootDesk desk(Executor disk) throws IOException {
    return new BootDesk(
        plan,
        BootOrders.open(file),
        cluster,
        new KnownNodes(cluster, ConfiguredNodes.NONE),
        events::add,
        disk);
  }

  private BootMenu.Pick pick() throws IOException {
    return desk().menu().picks().apply(ADDRESS);
  }

  private static BootEvent sent(String file, BootFile.Role role) {
    return new BootEvent.FileSent(
        Instant.EPOCH, ADDRESS, BootEvent.Carrier.TFTP, file, role, 1, Duration.ZERO, 0);
  }

  @Test
  void an_order_outlives_the_daemon_and_is_taken_back_by_default() throws Exception {
    assertThat(desk().order("krgnode101", "local", BootOrders.Times.ALWAYS, Instant.EPOCH))
        .containsExactly("krgnode101");
    assertThat(pick()).isEqualTo(new BootMenu.Pick("local", 0));
    desk().accept(sent("boot.ipxe", BootFile.Role.CONFIG));
    assertThat(pick().target()).as("it holds always").isEqualTo("local");
    assertThat(Files.readString(file)).isEqualTo("52:54:00:00:00:01 local\n");
    desk().order("10.11.12.101", "default", BootOrders.Times.ALWAYS, Instant.EPOCH);
    assertThat(pick().target()).isEqualTo("diskless");
    assertThat(Files.readString(file)).isEmpty();
  }

  @Test
  void a_target_for_once_is_done_when_its_file_was_sent() throws Exception {
    BootDesk desk = desk();
    desk.order(
        "52:54:00:00:00:01,52:54:00:00:00:02", "memtest", BootOrders.Times.ONCE, Instant.EPOCH);
    desk.accept(sent("boot.ipxe", BootFile.Role.CONFIG));
    assertThat(desk.orderOf(NODE)).isEqualTo("memtest once");
    desk.accept(sent("/memtest.bin", BootFile.Role.OTHER));
    assertThat(desk.orderOf(NODE)).isEmpty();
    assertThat(events)
        .extracting(EventText::of)
        .containsExactly(
            "operator: to boot memtest once",
            "operator: to boot memtest once",
            "operator: has booted memtest, as it was told to do once");
    assertThat(desk.orderOf(OTHER)).as("another node").isEqualTo("memtest once");
    assertThat(pick().target()).isEqualTo("diskless");
  }

  /** As the daemon does it: first what is known of the node, then the orders. */
  private void happens(BootDesk desk, BootEvent event) {
    cluster.accept(event);
    desk.accept(event);
  }

  private static BootEvent firmwareAsks(int second) {
    return new BootEvent.AddressAcknowledged(
        Instant.ofEpochSecond(second), NODE, ADDRESS, new NodeName("krgnode101"), "PXEClient");
  }

  private static BootEvent firstRead(int second) {
    return new BootEvent.RootFirstRead(Instant.ofEpochSecond(second), ADDRESS, "/sbin/init");
  }

  @Test
  void diskless_for_once_is_done_at_the_first_read_of_the_root_and_not_before() throws Exception {
    plan = new BootPlan(List.of(), new BootMenu.Pick("local", 0), List.of());
    BootDesk desk = desk();
    desk.order("krgnode101", "diskless", BootOrders.Times.ONCE, Instant.EPOCH);
    happens(desk, firmwareAsks(1));
    happens(desk, sent("boot.ipxe", BootFile.Role.CONFIG));
    happens(desk, sent("boot/vmlinuz-6.1", BootFile.Role.KERNEL));
    happens(desk, sent("boot/initrd.img-6.1", BootFile.Role.INITRD));
    happens(desk, new BootEvent.RootMounted(Instant.ofEpochSecond(8), ADDRESS, "/root"));
    assertThat(pick().target()).as("it can still fail").isEqualTo("diskless");
    happens(desk, firstRead(9));
    assertThat(desk.orderOf(NODE)).isEmpty();
    assertThat(pick().target()).isEqualTo("local");
  }

  @Test
  void a_running_node_that_reads_anew_has_not_done_its_next_boot() throws Exception {
    BootDesk desk = desk();
    happens(desk, firmwareAsks(1));
    happens(desk, sent("boot/vmlinuz-6.1", BootFile.Role.KERNEL));
    happens(desk, firstRead(9));
    desk.order("krgnode101", "diskless", BootOrders.Times.ONCE, Instant.EPOCH);
    happens(desk, firstRead(10));
    assertThat(desk.orderOf(NODE)).as("the daemon was restarted").isEqualTo("diskless once");
    happens(desk, firmwareAsks(20));
    happens(desk, sent("boot/vmlinuz-6.1", BootFile.Role.KERNEL));
    happens(desk, firstRead(29));
    assertThat(desk.orderOf(NODE)).isEmpty();
  }

  @Test
  void a_node_that_runs_from_its_disk_and_mounts_an_export_has_not_booted_diskless()
      throws Exception {
    BootDesk desk = desk();
    happens(desk, firmwareAsks(1));
    happens(desk, sent("boot.ipxe", BootFile.Role.CONFIG));
    desk.order("krgnode101", "diskless", BootOrders.Times.ONCE, Instant.EPOCH);
    happens(desk, new BootEvent.RootMounted(Instant.ofEpochSecond(40), ADDRESS, "/home"));
    happens(desk, firstRead(41));
    assertThat(desk.orderOf(NODE)).isEqualTo("diskless once");
  }

  @Test
  void diskless_for_once_is_done_too_when_init_is_read_at_the_same_time() throws Exception {
    BootDesk desk = desk();
    desk.order("krgnode101", "diskless", BootOrders.Times.ONCE, Instant.EPOCH);
    happens(desk, firmwareAsks(1));
    happens(desk, sent("boot/vmlinuz-6.1", BootFile.Role.KERNEL));
    cluster.accept(firstRead(9));
    happens(desk, initRead(9));
    desk.accept(firstRead(9));
    assertThat(desk.orderOf(NODE)).as("told of after init").isEmpty();
    desk.order("krgnode101", "diskless", BootOrders.Times.ONCE, Instant.EPOCH);
    happens(desk, firmwareAsks(20));
    happens(desk, sent("boot/vmlinuz-6.1", BootFile.Role.KERNEL));
    happens(desk, initRead(29));
    happens(desk, firstRead(29));
    assertThat(desk.orderOf(NODE)).as("known after init").isEmpty();
    desk.order("krgnode101", "diskless", BootOrders.Times.ONCE, Instant.EPOCH);
    happens(desk, firstRead(60));
    assertThat(desk.orderOf(NODE)).as("it runs").isEqualTo("diskless once");
  }

  private static BootEvent initRead(int second) {
    return new BootEvent.InitRead(Instant.ofEpochSecond(second), ADDRESS, "/sbin/init", "");
  }

  @Test
  void local_for_once_is_done_by_a_configuration_that_says_so_and_by_no_other() throws Exception {
    BootDesk desk = desk();
    BootEvent configured = sent("pxelinux.cfg/default", BootFile.Role.CONFIG);
    desk.menu().picks().apply(ADDRESS);
    desk.order("krgnode101", "local", BootOrders.Times.ONCE, Instant.EPOCH);
    desk.accept(configured);
    assertThat(desk.orderOf(NODE)).as("the user's, or made before").isEqualTo("local once");
    desk.menu().picks().apply(ADDRESS);
    desk.order("krgnode101", "local", BootOrders.Times.ONCE, Instant.EPOCH);
    desk.accept(configured);
    assertThat(desk.orderOf(NODE)).as("made for the order before").isEqualTo("local once");
    assertThat(desk.menu().picks().apply(ADDRESS).target()).isEqualTo("local");
    desk.accept(configured);
    assertThat(desk.orderOf(NODE)).isEmpty();
  }

  @Test
  void an_order_given_anew_before_the_old_one_is_written_down_as_done_stays() throws Exception {
    List<Runnable> writes = new ArrayList<>();
    BootDesk desk = desk(writes::add);
    desk.order("krgnode101", "memtest", BootOrders.Times.ONCE, Instant.EPOCH);
    desk.accept(sent("memtest.bin", BootFile.Role.OTHER));
    desk.order("krgnode101", "memtest", BootOrders.Times.ONCE, Instant.EPOCH);
    writes.forEach(Runnable::run);
    assertThat(writes).hasSize(1);
    assertThat(desk.orderOf(NODE)).isEqualTo("memtest once");
  }

  @Test
  void an_order_waits_while_the_configuration_does_not_have_its_target() throws Exception {
    BootDesk desk = desk();
    desk.order("krgnode101", "memtest", BootOrders.Times.ALWAYS, Instant.EPOCH);
    BootPlan without = new BootPlan(List.of(), new BootMenu.Pick("local", 0), List.of());
    desk.replace(without);
    assertThat(desk.menu().picks().apply(ADDRESS)).isEqualTo(new BootMenu.Pick("local", 0));
    assertThat(BootOrders.open(file).withoutTarget(without.menu()))
        .as("what is warned of")
        .isEqualTo(Map.of("memtest", 1));
    assertThat(BootOrders.open(file).withoutTarget(plan.menu())).isEmpty();
    desk.replace(plan);
    assertThat(desk.menu().picks().apply(ADDRESS).target()).isEqualTo("memtest");
  }

  @Test
  void what_a_reload_adds_is_in_the_menu_at_once() throws Exception {
    Parts parts = new Parts(directory, cluster, InstantSource.fixed(Instant.EPOCH));
    parts
        .with(
            """
            [boot]
            target = "memtest"

            [[boot.entry]]
            name = "memtest"
            title = "Memory test"
            kernel = "memtest.bin"
            """)
        .operator
        .reload("a test");
    assertThat(parts.files.open("pxelinux.cfg/default", ADDRESS))
        .isInstanceOfSatisfying(
            BootFileTree.Answer.Found.class,
            found -> assertThat(text(found.file())).startsWith("DEFAULT memtest\n"));
  }

  private static String text(BootFile file) {
    try (file) {
      ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
      file.read(bytes, 0);
      return new String(bytes.array(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void what_is_ordered_once_is_booted_without_a_menu() throws Exception {
    plan = new BootPlan(List.of(MEMTEST), new BootMenu.Pick("diskless", 10), List.of());
    desk().order("krgnode101", "memtest", BootOrders.Times.ALWAYS, Instant.EPOCH);
    assertThat(pick()).isEqualTo(new BootMenu.Pick("memtest", 10));
    desk().order("krgnode101", "memtest", BootOrders.Times.ONCE, Instant.EPOCH);
    assertThat(pick()).isEqualTo(new BootMenu.Pick("memtest", 0));
  }

  @Test
  void the_last_rule_that_fits_a_node_holds_and_what_it_leaves_out_stays() throws Exception {
    plan =
        new BootPlan(
            List.of(MEMTEST),
            new BootMenu.Pick("diskless", 3),
            List.of(
                new BootPlan.Rule(
                    NodeRange.parse("krgnode[100-110]"), Optional.of("memtest"), Optional.empty()),
                new BootPlan.Rule(
                    NodeRange.parse("52:54:00:00:00:01"), Optional.empty(), Optional.of(9))));
    assertThat(pick()).isEqualTo(new BootMenu.Pick("memtest", 9));
    assertThat(desk().menu().picks().apply(Ipv4.parse("10.11.12.7")))
        .isEqualTo(new BootMenu.Pick("diskless", 3));
  }

  @Test
  void an_order_that_cannot_be_kept_is_not_given() throws Exception {
    BootDesk desk = desk();
    desk.order("krgnode101", "local", BootOrders.Times.ALWAYS, Instant.EPOCH);
    BootOrders lost = BootOrders.open(directory.resolve("gone/boot-orders"));
    assertThatThrownBy(() ->
            lost.give(
                List.of(NODE), Optional.of(new BootOrders.Order("local", BootOrders.Times.ALWAYS))))
        .isInstanceOf(IOException.class);
    assertThat(lost.of(NODE)).isEmpty();
  }

  @Test
  void a_file_that_means_nothing_is_named_with_its_line() throws Exception {
    Files.writeString(file, "52:54:00:00:00:01 local\nrubbish\n");
    assertThatThrownBy(() -> BootOrders.open(file)).hasMessageContaining("boot-orders:2:");
    Files.writeString(file, "52:54:zz local\n");
    assertThatThrownBy(() -> BootOrders.open(file)).hasMessageContaining("boot-orders:1:");
  }
}
