package org.krgboot.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

class BootAddressTest {
  private static final HostInterface LO =
      nic("lo", "127.0.0.1", "127.0.0.0/8", HostInterface.Kind.LOOPBACK);
  private static final HostInterface PUBLIC =
      nic("eth0", "198.51.100.7", "198.51.100.0/24", HostInterface.Kind.NETWORK);
  private static final HostInterface ETH1 =
      nic("eth1", "10.11.12.1", "10.11.12.0/24", HostInterface.Kind.NETWORK);
  private static final HostInterface ETH2 =
      nic("eth2", "192.168.3.1", "192.168.3.0/24", HostInterface.Kind.NETWORK);

  private static HostInterface nic(
      String name, String address, String subnet, HostInterface.Kind kind) {
    return new HostInterface(name, Ipv4.parse(address), Subnet.parse(subnet), kind);
  }

  private static Optional<HostInterface> choose(
      String listen, String interfaceName, Problems problems, HostInterface... all) {
    return BootAddress.choose(
        Optional.ofNullable(listen).map(Ipv4::parse),
        Optional.ofNullable(interfaceName),
        List.of(all),
        problems);
  }

  private static String problemsOf(String listen, String interfaceName, HostInterface... all) {
    Problems problems = new Problems();
    assertThat(choose(listen, interfaceName, problems, all)).isEmpty();
    try {
      problems.throwIfAny();
    } catch (SettingsException e) {
      return e.cause() + " " + e.getMessage();
    }
    throw new AssertionError("nothing was said");
  }

  @Test
  void the_only_private_address_is_taken() {
    assertThat(choose(null, null, new Problems(), LO, PUBLIC, ETH1)).contains(ETH1);
  }

  @Test
  void with_several_private_addresses_they_are_listed_and_none_is_taken() {
    assertThat(problemsOf(null, null, LO, ETH1, ETH2))
        .startsWith("SETTINGS ")
        .contains("eth1 (10.11.12.1/24)", "eth2 (192.168.3.1/24)", "--interface eth1");
  }

  @Test
  void without_a_private_address_the_remedy_is_said() {
    assertThat(problemsOf(null, null, LO, PUBLIC))
        .as("it may get one later")
        .startsWith("MACHINE ")
        .contains("no interface has a private", "--listen");
  }

  @Test
  void an_address_that_is_asked_for_may_be_public_or_loopback() {
    assertThat(choose("198.51.100.7", null, new Problems(), LO, PUBLIC, ETH1)).contains(PUBLIC);
    assertThat(choose("127.0.0.1", null, new Problems(), LO, PUBLIC, ETH1)).contains(LO);
  }

  @Test
  void an_address_that_nobody_has_is_refused_with_those_that_are_there() {
    assertThat(problemsOf("10.9.9.9", null, LO, ETH1)).contains("10.9.9.9", "eth1 (10.11.12.1/24)");
  }

  @Test
  void an_interface_that_is_not_there_is_refused_by_name() {
    assertThat(problemsOf(null, "eth7", LO, ETH1)).contains("eth7", "eth1 (10.11.12.1/24)");
  }
}
