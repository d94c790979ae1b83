package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.dhcp.Cluster.SERVER;
import static org.krgboot.dhcp.Packets.NODE_1;
import static org.krgboot.dhcp.Packets.NODE_2;
import static org.krgboot.dhcp.Packets.NODE_7;
import static org.krgboot.dhcp.Packets.discover;
import static org.krgboot.dhcp.Packets.initReboot;
import static org.krgboot.dhcp.Packets.renewing;
import static org.krgboot.dhcp.Packets.selecting;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

/** Who gets which address, name and options: ranges, classes, known hosts, scopes. */
class PoolsTest {
  private static final Octets QEMU = Octets.parse("0x525400");
  private static final Policy BY_ID =
      new Policy(
          Unknown.ALLOWED,
          Policy.Authority.AUTHORITATIVE,
          Policy.Key.CLIENT_ID,
          Policy.Delivery.BY_FLAG);

  private Script script = new Script(Cluster.ofTheHowTo());

  private void given(Cluster cluster) {
    script = new Script(cluster);
  }

  private static Pool pool(String range, Set<String> allow, Set<String> deny) {
    return new Pool(AddressRange.parse(range), allow, deny, ScopeOptions.NONE);
  }

  private static NodeClass byVendor(String name, String vendor, ScopeOptions options) {
    return new NodeClass(
        name, List.of(), List.of(vendor), List.of(), Set.of(), Set.of(), Set.of(), options);
  }

  @Test
  void ranges_are_used_one_after_the_other() {
    given(
        Cluster.ofTheHowTo()
            .range("10.11.12.101-10.11.12.102")
            .pool(Pool.of(AddressRange.parse("10.11.12.50"))));
    script.at("0s", discover(NODE_1)).offers("10.11.12.101");
    script.at("0s", discover(NODE_2)).offers("10.11.12.102");
    script.at("0s", discover(NODE_7)).offers("10.11.12.50");
    script.at("0s", discover(new MacAddress(1))).isSilent().refuses("10.11.12.50-10.11.12.50");
  }

  @Test
  void of_several_ranges_the_address_that_is_unused_longest_is_taken_first() {
    given(
        Cluster.ofTheHowTo().range("10.11.12.101").pool(Pool.of(AddressRange.parse("10.11.12.9"))));
    script.at("0s", initReboot(NODE_2, "10.11.12.9")).acks("10.11.12.9");
    script.at("1h", initReboot(NODE_1, "10.11.12.101")).acks("10.11.12.101");
    script.at("14h", discover(NODE_7)).offers("10.11.12.9");
  }

  @Test
  void a_range_for_known_nodes_is_closed_to_others_and_used_first_by_them() {
    given(
        Cluster.ofTheHowTo()
            .pool(pool("10.11.12.20-10.11.12.29", Set.of("known"), Set.of()))
            .host(NODE_7, "", ""));
    script.at("0s", discover(NODE_1)).offers("10.11.12.101");
    script.at("0s", discover(NODE_7)).offers("10.11.12.20");
    script.at("1s", initReboot(NODE_1, "10.11.12.25")).naks();
  }

  @Test
  void a_range_may_refuse_a_class() {
    given(
        Cluster.ofTheHowTo()
            .range("")
            .pool(pool("10.11.12.20-10.11.12.29", Set.of(), Set.of("unknown")))
            .host(NODE_7, "", ""));
    script.at("0s", discover(NODE_1)).isSilent().refuses("add a range or a host");
    script.at("0s", discover(NODE_7)).offers("10.11.12.20");
  }

  @Test
  void classes_are_told_by_mac_prefix_vendor_user_class_architecture_and_relay() {
    given(
        Cluster.ofTheHowTo()
            .inClass(
                new NodeClass(
                    "blade",
                    List.of(QEMU),
                    List.of("PXEClient"),
                    List.of("iPXE"),
                    Set.of(7, 9),
                    Set.of(Octets.parse("ge-1")),
                    Set.of(Octets.parse("0x0001")),
                    new ScopeOptions.Builder().bootFile("blade.efi").build())));
    assertThat(bootFile(blade(NODE_1, 7))).isEqualTo("blade.efi");
    assertThat(bootFile(blade(NODE_1, 6))).isEqualTo("");
    assertThat(bootFile(blade(new MacAddress(5), 7))).isEqualTo("");
    assertThat(bootFile(discover(NODE_1).text(60, "PXEClient"))).isEqualTo("pxelinux.0");
    assertThat(bootFile(blade(NODE_1, 9))).isEqualTo("blade.efi");
  }

