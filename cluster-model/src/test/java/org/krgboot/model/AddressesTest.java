package org.krgboot.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
  @Test
  void a_mac_address_is_read_in_both_forms_and_printed_in_lower_case() {
    MacAddress mac = MacAddress.parse("AA:BB:cc:00:01:0f");
    assertThat(mac.toString()).isEqualTo("aa:bb:cc:00:01:0f");
    assertThat(MacAddress.parse("aa-bb-cc-00-01-0f")).isEqualTo(mac);
    assertThat(MacAddress.of(mac.octets())).isEqualTo(mac);
    assertThat(mac.dashed()).isEqualTo("aa-bb-cc-00-01-0f");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "aa:bb:cc:00:01",
        "aa:bb:cc:00:01:0g",
        "aabbcc00010f",
        "aa:bb:cc:00:01:0f:",
        "+1:bb:cc:00:01:0f",
        "aa:bb-cc:00-01:0f",
        "aa:bb:cc:00:01:\u0660f"
      })
  void what_is_no_mac_address_is_refused_and_quoted(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MacAddress.parse(text))
        .withMessageContaining("'" + text + "'");
  }

  @Test
  void an_ipv4_address_has_the_forms_that_boot_loaders_use() {
    Ipv4 address = Ipv4.parse("10.11.12.101");
    assertThat(address.hex()).isEqualTo("0A0B0C65");
    assertThat(address.octet(3)).isEqualTo(101);
    assertThat(Ipv4.of(address.octets())).isEqualTo(address);
    assertThat(address.toString()).isEqualTo("10.11.12.101");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10.1.1", "10.1.1.256", "10.01.1.1", "10.1.1.1.", "a.b.c.d", "-1.0.0.0"})
  void what_is_no_ipv4_address_is_refused_and_quoted(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ipv4.parse(text))
        .withMessageContaining("'" + text + "'");
  }

  @Test
  void addresses_are_ordered_as_unsigned_numbers() {
    assertThat(Ipv4.parse("192.168.0.1")).isGreaterThan(Ipv4.parse("10.0.0.1"));
  }

  @Test
  void private_addresses_are_the_three_blocks_of_rfc_1918() {
    assertThat(Ipv4.parse("10.255.0.1").isPrivate()).isTrue();
    assertThat(Ipv4.parse("172.31.0.1").isPrivate()).isTrue();
    assertThat(Ipv4.parse("192.168.3.1").isPrivate()).isTrue();
    assertThat(Ipv4.parse("172.32.0.1").isPrivate()).isFalse();
    assertThat(Ipv4.parse("198.51.100.1").isPrivate()).isFalse();
  }

  @Test
  void a_subnet_knows_its_mask_and_its_ends() {
    Subnet subnet = Subnet.parse("10.11.12.0/24");
    assertThat(subnet.netmask()).isEqualTo(Ipv4.parse("255.255.255.0"));
    assertThat(subnet.broadcast()).isEqualTo(Ipv4.parse("10.11.12.255"));
    assertThat(subnet.isHost(Ipv4.parse("10.11.12.0"))).isFalse();
    assertThat(subnet.isHost(Ipv4.parse("10.11.12.255"))).isFalse();
    assertThat(subnet.isHost(Ipv4.parse("10.11.12.1"))).isTrue();
    assertThat(subnet.contains(Ipv4.parse("10.11.13.1"))).isFalse();
    assertThat(Subnet.parse("0.0.0.0/0").contains(Ipv4.BROADCAST)).isTrue();
  }

  @Test
  void a_subnet_with_host_bits_is_refused_with_the_right_network() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Subnet.parse("10.11.12.5/24"))
        .withMessageContaining("10.11.12.0");
  }

  @Test
  void a_range_has_both_ends() {
    AddressRange range = AddressRange.parse("10.0.0.254-10.0.1.1");
    assertThat(range.size()).isEqualTo(4);
    assertThat(range.addresses().map(Ipv4::toString))
        .containsExactly("10.0.0.254", "10.0.0.255", "10.0.1.0", "10.0.1.1");
    assertThat(range.contains(Ipv4.parse("10.0.1.2"))).isFalse();
  }

  @Test
  void a_range_that_runs_backwards_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AddressRange.parse("10.0.0.9-10.0.0.1"))
        .withMessageContaining("backwards");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "a-", "a_b", "a.b", "a b"})
  void what_is_no_host_name_is_refused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> new NodeName(text));
  }

  @Test
  void a_host_name_is_kept_in_lower_case() {
    assertThat(new NodeName("KrgNode7").text()).isEqualTo("krgnode7");
  }
}
