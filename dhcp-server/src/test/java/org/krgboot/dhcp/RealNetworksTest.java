package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.dhcp.Namespaces.awaitLine;
import static org.krgboot.dhcp.Namespaces.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two interfaces, and relays, with the clients and the relay that others use. Needs root and {@code
 * ip}; each test needs its programs.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class RealNetworksTest {
  private static final String FIRST = "10.91.0.0/24,10.91.0.1,10.91.0.101-10.91.0.199,boot0";
  private static final String SECOND = "10.92.0.0/24,10.92.0.1,10.92.0.101-10.92.0.199,boot1";
  private static final String BEHIND = "10.93.0.0/24,10.91.0.1,10.93.0.101-10.93.0.199";
  private static final List<String> NIO = List.of("-Dio.netty.transport.noNative=true");

  @TempDir Path directory;
  private Namespaces net;

  @BeforeEach
  void lay_the_wires() throws IOException {
    net = new Namespaces("srv", "one", "two", "rel");
    net.wire("srv boot0", "one eth0");
    net.wire("srv boot1", "two eth0");
    net.ip("srv", "address add 10.91.0.1/24 dev boot0");
    net.ip("srv", "address add 10.92.0.1/24 dev boot1");
  }

  @AfterEach
  void clear() throws IOException {
    if (net != null) {
      net.close();
    }
  }

  private Process server(List<String> options, String delivery, String... networks)
      throws IOException {
    String[] arguments = new String[networks.length + 2];
    arguments[0] = directory.resolve("state.db").toString();
    arguments[1] = delivery;
    System.arraycopy(networks, 0, arguments, 2, networks.length);
    return net.server("srv", options, arguments);
  }

  /** The server and two machines at one switch, as boot2 and e1. */
  private void layASwitch() throws IOException {
    net.ip("rel", "link add br0 type bridge");
    net.ip("rel", "link set br0 up");
    net.wire("srv boot2", "rel p0");
    net.wire("one e1", "rel p1");
    net.wire("two e1", "rel p2");
    for (String port : List.of("p0", "p1", "p2")) {
      net.ip("rel", "link set " + port + " master br0");
    }
    net.ip("srv", "address flush dev boot0");
    net.ip("srv", "address add 10.91.0.1/24 dev boot2");
  }

  /** What the kernel was told of an address that no node has configured. */
  private String neighbour(String address) throws IOException {
    return net.ip("srv", "neigh show " + address);
  }

  @Test
  void each_of_two_interfaces_is_served_from_its_own_network_by_unicast() throws IOException {
    awaitLine(server(List.of(), "by-flag", FIRST, SECOND), "ready");
    awaitLine(net.udhcpc("one", "eth0"), "lease of 10.91.0.101 obtained");
    awaitLine(net.dhclient("two", "eth0", directory), "bound to 10.92.0.101");
    assertThat(neighbour("10.91.0.101")).contains("dev boot0 lladdr");
    assertThat(neighbour("10.92.0.101")).contains("dev boot1 lladdr");
  }

  @Test
  void a_client_that_asks_for_broadcast_gets_it_and_so_do_all_by_setting() throws IOException {
    awaitLine(server(List.of(), "by-flag", FIRST, SECOND), "ready");
    awaitLine(net.udhcpc("one", "eth0", "-B"), "lease of 10.91.0.101 obtained");
    assertThat(neighbour("10.91.0.101")).isEmpty();
  }

  @Test
  void all_are_answered_by_broadcast_if_the_setting_says_so() throws IOException {
    awaitLine(server(List.of(), "broadcast", FIRST, SECOND), "ready");
    awaitLine(net.udhcpc("one", "eth0"), "lease of 10.91.0.101 obtained");
    awaitLine(net.dhclient("two", "eth0", directory), "bound to 10.92.0.101");
    assertThat(neighbour("10.91.0.101") + neighbour("10.92.0.101")).isEmpty();
  }

  @Test
  void without_native_epoll_one_interface_is_served_and_several_are_refused() throws IOException {
    Process one = server(NIO, "by-flag", FIRST);
    awaitLine(one, "ready");
    awaitLine(net.udhcpc("one", "eth0"), "lease of 10.91.0.101 obtained");
    awaitLine(net.udhcpc("one", "eth0", "-B"), "lease of 10.91.0.101 obtained");
    awaitLine(server(NIO, "by-flag", FIRST, SECOND), "refused: DHCP on several interfaces needs");
  }

  @Test
  void nodes_behind_a_relay_get_addresses_of_their_network() throws IOException {
    String dhcrelay = program("dhcrelay", "isc-dhcp-relay", directory);
    net.wire("srv up0", "rel up0");
    net.wire("rel down0", "two eth1");
    net.ip("srv", "address flush dev boot0");
    net.ip("srv", "address add 10.91.0.1/24 dev up0");
    net.ip("srv", "route add 10.93.0.0/24 via 10.91.0.2");
    net.ip("rel", "address add 10.91.0.2/24 dev up0");
    net.ip("rel", "address add 10.93.0.1/24 dev down0");
    Process server = server(List.of(), "by-flag", FIRST.replace("boot0", "up0"), BEHIND);
    awaitLine(server, "ready");
    Process relay =
        net.start(
            "rel",
            dhcrelay,
            "-4",
            "-d",
            "-a",
            "-pf",
            directory.resolve("relay.pid").toString(),
            "-id",
            "down0",
            "-iu",
            "up0",
            "10.91.0.1");
    awaitLine(relay, "Sending on   Socket/fallback");
    awaitLine(net.dhclient("two", "eth1", directory), "bound to 10.93.0.101");
    awaitLine(server, "AddressAcknowledged");
    awaitLine(net.udhcpc("two", "eth1", "-B"), "lease of 10.93.0.101 obtained");
  }

  @Test
  void an_address_that_a_machine_uses_by_itself_is_offered_to_nobody() throws IOException {
    layASwitch();
    net.ip("two", "address add 10.91.0.101/24 dev e1");
    Process server = server(List.of(), "ping", FIRST.replace("boot0", "boot2"));
    awaitLine(server, "ready");
    awaitLine(net.udhcpc("one", "e1"), "lease of 10.91.0.102 obtained");
    awaitLine(net.dhclient("one", "e1", directory), "bound to 10.91.0.102");
    net.ip("two", "address flush dev e1");
    awaitLine(net.udhcpc("two", "e1"), "lease of 10.91.0.103 obtained");
    server.outputWriter().write('\n');
    server.outputWriter().flush();
    assertThat(awaitLine(server, "counters "))
        .contains("dhcp.probe.in-use=1,", "dhcp.probe.sent=3,", "dhcp.sent.ack=3,");
  }

  @Test
  void each_subnet_of_one_wire_knows_the_server_by_its_address_there() throws Exception {
    layASwitch();
    net.ip("srv", "address add 10.94.0.1/24 dev boot2");
    String wire =
        "10.91.0.0/24+10.94.0.0/24,10.91.0.1+10.94.0.1,"
            + "10.91.0.101-10.91.0.101+10.94.0.101-10.94.0.199,boot2";
    awaitLine(server(List.of(), "ping", wire), "ready");
    awaitLine(net.udhcpc("one", "e1"), "lease of 10.91.0.101 obtained from 10.91.0.1");
    Path script = directory.resolve("configure");
    Files.writeString(
        script,
        "#!/bin/sh\n[ \"$1\" != bound ] || ip address add \"$ip/$mask\" dev \"$interface\"\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    Process second = net.udhcpc("two", "e1", "-s", script.toString());
    awaitLine(second, "lease of 10.94.0.101 obtained from 10.94.0.1");
    String client =
        second.toHandle().descendants().map(ProcessHandle::pid).findFirst().orElseThrow() + "";
    assertThat(new ProcessBuilder("kill", "-USR1", client).start().waitFor()).isZero();
    awaitLine(second, "sending renew to server 10.94.0.1");
    awaitLine(second, "lease of 10.94.0.101 obtained from 10.94.0.1");
  }
}