  private static Packets blade(MacAddress mac, int architecture) {
    return discover(mac)
        .relay("10.11.12.2")
        .text(60, "PXEClient:Arch:00007")
        .option(77, 4, 'i', 'P', 'X', 'E')
        .option(93, 0, architecture)
        .option(82, 1, 4, 'g', 'e', '-', '1', 2, 2, 0, 1);
  }

  private String bootFile(Packets packet) {
    script.at("0s", packet);
    return script.reply().bootFile();
  }

  @Test
  void a_bare_user_class_counts_too() {
    given(
        Cluster.ofTheHowTo()
            .inClass(
                new NodeClass(
                    "ipxe",
                    List.of(),
                    List.of(),
                    List.of("iPXE"),
                    Set.of(),
                    Set.of(),
                    Set.of(),
                    new ScopeOptions.Builder().bootFile("http://boot/").build())));
    assertThat(bootFile(discover(NODE_1).text(77, "iPXE"))).isEqualTo("http://boot/");
    assertThat(bootFile(discover(NODE_1).option(77, 4, 'i', 'P', 'X', 'E')))
        .isEqualTo("http://boot/");
    assertThat(bootFile(discover(NODE_1).text(77, "gPXE"))).isEqualTo("pxelinux.0");
  }

  @Test
  void a_node_keeps_its_address_from_firmware_to_kernel_whatever_its_class_is_by_then() {
    given(
        Cluster.ofTheHowTo()
            .inClass(byVendor("pxe", "PXEClient", ScopeOptions.NONE))
            .pool(pool("10.11.12.20-10.11.12.29", Set.of("pxe"), Set.of())));
    script.at("0s", discover(NODE_1).text(60, "PXEClient")).offers("10.11.12.20");
    script.at("1s", selecting(NODE_1, "10.11.12.20", SERVER).text(60, "PXEClient"));
    script.acks("10.11.12.20");
    script.at("20s", discover(NODE_1)).offers("10.11.12.20");
    script.at("21s", selecting(NODE_1, "10.11.12.20", SERVER)).acks("10.11.12.20");
    script.at("6h", renewing(NODE_1, "10.11.12.20")).acks("10.11.12.20");
  }

  @Test
  void hosts_are_known_by_client_id_duid_or_the_relays_words() {
    given(
        Cluster.ofTheHowTo()
            .host(new HostKey.ClientId(Octets.parse("0x01aabb")), "10.11.12.5", "by-id")
            .host(new HostKey.Duid(Octets.parse("0x0003cc")), "10.11.12.6", "by-duid")
            .host(new HostKey.CircuitId(Octets.parse("port-1")), "10.11.12.7", "by-circuit")
            .host(new HostKey.RemoteId(Octets.parse("far")), "10.11.12.8", "by-remote"));
    script.at("0s", discover(NODE_1).option(61, 1, 0xaa, 0xbb)).offers("10.11.12.5").names("by-id");
    script.at("0s", discover(NODE_2).option(61, 255, 9, 9, 9, 9, 0, 3, 0xcc));
    script.offers("10.11.12.6").names("by-duid");
    script.at("0s", relayed(NODE_7).option(82, 1, 6, 'p', 'o', 'r', 't', '-', '1'));
    script.offers("10.11.12.7").names("by-circuit");
    script.at("0s", relayed(new MacAddress(4)).option(82, 2, 3, 'f', 'a', 'r'));
    script.offers("10.11.12.8").names("by-remote");
  }

  private static Packets relayed(MacAddress mac) {
    return discover(mac).relay("10.11.12.2");
  }

