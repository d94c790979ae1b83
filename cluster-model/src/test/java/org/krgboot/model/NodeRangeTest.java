package org.krgboot.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeRangeTest {
  private static final MacAddress MAC = MacAddress.parse("52:54:00:12:34:56");

  private static boolean has(String range, String name, String address) {
    return NodeRange.parse(range)
        .has(
            new NodeRange.Node(
                Optional.of(new NodeName(name)),
                Optional.of(Ipv4.parse(address)),
                Optional.of(MAC)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "krgnode101 | true",
        "KRGNODE101 | true",
        "krgnode10 | false",
        "krgnode[101-105] | true",
        "krgnode[99-101] | true",
        "krgnode[1-9,101] | true",
        "krgnode[102-110] | false",
        "krgnode[0101-0105] | false",
        "node[101] | false",
        "krg[a-z] | refused",
        "krgnode[5-1] | refused",
        "front,krgnode[100-101],10.0.0.1 | true",
        "10.11.12.101 | true",
        "10.11.12.1-10.11.12.101 | true",
        "10.11.12.102-10.11.12.110 | false",
        "10.11.12.9-10.11.12.1 | refused",
        "52:54:00:12:34:56 | true",
        "52-54-00-12-34-56 | true",
        "52:54:00:12:34:57 | false",
        "a,,b | refused",
        "a b | refused",
        "krgnode[01 | refused",
      })
  void nodes_are_named_as_operators_write_them(String range, String expected) {
    String seen;
    try {
      seen = String.valueOf(has(range, "krgnode101", "10.11.12.101"));
    } catch (IllegalArgumentException e) {
      seen = "refused";
    }
    assertThat(seen).isEqualTo(expected);
  }

  @Test
  void zeros_in_front_say_how_many_digits_a_name_has() {
    assertThat(has("krgnode[01-15]", "krgnode07", "10.0.0.1")).isTrue();
    assertThat(has("krgnode[01-15]", "krgnode7", "10.0.0.1")).isFalse();
    assertThat(has("krgnode[1-15]", "krgnode7", "10.0.0.1")).isTrue();
    assertThat(has("krgnode[8-12]-ib", "krgnode10-ib", "10.0.0.1")).isTrue();
  }

  @Test
  void what_is_unknown_of_a_node_never_fits() {
    NodeRange.Node nobody =
        new NodeRange.Node(Optional.empty(), Optional.empty(), Optional.of(MAC));
    assertThat(NodeRange.parse("krgnode[1-9],10.0.0.1").has(nobody)).isFalse();
    assertThat(NodeRange.parse(MAC + ",front").macs()).containsExactly(MAC);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", ",", "a[", "a]", "a[]", "a[1-]", "a[-1]", "a[1-2-3]", "-", "[1]x"})
  void what_names_no_nodes_is_refused_or_names_some(String text) {
    if (text.equals("[1]x")) {
      assertThat(has(text, "1x", "10.0.0.1")).isTrue();
    } else {
      assertThatThrownBy(() -> NodeRange.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
