package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.dhcp.Cluster.SERVER;
import static org.krgboot.dhcp.Packets.NODE_1;
import static org.krgboot.dhcp.Packets.NODE_2;
import static org.krgboot.dhcp.Packets.NODE_7;
import static org.krgboot.dhcp.Packets.decline;
import static org.krgboot.dhcp.Packets.discover;
import static org.krgboot.dhcp.Packets.inform;
import static org.krgboot.dhcp.Packets.initReboot;
import static org.krgboot.dhcp.Packets.release;
import static org.krgboot.dhcp.Packets.renewing;
import static org.krgboot.dhcp.Packets.request;
import static org.krgboot.dhcp.Packets.selecting;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.krgboot.model.BootEvent;
import org.krgboot.model.MacAddress;

class DhcpEngineTest {
  private Script script = new Script(Cluster.ofTheHowTo());

  private void given(Cluster cluster) {
    script = new Script(cluster);
  }

  @Test
  void a_node_gets_its_name_from_the_last_octet_in_offer_and_ack() {
    script.at("0s", discover(NODE_1)).offers("10.11.12.101").names("krgnode101");
    script.at("1s", selecting(NODE_1, "10.11.12.101", SERVER)).acks("10.11.12.101");
    script.names("krgnode101");
  }

  @Test
  void rom_ipxe_initrd_and_kernel_get_the_same_address_whatever_their_client_id() {
    script.boot(NODE_1, "10.11.12.101");
    script.at("5s", discover(NODE_1).text(61, "another id")).offers("10.11.12.101");
    script.at("6s", discover(NODE_1).withAllOnesInYiaddrAndSiaddr()).offers("10.11.12.101");
  }

  @Test
  void two_nodes_are_never_offered_the_same_address() {
    script.at("0s", discover(NODE_1)).offers("10.11.12.101");
    script.at("0s", discover(NODE_2)).offers("10.11.12.102");
    script.at("61s", discover(NODE_7)).offers("10.11.12.101");
  }

  @Test
  void an_address_asked_for_is_given_if_it_is_free() {
    script.at("0s", discover(NODE_1).address(50, "10.11.12.150")).offers("10.11.12.150");
    script.at("1s", discover(NODE_2).address(50, "10.11.12.150")).offers("10.11.12.101");
  }

  @Test
  void a_request_that_chose_another_server_hears_nothing_and_frees_our_offer() {
    script.at("0s", discover(NODE_1)).offers("10.11.12.101");
    script.at("1s", selecting(NODE_1, "10.11.12.9", "10.11.12.2")).isSilent();
    script.at("2s", discover(NODE_2)).offers("10.11.12.101");
  }

  @Test
  void init_reboot_on_the_wrong_net_gets_a_broadcast_nak() {
    script.at("0s", initReboot(NODE_1, "192.168.1.5")).naks();
    assertThat(script.reply().flags()).isEqualTo(DhcpReply.BROADCAST_FLAG);
    assertThat(script.to()).isEqualTo(new Destination.ToAll());
  }

  @Test
  void init_reboot_of_an_unknown_node_with_a_free_address_is_acknowledged() {
    script.at("0s", initReboot(NODE_1, "10.11.12.150")).acks("10.11.12.150");
    script.at("1s", initReboot(NODE_2, "10.11.12.150")).naks();
    script.at("2s", initReboot(NODE_1, "10.11.12.151")).naks();
  }

  @Test
  void a_renewal_goes_to_the_node_itself_and_extends_the_lease() {
    script.boot(NODE_1, "10.11.12.101");
    script.at("6h", renewing(NODE_1, "10.11.12.101")).acks("10.11.12.101");
    assertThat(script.to()).isInstanceOf(Destination.ToNode.class);
    script.at("13h", renewing(NODE_2, "10.11.12.101")).naks();
  }

  @Test
  void a_request_by_a_relay_of_a_network_that_is_not_served_is_told_to_the_operator() {
    script.at("0s", discover(NODE_1).relay("10.9.0.1")).isSilent().refuses("serve that network");
  }

  @Test
  void a_renewal_by_a_relay_of_another_net_gets_a_nak() {
    given(Cluster.ofTheHowTo().and("10.9.0.0/24", SERVER, "10.9.0.101-10.9.0.199"));
    script.boot(NODE_1, "10.11.12.101");
    script.at("30m", renewing(NODE_1, "10.11.12.101").relay("10.9.0.1")).naks();
    assertThat(script.to()).isInstanceOf(Destination.ToRelay.class);
    assertThat(script.reply().flags()).isEqualTo(DhcpReply.BROADCAST_FLAG);
  }

