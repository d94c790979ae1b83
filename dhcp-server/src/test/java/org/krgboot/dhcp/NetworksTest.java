package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.dhcp.Cluster.SERVER;
import static org.krgboot.dhcp.Packets.NODE_1;
import static org.krgboot.dhcp.Packets.NODE_2;
import static org.krgboot.dhcp.Packets.discover;
import static org.krgboot.dhcp.Packets.initReboot;
import static org.krgboot.dhcp.Packets.renewing;
import static org.krgboot.dhcp.Packets.selecting;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/** Which network a node is on, and how it is answered there: interfaces, relays, option 82. */
class NetworksTest {
  private static final String SECOND = "10.11.13.1";

  /** Two wires of ours, and one behind relays. */
  private final Script script =
      new Script(
          Cluster.ofTheHowTo()
              .and("10.11.13.0/24", SECOND, "10.11.13.101-10.11.13.199")
              .and("10.9.0.0/24", SERVER, "10.9.0.101-10.9.0.199"));

  @Test
  void each_interface_gives_addresses_of_its_own_network_and_says_its_own_server_id() {
    script.at("0s", SERVER, discover(NODE_1)).offers("10.11.12.101");
    assertThat(script.option(54)).isEqualTo(Ipv4.parse(SERVER).octets());
    script.at("1s", SECOND, discover(NODE_2)).offers("10.11.13.101");
    assertThat(script.option(54)).isEqualTo(Ipv4.parse(SECOND).octets());
    assertThat(script.reply().nextServer()).hasToString(SECOND);
    assertThat(script.text(17)).startsWith(SECOND + ":/");
  }

  @Test
  void a_node_may_hold_an_address_in_each_network() {
    script.boot(NODE_1, "10.11.12.101");
    script.at("2s", SECOND, discover(NODE_1)).offers("10.11.13.101");
    script.at("3s", SECOND, selecting(NODE_1, "10.11.13.101", SECOND)).acks("10.11.13.101");
    script.at("4s", SERVER, initReboot(NODE_1, "10.11.12.101")).acks("10.11.12.101");
    script.at("5s", SECOND, initReboot(NODE_1, "10.11.13.101")).acks("10.11.13.101");
  }

  @Test
  void a_node_that_was_carried_to_another_wire_is_told_to_ask_anew() {
    script.boot(NODE_1, "10.11.12.101");
    script.at("1h", SECOND, initReboot(NODE_1, "10.11.12.101")).naks();
    assertThat(script.to()).isEqualTo(new Destination.ToAll());
    script.at("1h", SECOND, renewing(NODE_1, "10.11.12.101")).naks();
    script.at("1h", SECOND, discover(NODE_1)).offers("10.11.13.101");
  }

  @Test
  void a_request_that_names_any_of_our_addresses_is_for_us() {
    script.at("0s", SERVER, discover(NODE_1)).offers("10.11.12.101");
    script.at("1s", SERVER, selecting(NODE_1, "10.11.12.101", SECOND)).acks("10.11.12.101");
    script.at("2s", SERVER, selecting(NODE_1, "10.11.12.101", "10.11.12.77")).isSilent();
  }

  @Test
  void giaddr_picks_the_network_and_gets_the_reply() {
    script.at("0s", discover(NODE_1).relay("10.9.0.1")).offers("10.9.0.101");
    assertThat(script.to())
        .isEqualTo(new Destination.ToRelay(Ipv4.parse("10.9.0.1"), OptionalInt.empty()));
    script.at("1s", selecting(NODE_1, "10.9.0.101", SERVER).relay("10.9.0.1")).acks("10.9.0.101");
  }

  @Test
  void link_selection_goes_before_giaddr_and_the_reply_to_giaddr() {
    script.at("0s", discover(NODE_1).relay("10.11.12.2").option(82, 5, 4, 10, 9, 0, 0)); // RFC 3527
    script.offers("10.9.0.101");
    assertThat(script.reply().relay()).hasToString("10.11.12.2");
    assertThat(script.option(82)).containsExactly(5, 4, 10, 9, 0, 0);
  }

  @Test
  void a_link_that_is_not_served_is_told_to_the_operator() {
    script.at("0s", discover(NODE_1).relay("10.11.12.2").option(82, 5, 4, 10, 7, 0, 0));
    script.isSilent().refuses("on the link 10.7.0.0");
  }

  @Test
  void subnet_selection_picks_the_network_and_is_echoed() {
    script.at("0s", discover(NODE_1).address(118, "10.9.0.0").option(82, 1, 1, 7));
    script.offers("10.9.0.101");
    assertThat(script.option(118)).containsExactly(10, 9, 0, 0);
    assertThat(List.copyOf(script.reply().options().codes()).getLast()).isEqualTo(82);
  }