  @Test
  void a_reserved_address_is_offered_to_nobody_else_also_when_its_lease_has_run_out() {
    given(
        Cluster.ofTheHowTo()
            .range("10.11.12.101-10.11.12.102")
            .host(NODE_7, "10.11.12.101", "storage"));
    script.boot(NODE_7, "10.11.12.101");
    script.at("13h", discover(NODE_1)).offers("10.11.12.102");
    script.at("13h", discover(NODE_2).address(50, "10.11.12.101")).isSilent();
    script.at("13h", initReboot(NODE_2, "10.11.12.101")).naks();
  }

  @Test
  void the_last_scope_that_says_something_wins() {
    Pool special =
        new Pool(
            AddressRange.parse("10.11.12.20-10.11.12.29"),
            Set.of("blue"),
            Set.of(),
            new ScopeOptions.Builder().domain("pool").leaseTime(Duration.ofHours(3)).build());
    ScopeOptions ofClass =
        new ScopeOptions.Builder().domain("class").bootFile("class.0").ntp(List.of()).build();
    given(Cluster.ofTheHowTo().inClass(byVendor("blue", "blue", ofClass)).pool(special));
    script.at("0s", discover(NODE_1).text(60, "blue")).offers("10.11.12.20");
    assertThat(script.text(15)).isEqualTo("class");
    assertThat(script.reply().bootFile()).isEqualTo("class.0");
    script.tells(Duration.ofHours(3));
    assertThat(script.reply().options().has(42)).isFalse();
    assertThat(script.option(6)).hasSize(4);
  }

  @Test
  void times_are_half_and_seven_eighths_or_what_the_scope_says_in_proportion() {
    script.at("0s", discover(NODE_1).option(55, 58, 59)).offers("10.11.12.101");
    assertThat(seconds(58)).isEqualTo(6 * 3600);
    assertThat(seconds(59)).isEqualTo(12 * 3600 * 7 / 8);
    ScopeOptions times =
        new ScopeOptions.Builder()
            .leaseTime(Duration.ofHours(10))
            .renewTime(Duration.ofHours(1))
            .rebindTime(Duration.ofHours(9))
            .build();
    given(Cluster.ofTheHowTo().inClass(byVendor("x", "", times)));
    script.boot(NODE_1, "10.11.12.101");
    script.at("1h", selecting(NODE_1, "10.11.12.101", SERVER).option(55, 58, 59));
    assertThat(seconds(51)).isBetween(9 * 3600 - 2, 9 * 3600 + 2);
    assertThat(seconds(58)).isBetween(54 * 60 - 2, 54 * 60 + 2);
    assertThat(seconds(59)).isBetween(9 * 54 * 60 - 2, 9 * 54 * 60 + 2);
  }

  private int seconds(int code) {
    return java.nio.ByteBuffer.wrap(script.option(code)).getInt();
  }

  @Test
  void names_are_made_of_address_mac_and_what_the_node_calls_itself() {
    assertThat(name("n{octet3}-{octet4}")).isEqualTo("n12-101");
    assertThat(name("ip-{address}")).isEqualTo("ip-10-11-12-101");
    assertThat(name("m{mac}")).isEqualTo("m525400000001");
    assertThat(name("{host}")).isEqualTo("front");
    assertThat(name("{host}x")).isEqualTo("frontx");
  }

  private String name(String template) {
    ScopeOptions named = new ScopeOptions.Builder().name(new NameTemplate(template)).build();
    given(Cluster.ofTheHowTo().inClass(byVendor("all", "", named)));
    script.at("0s", discover(NODE_1).text(12, "Front.example.org")).offers("10.11.12.101");
    return script.text(12);
  }

  @Test
  void an_address_that_a_node_works_at_is_given_away_by_no_end_of_a_lease() {
    given(Cluster.ofTheHowTo().range("10.11.12.101-10.11.12.102"));
    script.boot(NODE_1, "10.11.12.101");
    script.at("1h", initReboot(NODE_2, "10.11.12.102")).acks("10.11.12.102");
    script.withWorkingNodeAt("10.11.12.101");
    script.at("20h", discover(NODE_7)).offers("10.11.12.102");
    script.at("20h", initReboot(NODE_7, "10.11.12.101")).naks();
    script.at("21h", renewing(NODE_1, "10.11.12.101")).acks("10.11.12.101");
  }