  @Test
  void a_renewal_of_another_subnet_is_left_to_its_own_server() {
    script.at("0s", renewing(NODE_1, "192.168.1.5")).isSilent();
  }

  @Test
  void a_relay_of_the_subnet_gets_the_reply_and_its_option_82_back() {
    script
        .at("0s", discover(NODE_1).relay("10.11.12.2").option(82, 1, 2, 3))
        .offers("10.11.12.101");
    assertThat(script.to())
        .isEqualTo(new Destination.ToRelay(script.reply().relay(), OptionalInt.empty()));
    assertThat(script.option(82)).containsExactly(1, 2, 3);
  }

  @Test
  void a_second_boot_within_a_quarter_of_the_lease_writes_nothing() {
    script.boot(NODE_1, "10.11.12.101");
    script.at("2h", discover(NODE_1)).offers("10.11.12.101");
    script.at("2h", selecting(NODE_1, "10.11.12.101", SERVER)).acks("10.11.12.101");
    script.writesNothing().tells(Duration.ofHours(10));
    script.at("4h", selecting(NODE_1, "10.11.12.101", SERVER)).acks("10.11.12.101");
    script.writes().tells(Duration.ofHours(12));
  }

  @Test
  void an_ack_of_a_lease_that_is_not_yet_on_disk_writes_it_again() {
    script.withSlowDisk();
    script.boot(NODE_1, "10.11.12.101");
    script.at("2s", selecting(NODE_1, "10.11.12.101", SERVER)).acks("10.11.12.101").writes();
  }

  @Test
  void a_fixed_host_gets_its_own_address_and_name_and_nobody_else_does() {
    given(
        Cluster.ofTheHowTo()
            .host(NODE_7, "10.11.12.101", "storage")
            .host(NODE_2, "10.11.12.7", "")
            .host(NODE_1, "", "login"));
    script.at("0s", discover(NODE_1)).offers("10.11.12.102").names("login");
    script.at("0s", discover(NODE_2)).offers("10.11.12.7").names("krgnode7");
    script.at("0s", discover(NODE_7)).offers("10.11.12.101").names("storage");
    script.at("1s", initReboot(NODE_1, "10.11.12.7")).naks();
    script.at("1s", initReboot(NODE_7, "10.11.12.150")).naks();
  }

  @Test
  void an_unknown_node_is_refused_with_the_remedy_if_the_setting_says_so() {
    given(Cluster.ofTheHowTo().refusingUnknown().host(NODE_7, "", ""));
    script.at("0s", discover(NODE_1)).isSilent().refuses("krgboot approve");
    script.at("0s", discover(NODE_7)).offers("10.11.12.101");
  }

  @Test
  void an_exhausted_range_gives_the_lease_that_ran_out_first_then_refuses() {
    given(Cluster.ofTheHowTo().range("10.11.12.101-10.11.12.102"));
    script.boot(NODE_1, "10.11.12.101");
    script.at("1h", discover(NODE_2)).offers("10.11.12.102");
    script.at("1h", selecting(NODE_2, "10.11.12.102", SERVER)).acks("10.11.12.102");
    script.at("2h", discover(NODE_7)).isSilent().refuses("widen the range");
    script.at("14h", discover(NODE_7)).offers("10.11.12.101");
    script.at("14h", selecting(NODE_7, "10.11.12.101", SERVER)).acks("10.11.12.101");
    script.at("14h", discover(NODE_1)).offers("10.11.12.102");
  }

  @Test
  void a_declined_address_is_given_to_nobody_for_a_while() {
    script.boot(NODE_1, "10.11.12.101");
    script.at("3s", decline(NODE_1, "10.11.12.101", SERVER)).isSilent();
    script.at("4s", discover(NODE_1)).offers("10.11.12.102");
    script.at("5s", decline(NODE_2, "10.11.12.150", SERVER)).isSilent();
    script.at("6s", discover(NODE_2).address(50, "10.11.12.150")).offers("10.11.12.150");
    script.at("11m", discover(NODE_7)).offers("10.11.12.101");
  }

