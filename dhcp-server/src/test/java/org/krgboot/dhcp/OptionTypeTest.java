package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionTypeTest {
  private static String hex(OptionType type, String... elements) {
    return HexFormat.of().formatHex(type.encode(List.of(elements)).bytes());
  }

  @ParameterizedTest
  @CsvSource({
    "ip, 10.11.12.1, 0a0b0c01",
    "text, krgboot, 6b7267626f6f74",
    "text, é, c3a9",
    "uint8, 255, ff",
    "uint8, 007, 07",
    "uint16, 0x0102, 0102",
    "uint16, 65535, ffff",
    "uint32, 4294967295, ffffffff",
    "int32, -3600, fffff1f0",
    "int32, 3600, 00000e10",
    "boolean, true, 01",
    "boolean, off, 00",
    "hex, F1:00:74:7e, f100747e",
    "hex, f100 747e, f100747e",
  })
  void a_value_is_written_as_its_type_says(String type, String text, String bytes) {
    assertThat(hex(OptionType.of(type).orElseThrow(), text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "ip, 10.11.12, 192.0.2.1",
    "ip-list, host, 192.0.2.1",
    "uint8, 256, a number from 0 to 255",
    "uint8, -1, a number from 0 to 255",
    "uint16, 65536, a number from 0 to 65535",
    "uint32, 99999999999, a number from 0 to 4294967295",
    "int32, 2147483648, a number from -2147483648",
    "int32, 1.5, a number from -2147483648",
    "boolean, maybe, neither true nor false",
    "hex, 123, write them as 01:0a:ff",
    "hex, '', write them as 01:0a:ff",
    "hex, zz, write them as 01:0a:ff",
    "domain-list, a..b, write it as cluster.example",
    "domain-list, -a.b, write it as cluster.example",
    "routes, 10.0.0.0/8, write it as 10.0.0.0/8 10.11.12.254",
    "routes, 10.0.0.1/8 10.11.12.254, has host bits",
    "routes, 10.0.0.0/33 10.11.12.254, 0 to 32",
    "encapsulated, x, are a table",
  })
  void a_value_that_is_not_of_its_type_is_refused_with_what_is_right(
      String type, String text, String right) {
    assertThatThrownBy(() -> hex(OptionType.of(type).orElseThrow(), text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(right);
  }

  @Test
  void lists_are_joined_and_are_not_empty() {
    assertThat(hex(OptionType.IP_LIST, "10.0.0.1", "10.0.0.2")).isEqualTo("0a0000010a000002");
    assertThatThrownBy(() -> hex(OptionType.IP_LIST)).hasMessageContaining("one element or more");
    assertThatThrownBy(() -> hex(OptionType.ROUTES)).hasMessageContaining("one element or more");
    assertThatThrownBy(() -> hex(OptionType.IP, "10.0.0.1", "10.0.0.2"))
        .hasMessageContaining("not a list of 2");
  }

  @Test
  void routes_are_those_of_rfc_3442() {
    assertThat(hex(OptionType.ROUTES, "0.0.0.0/0 10.0.0.1")).isEqualTo("000a000001");
    assertThat(hex(OptionType.ROUTES, "10.0.0.0/8 10.0.0.1")).isEqualTo("080a0a000001");
    assertThat(hex(OptionType.ROUTES, "10.17.0.0/16 10.0.0.1")).isEqualTo("100a110a000001");
    assertThat(hex(OptionType.ROUTES, "10.27.129.0/24 via 10.0.0.1")).isEqualTo("180a1b810a000001");
    assertThat(hex(OptionType.ROUTES, "10.229.0.128/25 10.0.0.1")).isEqualTo("190ae500800a000001");
    assertThat(hex(OptionType.ROUTES, "10.198.122.47/32 10.0.0.1", "10.0.0.0/8 10.0.0.2"))
        .isEqualTo("200ac67a2f0a000001" + "080a0a000002");
  }

  /** The example of RFC 3397 section 2. */
  @Test
  void domains_are_compressed() {
    assertThat(hex(OptionType.DOMAIN_LIST, "eng.apple.com", "marketing.apple.com"))
        .isEqualTo("03656e67056170706c6503636f6d00" + "096d61726b6574696e67c004");
    assertThat(hex(OptionType.DOMAIN_LIST, "a.b.", "B", "a.b")).isEqualTo("0161016200c002c000");
  }

  @Test
  void compressed_domains_are_read_back_by_the_rules_of_dns() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      names.add("rack" + i % 7 + ".row" + i % 3 + ".cluster.example");
    }
    byte[] wire = OptionType.DOMAIN_LIST.encode(names).bytes();
    assertThat(readNames(wire)).isEqualTo(names);
  }

  private static List<String> readNames(byte[] wire) {
    List<String> names = new ArrayList<>();
    int at = 0;
    while (at < wire.length) {
      names.add(String.join(".", labels(wire, at)));
      while (wire[at] != 0 && (wire[at] & 0xc0) == 0) {
        at += 1 + wire[at];
      }
      at += wire[at] == 0 ? 1 : 2;
    }
    return names;
  }

  private static List<String> labels(byte[] wire, int at) {
    List<String> labels = new ArrayList<>();
    for (int place = at; wire[place] != 0; ) {
      if ((wire[place] & 0xc0) != 0) {
        place = (wire[place] & 0x3f) << 8 | wire[place + 1] & 0xff;
      } else {
        labels.add(new String(wire, place + 1, wire[place]));
        place += 1 + wire[place];
      }
    }
    return labels;
  }

  @Test
  void options_are_put_into_an_option() {
    Map<Integer, Octets> inner = new LinkedHashMap<>();
    inner.put(6, OptionType.UINT8.encode(List.of("8")));
    inner.put(53, OptionType.TEXT.encode(List.of("ab")));
    assertThat(OptionType.encapsulate(inner)).hasToString("0x" + "060108" + "35026162");
    Octets big = OptionType.HEX.encode(List.of("00".repeat(256)));
    assertThatThrownBy(() -> OptionType.encapsulate(Map.of(1, big)))
        .hasMessageContaining("1 has 256");
    assertThatThrownBy(() -> OptionType.encapsulate(Map.of(255, Octets.of(new byte[1]))))
        .hasMessageContaining("1 to 254");
  }

  @Test
  void the_options_of_the_lease_itself_cannot_be_set() {
    Octets one = Octets.parse("0x01");
    for (int code : List.of(50, 51, 53, 54, 61, 82)) {
      assertThatThrownBy(() -> new OptionValue(code, one)).hasMessageContaining("server's own");
    }
    assertThatThrownBy(() -> new OptionValue(255, one)).hasMessageContaining("1 to 254");
    assertThatThrownBy(() -> new OptionValue(0, one)).hasMessageContaining("1 to 254");
    Octets long1025 = Octets.of(new byte[1025]);
    assertThatThrownBy(() -> new OptionValue(130, long1025)).hasMessageContaining("1024");
  }

  @Test
  void names_and_numbers_of_options_and_types_are_each_there_once() {
    assertThat(Arrays.stream(OptionName.values()).map(OptionName::code)).doesNotHaveDuplicates();
    assertThat(Arrays.stream(OptionName.values()).map(OptionName::text)).doesNotHaveDuplicates();
    assertThat(Arrays.stream(OptionName.values()).map(OptionName::code))
        .noneMatch(OptionCode::isOfTheServer);
    for (OptionName name : OptionName.values()) {
      assertThat(OptionName.of(name.text())).contains(name);
      assertThat(OptionName.of(name.code())).contains(name);
    }
    Stream.of(OptionType.values())
        .forEach(type -> assertThat(OptionType.of(type.text())).contains(type));
    assertThat(OptionName.names()).contains("ntp-servers, ");
    assertThat(OptionType.names()).startsWith("ip, ip-list");
  }
}