  @Test
  void a_relay_may_have_itself_taken_for_the_server() {
    Packets discover = discover(NODE_1).relay("10.9.0.1").option(82, 11, 4, 10, 9, 0, 1);
    script.at("0s", discover).offers("10.9.0.101"); // RFC 5107
    assertThat(script.option(54)).containsExactly(10, 9, 0, 1);
    Packets request = selecting(NODE_1, "10.9.0.101", "10.9.0.1").relay("10.9.0.1");
    script.at("1s", request.option(82, 11, 4, 10, 9, 0, 1)).acks("10.9.0.101");
    script.at("2s", selecting(NODE_1, "10.9.0.101", "10.9.0.1").relay("10.9.0.1")).isSilent();
  }

  /** A node could write it; only what has a giaddr has passed a relay. */
  @Test
  void without_a_relay_nobody_picks_a_link_a_server_or_a_port() {
    Arrival arrival = new Arrival(Ipv4.parse(SERVER), Arrival.Cast.TO_ALL, 31067);
    Packets discover =
        discover(NODE_1).option(82, 5, 4, 10, 9, 0, 0, 11, 4, 10, 9, 0, 1, 19, 0, 1, 1, 7);
    script.at("0s", arrival, discover).offers("10.11.12.101");
    assertThat(script.option(54)).isEqualTo(Ipv4.parse(SERVER).octets());
    assertThat(script.to())
        .isEqualTo(new Destination.ToNewcomer(Ipv4.parse("10.11.12.101"), NODE_1));
    script.at(
        "1s",
        arrival,
        selecting(NODE_1, "10.11.12.101", "10.9.0.1").option(82, 11, 4, 10, 9, 0, 1));
    script.isSilent();
  }

  /** A switch that snoops puts in the port, without a giaddr. */
  @Test
  void the_port_of_a_switch_names_a_host_without_a_relay_too() {
    Script ports =
        new Script(
            Cluster.ofTheHowTo()
                .host(new HostKey.CircuitId(Octets.parse("0x07")), "10.11.12.5", ""));
    ports.at("0s", discover(NODE_1).option(82, 1, 1, 7)).offers("10.11.12.5");
    assertThat(ports.option(82)).containsExactly(1, 1, 7);
  }

  @Test
  void a_relay_with_a_port_of_its_own_is_answered_there() {
    Arrival arrival = new Arrival(Ipv4.parse(SERVER), Arrival.Cast.TO_US, 31067);
    script.at("0s", arrival, discover(NODE_1).relay("10.9.0.1").option(82, 19, 0)); // RFC 8357
    assertThat(script.offers("10.9.0.101").to())
        .isEqualTo(new Destination.ToRelay(Ipv4.parse("10.9.0.1"), OptionalInt.of(31067)));
    script.at("1s", arrival, discover(NODE_1).relay("10.9.0.1").option(82, 1, 1, 1));
    assertThat(script.to())
        .isEqualTo(new Destination.ToRelay(Ipv4.parse("10.9.0.1"), OptionalInt.empty()));
  }

  @Test
  void a_nak_by_relay_has_the_broadcast_flag_and_goes_to_the_relay() {
    script.at("0s", initReboot(NODE_1, "10.11.12.150").relay("10.9.0.1").option(82, 1, 1, 7));
    script.naks();
    assertThat(script.reply().flags()).isEqualTo(DhcpReply.BROADCAST_FLAG);
    assertThat(script.to()).isInstanceOf(Destination.ToRelay.class);
    assertThat(script.option(82)).containsExactly(1, 1, 7);
  }

  @Test
  void a_renewal_that_comes_through_routers_is_of_the_network_of_its_address() {
    script.at("0s", discover(NODE_1).relay("10.9.0.1")).offers("10.9.0.101");
    script.at("1s", selecting(NODE_1, "10.9.0.101", SERVER).relay("10.9.0.1")).acks("10.9.0.101");
    Arrival routed = new Arrival(Ipv4.parse(SERVER), Arrival.Cast.TO_US, 68);
    script.at("6h", routed, renewing(NODE_1, "10.9.0.101")).acks("10.9.0.101");
    assertThat(script.to()).isEqualTo(new Destination.ToNode(Ipv4.parse("10.9.0.101")));
    script.at("6h", routed, renewing(NODE_2, "10.9.0.101")).naks();
    assertThat(script.to()).isEqualTo(new Destination.ToNode(Ipv4.parse("10.9.0.101")));
  }

  @Test
  void what_is_broadcast_where_we_have_no_network_is_no_business_of_ours() {
    Script relayOnly =
        new Script(Cluster.ofTheHowTo().on("10.9.0.0/24", SERVER, "10.9.0.101-10.9.0.199"));
    relayOnly.at("0s", SERVER, discover(NODE_1)).isSilent();
    relayOnly.at("0s", discover(NODE_1).relay("10.9.0.1")).offers("10.9.0.101");
  }

