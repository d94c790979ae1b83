package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.dhcp.Cluster.SERVER;
import static org.krgboot.dhcp.Packets.NODE_1;
import static org.krgboot.dhcp.Packets.NODE_2;
import static org.krgboot.dhcp.Packets.NODE_7;

import org.junit.jupiter.api.Test;
import org.krgboot.model.BootEvent;

/** What becomes of nodes when another configuration holds while they boot and run. */
class ReplacedConfigTest {
  private static final String RANGE = "10.11.12.101-10.11.12.199";
  private final Script script = new Script(Cluster.ofTheHowTo().range(RANGE));

  @Test
  void a_node_keeps_its_lease_under_another_lease_time_and_range() {
    script.boot(NODE_1, "10.11.12.101");
    script.reconfigured(Cluster.ofTheHowTo().range("10.11.12.101-10.11.12.110").config());
    script.at("5s", Packets.renewing(NODE_1, "10.11.12.101")).acks("10.11.12.101");
    script.at("6s", Packets.discover(NODE_2)).offers("10.11.12.102");
  }

  @Test
  void a_node_that_was_offered_an_address_before_takes_it_after() {
    script.at("0s", Packets.discover(NODE_1)).offers("10.11.12.101");
    script.reconfigured(Cluster.ofTheHowTo().range(RANGE).config());
    script.at("1s", Packets.discover(NODE_2)).offers("10.11.12.102");
    script.at("2s", Packets.selecting(NODE_1, "10.11.12.101", SERVER)).acks("10.11.12.101");
  }

  @Test
  void an_address_that_was_declined_is_left_out_after() {
    script.boot(NODE_1, "10.11.12.101");
    script.at("2s", Packets.decline(NODE_1, "10.11.12.101", SERVER)).isSilent();
    script.reconfigured(Cluster.ofTheHowTo().range(RANGE).config());
    script.at("3s", Packets.discover(NODE_2)).offers("10.11.12.102");
  }

  @Test
  void what_is_not_on_disk_yet_is_not_taken_for_durable() {
    script.withSlowDisk();
    script.boot(NODE_1, "10.11.12.101");
    script.reconfigured(Cluster.ofTheHowTo().range(RANGE).config());
    script.at("2s", Packets.renewing(NODE_1, "10.11.12.101")).acks("10.11.12.101").writes();
  }

  @Test
  void a_node_at_work_keeps_an_address_that_is_of_no_range_any_more_until_it_boots() {
    script.boot(NODE_1, "10.11.12.101");
    script.withWorkingNodeAt("10.11.12.101");
    script.reconfigured(Cluster.ofTheHowTo().range("10.11.12.150-10.11.12.160").config());
    script.at("5s", Packets.renewing(NODE_1, "10.11.12.101")).acks("10.11.12.101");
    script.at("9s", Packets.discover(NODE_1)).offers("10.11.12.150");
  }

  @Test
  void a_node_at_work_keeps_its_address_when_it_is_given_one_of_its_own_until_it_boots() {
    script.boot(NODE_1, "10.11.12.101");
    script.withWorkingNodeAt("10.11.12.101");
    script.reconfigured(
        Cluster.ofTheHowTo().range(RANGE).host(NODE_1, "10.11.12.5", "front").config());
    script.at("5s", Packets.renewing(NODE_1, "10.11.12.101")).acks("10.11.12.101");
    script.at("9s", Packets.discover(NODE_1)).offers("10.11.12.5").names("front");
  }

  @Test
  void a_node_that_does_not_work_is_told_to_ask_anew() {
    script.boot(NODE_1, "10.11.12.101");
    script.reconfigured(Cluster.ofTheHowTo().range("10.11.12.150-10.11.12.160").config());
    script.at("5s", Packets.renewing(NODE_1, "10.11.12.101")).naks();
  }

  @Test
  void a_node_that_waits_for_approval_is_served_once_it_is_a_host() {
    Policy waits = Policy.STANDARD.with(Unknown.WAITS);
    script.reconfigured(Cluster.ofTheHowTo().policy(waits).config());
    script.at("0s", Packets.discover(NODE_7)).isSilent().refuses("krgboot approve " + NODE_7);
    assertThat(((BootEvent.AddressRefused) script.event()).why())
        .isEqualTo(BootEvent.Refusal.NOT_APPROVED);
    script.reconfigured(Cluster.ofTheHowTo().policy(waits).host(NODE_7, "", "new").config());
    script.at("9s", Packets.discover(NODE_7)).offers("10.11.12.101").names("new");
  }

  @Test
  void a_fenced_node_hears_nothing_not_even_to_renew_and_a_rejected_one_neither() {
    script.boot(NODE_1, "10.11.12.101");
    script.with(NODE_1, Surroundings.Standing.FENCED);
    script
        .at("5s", Packets.renewing(NODE_1, "10.11.12.101"))
        .isSilent()
        .refuses("krgboot unfence " + NODE_1);
    script.with(NODE_1, Surroundings.Standing.SERVED);
    script.at("6s", Packets.renewing(NODE_1, "10.11.12.101")).acks("10.11.12.101");
    script.with(NODE_2, Surroundings.Standing.REJECTED);
    script.at("7s", Packets.discover(NODE_2)).isSilent().refuses("rejected");
  }
}