  @Test
  void by_client_id_a_node_has_its_own_address_as_firmware_and_as_kernel() {
    given(Cluster.ofTheHowTo().policy(BY_ID).host(NODE_7, "10.11.12.9", "seven"));
    script.at("0s", discover(NODE_7).option(61, 0, 1)).offers("10.11.12.9");
    script.at("1s", selecting(NODE_7, "10.11.12.9", SERVER).option(61, 0, 1)).acks("10.11.12.9");
    script.at("30s", discover(NODE_7).option(61, 0, 2)).offers("10.11.12.9");
    script.at("31s", selecting(NODE_7, "10.11.12.9", SERVER).option(61, 0, 2)).acks("10.11.12.9");
    script.at("6h", renewing(NODE_7, "10.11.12.9").option(61, 0, 2)).acks("10.11.12.9");
  }

  @Test
  void a_node_at_work_keeps_its_address_when_client_ids_begin_to_count() {
    Instant end = Script.START.plus(Duration.ofHours(5));
    script =
        new Script(
            Cluster.ofTheHowTo().policy(BY_ID).config(),
            List.of(saved(NODE_1, "10.11.12.101", end)));
    script.withWorkingNodeAt("10.11.12.101");
    script.at("0s", discover(NODE_2).option(61, 0, 2)).offers("10.11.12.102");
    script.at("1s", renewing(NODE_2, "10.11.12.101").option(61, 0, 2)).naks();
    script.at("2s", renewing(NODE_1, "10.11.12.101").option(61, 0, 1)).acks("10.11.12.101");
    script.at("4h", discover(NODE_1).option(61, 0, 1)).offers("10.11.12.101");
  }

  @Test
  void by_client_id_two_clients_of_one_mac_are_two_and_one_of_two_macs_is_one() {
    given(Cluster.ofTheHowTo().policy(BY_ID));
    script.at("0s", initReboot(NODE_1, "10.11.12.110").option(61, 0, 1)).acks("10.11.12.110");
    script.at("1s", discover(NODE_1).option(61, 0, 2)).offers("10.11.12.101");
    script.at("2s", discover(NODE_1)).offers("10.11.12.102");
    script.at("3s", discover(NODE_2).option(61, 0, 1)).offers("10.11.12.110");
  }

  @Test
  void leases_of_another_configuration_are_kept_where_they_fit() {
    Instant end = Script.START.plus(Duration.ofHours(5));
    DhcpConfig config = Cluster.ofTheHowTo().range("10.11.12.101-10.11.12.102").config();
    script =
        new Script(
            config,
            List.of(
                saved(NODE_1, "10.11.12.101", end),
                saved(NODE_2, "10.11.12.55", end),
                saved(NODE_7, "10.77.0.1", end)));
    script.at("0s", renewing(NODE_1, "10.11.12.101")).acks("10.11.12.101");
    script.at("0s", renewing(NODE_2, "10.11.12.55")).naks();
    script.at("1s", discover(NODE_2)).offers("10.11.12.102");
    script.at("2s", selecting(NODE_2, "10.11.12.102", SERVER)).acks("10.11.12.102");
    script.at("3s", discover(NODE_7)).isSilent();
  }

  private static Binding saved(MacAddress mac, String address, Instant end) {
    Lease lease =
        new Lease(mac, Ipv4.parse(address), new NodeName("n"), Script.START.minusSeconds(60), end);
    return new Binding(lease, Script.START.minusSeconds(60), Optional.empty());
  }

  @Test
  void one_of_several_servers_says_no_only_to_nodes_that_it_knows() {
    Policy shy =
        new Policy(
            Unknown.ALLOWED,
            Policy.Authority.ONE_OF_SEVERAL,
            Policy.Key.MAC,
            Policy.Delivery.BY_FLAG);
    given(Cluster.ofTheHowTo().policy(shy));
    script.at("0s", initReboot(NODE_1, "192.168.1.5")).isSilent();
    script.boot(NODE_1, "10.11.12.101");
    script.at("2s", initReboot(NODE_1, "192.168.1.5")).naks();
    script.at("3s", initReboot(NODE_2, "10.11.12.101")).isSilent();
  }
}