  @Test
  void subnets_of_one_wire_share_their_nodes() {
    Cluster cluster = Cluster.ofTheHowTo().range("");
    Network wire =
        new Network(
            List.of(subnet("10.30.0.0/24", "10.30.0.101"), subnet("10.31.0.0/16", "10.31.4.101")),
            cluster.options("10.30.0.1"));
    Script shared = new Script(cluster.and(wire));
    shared.at("0s", "10.30.0.1", discover(NODE_1)).offers("10.30.0.101");
    shared.at("0s", "10.30.0.1", discover(NODE_2)).offers("10.31.4.101");
    assertThat(shared.option(1)).containsExactly(255, 255, 0, 0);
    shared.at("1s", "10.30.0.1", initReboot(NODE_2, "10.31.4.101")).acks("10.31.4.101");
    shared.at("1s", "10.30.0.1", initReboot(NODE_2, "10.31.9.9")).naks();
    shared.at("2s", discover(NODE_1).relay("10.31.0.1")).offers("10.30.0.101");
  }

  @Test
  void each_subnet_of_a_wire_knows_us_by_our_address_in_it() {
    Cluster cluster = Cluster.ofTheHowTo().range("");
    ServedSubnet second = subnet("10.31.0.0/16", "10.31.4.101");
    Network wire =
        new Network(
            List.of(
                subnet("10.30.0.0/24", "10.30.0.101"),
                new ServedSubnet(
                    second.subnet(),
                    second.pools(),
                    second.options(),
                    Optional.of(Ipv4.parse("10.31.0.1")))),
            cluster.options("10.30.0.1"));
    Script shared = new Script(cluster.and(wire));
    shared.at("0s", "10.30.0.1", discover(NODE_1)).offers("10.30.0.101");
    assertThat(shared.option(54)).containsExactly(10, 30, 0, 1);
    assertThat(shared.reply().nextServer()).hasToString("10.30.0.1");
    shared.at("0s", "10.30.0.1", discover(NODE_2)).offers("10.31.4.101");
    assertThat(shared.option(54)).containsExactly(10, 31, 0, 1);
    assertThat(shared.reply().nextServer()).hasToString("10.31.0.1");
    assertThat(shared.text(17)).startsWith("10.31.0.1:/");
    shared.at("1s", "10.30.0.1", selecting(NODE_2, "10.31.4.101", "10.31.0.1"));
    shared.acks("10.31.4.101");
    assertThat(shared.option(54)).containsExactly(10, 31, 0, 1);
    shared.at("2s", "10.30.0.1", initReboot(NODE_2, "10.31.4.102")).naks();
    assertThat(shared.option(54)).containsExactly(10, 31, 0, 1);
    shared.at("3s", "10.30.0.1", initReboot(NODE_2, "10.99.4.102")).naks();
    assertThat(shared.option(54)).containsExactly(10, 30, 0, 1);
  }

  private static ServedSubnet subnet(String subnet, String only) {
    return new ServedSubnet(
        Subnet.parse(subnet), List.of(Pool.of(AddressRange.parse(only))), ScopeOptions.NONE);
  }

  @Test
  void a_node_on_our_wire_is_answered_by_unicast_unless_its_flag_or_the_setting_says_otherwise() {
    script.at("0s", discover(NODE_1)).offers("10.11.12.101");
    assertThat(script.to())
        .isEqualTo(new Destination.ToNewcomer(Ipv4.parse("10.11.12.101"), NODE_1));
    script.at("1s", discover(NODE_1).put(10, new byte[] {(byte) 0x80, 0}));
    assertThat(script.offers("10.11.12.101").to()).isEqualTo(new Destination.ToAll());
    Policy broadcast =
        new Policy(
            Unknown.ALLOWED,
            Policy.Authority.AUTHORITATIVE,
            Policy.Key.MAC,
            Policy.Delivery.BROADCAST);
    Script always = new Script(Cluster.ofTheHowTo().policy(broadcast));
    always.at("0s", discover(NODE_1)).offers("10.11.12.101");
    assertThat(always.to()).isEqualTo(new Destination.ToAll());
  }

  @Test
  void broken_relay_information_is_echoed_and_otherwise_ignored() {
    script.at("0s", discover(NODE_1).relay("10.9.0.1").option(82, 5, 9, 1)).offers("10.9.0.101");
    assertThat(script.option(82)).containsExactly(5, 9, 1);
    script.at("1s", discover(NODE_1).relay("10.9.0.1").option(82, 5, 2, 1, 1, 7));
    assertThat(script.offers("10.9.0.101").option(82)).containsExactly(5, 2, 1, 1, 7);
  }
}