  @Test
  void a_released_address_is_the_nodes_own_until_another_needs_it() {
    given(Cluster.ofTheHowTo().range("10.11.12.101-10.11.12.101"));
    script.boot(NODE_1, "10.11.12.101");
    script.at("1m", release(NODE_1, "10.11.12.101", SERVER)).isSilent();
    script.at("2m", discover(NODE_1)).offers("10.11.12.101");
    script.at("4m", discover(NODE_2)).offers("10.11.12.101");
  }

  @Test
  void inform_is_answered_to_the_node_without_lease_times() {
    script.at("0s", inform(NODE_1, "10.11.12.50").option(55, 1, 17, 51)).acks("0.0.0.0");
    assertThat(script.to()).isInstanceOf(Destination.ToNode.class);
    assertThat(script.reply().options().has(OptionCode.LEASE_TIME)).isFalse();
    assertThat(script.reply().options().codes()).containsExactly(53, 54, 1, 17);
  }

  @Test
  void klibc_gets_a_plain_root_path_and_the_kernel_one_with_options() {
    script.at("0s", discover(NODE_1).text(60, "Linux ipconfig")).offers("10.11.12.101");
    assertThat(script.text(17)).isEqualTo("10.11.12.1:/NFSROOT/kerrighed");
    script.at("1s", discover(NODE_1)).offers("10.11.12.101");
    assertThat(script.text(17))
        .isEqualTo("10.11.12.1:/NFSROOT/kerrighed,v3,tcp,rsize=1048576,wsize=1048576");
  }

  @Test
  void the_nfs_port_is_told_only_if_it_is_not_the_usual_one() {
    given(Cluster.ofTheHowTo().nfsPort(2050));
    script.at("0s", discover(NODE_1)).offers("10.11.12.101");
    assertThat(script.text(17)).endsWith(",wsize=1048576,port=2050");
  }

  @Test
  void only_ipxe_is_told_not_to_wait_for_proxy_dhcp_and_gets_the_same_file() {
    script.at("0s", discover(NODE_1).text(60, "PXEClient:Arch:00000").text(77, "iPXE"));
    assertThat(script.offers("10.11.12.101").option(175)).containsExactly(176, 1, 1);
    assertThat(script.reply().bootFile()).isEqualTo("pxelinux.0");
    script.at("1s", discover(NODE_2).text(60, "PXEClient:Arch:00000")).offers("10.11.12.102");
    assertThat(script.reply().options().has(175)).isFalse();
  }

  @Test
  void options_come_in_the_clients_order_and_no_others_do() {
    script.at("0s", discover(NODE_1).option(55, 67, 12, 3, 1, 12, 99).option(61, 1, 2));
    assertThat(script.offers("10.11.12.101").reply().options().codes())
        .containsExactly(53, 54, 51, 67, 12, 3, 1, 61);
    assertThat(script.text(67)).isEqualTo("pxelinux.0");
    assertThat(script.reply().nextServer()).hasToString(SERVER);
  }

  @Test
  void a_clock_put_back_makes_no_lease_longer_than_it_was() {
    script.boot(NODE_1, "10.11.12.101");
    script.at("-9600h", discover(NODE_2)).offers("10.11.12.102");
    script.at("-9595h", initReboot(NODE_2, "10.11.12.101")).naks();
    script.at("-9580h", discover(NODE_1)).offers("10.11.12.101");
  }

  @Test
  void a_request_for_nothing_is_ignored() {
    script.at("0s", request(NODE_1)).isSilent();
  }

  @Test
  void acknowledged_is_told_with_who_asked() {
    script.at("0s", initReboot(NODE_1, "10.11.12.150").text(60, "Linux ipconfig"));
    BootEvent event = script.acks("10.11.12.150").event();
    assertThat(event).isInstanceOf(BootEvent.AddressAcknowledged.class);
    assertThat(((BootEvent.AddressAcknowledged) event).client()).isEqualTo("Linux ipconfig");
    assertThat(new String(script.option(12), StandardCharsets.US_ASCII)).isEqualTo("krgnode150");
  }

  @Test
  void a_full_range_of_thousands_is_given_out_without_repeats() {
    given(Cluster.ofTheHowTo().on("10.0.0.0/16", "10.0.0.1", "10.0.1.0-10.0.16.255"));
    for (int i = 0; i < 4096; i++) {
      script.at("0s", discover(new MacAddress(0x525400100000L + i)));
      assertThat(script.reply().yours().bits()).isEqualTo(0x0a000100 + i);
    }
    script.at("0s", discover(NODE_1)).isSilent();
  }
}
