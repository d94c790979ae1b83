package org.krgboot.dhcp;

import static org.krgboot.dhcp.Cluster.SERVER;
import static org.krgboot.dhcp.Packets.NODE_1;
import static org.krgboot.dhcp.Packets.NODE_2;
import static org.krgboot.dhcp.Packets.NODE_7;
import static org.krgboot.dhcp.Packets.discover;
import static org.krgboot.dhcp.Packets.initReboot;
import static org.krgboot.dhcp.Packets.selecting;

import org.junit.jupiter.api.Test;
import org.krgboot.model.MacAddress;

/** An address is tried before it is offered, RFC 2131 section 2.2, and no boot storm waits. */
class AddressProbesTest {
  private static final Policy PING = Policy.STANDARD.with(Policy.Probing.PING);

  private Script script = new Script(Cluster.ofTheHowTo().policy(PING));

  private void given(Cluster cluster) {
    script = new Script(cluster.policy(PING));
  }

  private void boots(MacAddress mac, String address) {
    script.at("0s", discover(mac)).probes(address).noEcho("0.5s", address);
    script.at("0.5s", discover(mac)).offers(address);
    script.at("1s", selecting(mac, address, SERVER)).acks(address);
  }

  @Test
  void an_address_that_nobody_answers_from_is_offered() {
    boots(NODE_1, "10.11.12.101");
  }

  @Test
  void an_address_that_somebody_answers_from_is_given_to_nobody_for_ten_minutes() {
    script.at("0s", discover(NODE_1)).probes("10.11.12.101").echo("0.1s", "10.11.12.101");
    script.at("0.1s", discover(NODE_1)).probes("10.11.12.102").noEcho("0.6s", "10.11.12.102");
    script.at("0.6s", discover(NODE_1)).offers("10.11.12.102");
    script.at("1s", selecting(NODE_1, "10.11.12.102", SERVER)).acks("10.11.12.102");
    script.at("2s", initReboot(NODE_2, "10.11.12.101")).naks();
    script.at("9m", discover(NODE_2)).probes("10.11.12.103").noEcho("9m", "10.11.12.103");
    script.at("11m", discover(NODE_7)).probes("10.11.12.101");
  }

  @Test
  void what_a_node_sends_meanwhile_waits_for_the_same_probe_and_its_address_is_kept() {
    script.at("0s", discover(NODE_1)).probes("10.11.12.101");
    script.at("0.2s", discover(NODE_1)).probes("10.11.12.101").writesNothing();
    script.at("0.3s", discover(NODE_2)).probes("10.11.12.102");
    script.noEcho("0.5s", "10.11.12.101").at("0.5s", discover(NODE_1)).offers("10.11.12.101");
  }

  @Test
  void silence_is_remembered_as_long_as_an_offer_holds() {
    script.at("0s", discover(NODE_1)).probes("10.11.12.101").noEcho("0.5s", "10.11.12.101");
    script.at("0.5s", discover(NODE_1)).offers("10.11.12.101");
    script.at("50s", discover(NODE_1)).offers("10.11.12.101");
    script.at("70s", discover(NODE_1)).probes("10.11.12.101");
  }

  @Test
  void a_node_that_comes_back_to_its_address_does_not_wait() {
    boots(NODE_1, "10.11.12.101");
    script.at("10m", discover(NODE_1)).offers("10.11.12.101");
    script.at("12h30m", discover(NODE_1)).offers("10.11.12.101");
    script.at("14h", discover(NODE_1)).probes("10.11.12.101");
  }

  @Test
  void an_address_that_another_node_had_is_tried() {
    given(Cluster.ofTheHowTo().range("10.11.12.101"));
    boots(NODE_1, "10.11.12.101");
    script.at("13h", discover(NODE_2)).probes("10.11.12.101");
  }

  @Test
  void a_host_gets_its_own_address_whoever_else_uses_it() {
    given(Cluster.ofTheHowTo().host(NODE_7, "10.11.12.5", ""));
    script.at("0s", discover(NODE_7)).offers("10.11.12.5");
  }

  @Test
  void of_a_boot_storm_eight_nodes_wait_and_the_others_do_not() {
    for (int i = 1; i <= 8; i++) {
      script.at("0s", discover(new MacAddress(i))).probes("10.11.12." + (100 + i));
    }
    for (int i = 9; i <= 50; i++) {
      script.at("0.1s", discover(new MacAddress(i))).offers("10.11.12." + (100 + i));
    }
    script.noEcho("0.5s", "10.11.12.101");
    script.at("0.5s", discover(new MacAddress(51))).probes("10.11.12.151");
  }

  @Test
  void if_all_addresses_answer_they_are_offered_without_being_asked() {
    for (int i = 1; i <= 16; i++) {
      script.at("0s", discover(NODE_1)).probes("10.11.12." + (100 + i));
      script.echo("0s", "10.11.12." + (100 + i));
    }
    script.at("1s", discover(NODE_1)).offers("10.11.12.117");
    script.at("11m", discover(NODE_2)).probes("10.11.12.101");
  }

  @Test
  void behind_a_relay_an_address_is_tried_too() {
    given(Cluster.ofTheHowTo().and("10.9.0.0/24", SERVER, "10.9.0.101-10.9.0.199"));
    script.at("0s", discover(NODE_1).relay("10.9.0.1")).probes("10.9.0.101");
    script.noEcho("0.5s", "10.9.0.101");
    script.at("0.5s", discover(NODE_1).relay("10.9.0.1")).offers("10.9.0.101");
  }

  @Test
  void a_node_that_is_served_at_once_waits_for_the_probe_too() {
    script = new Script(Cluster.ofTheHowTo().policy(PING.with(Policy.Commit.RAPID)));
    script.at("0s", discover(NODE_1).option(80)).probes("10.11.12.101");
    script.noEcho("0.5s", "10.11.12.101");
    script.at("0.5s", discover(NODE_1).option(80)).acks("10.11.12.101");
  }

  @Test
  void the_node_itself_may_answer_if_it_has_taken_the_address_meanwhile() {
    script.at("0s", discover(NODE_1)).probes("10.11.12.101");
    script.at("0.1s", initReboot(NODE_1, "10.11.12.101")).acks("10.11.12.101");
    script.echo("0.2s", "10.11.12.101");
    script.at("1s", initReboot(NODE_1, "10.11.12.101")).acks("10.11.12.101");
  }

  @Test
  void this_machine_answers_for_all_of_127_so_nobody_is_asked_there() {
    given(Cluster.ofTheHowTo().on("127.0.0.0/16", "127.0.0.1", "127.0.16.1-127.0.16.9"));
    script.at("0s", discover(NODE_1)).offers("127.0.16.1");
  }

  @Test
  void nobody_is_asked_unless_that_is_said() {
    new Script(Cluster.ofTheHowTo()).at("0s", discover(NODE_1)).offers("10.11.12.101");
  }
}
