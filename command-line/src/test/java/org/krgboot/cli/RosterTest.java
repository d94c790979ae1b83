package org.krgboot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.krgboot.model.AddressRange;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeRange;

class RosterTest {
  private static final MacAddress FIRST = MacAddress.parse("52:54:00:00:00:01");
  private static final MacAddress SECOND = MacAddress.parse("52:54:00:00:00:02");

  private static Roster roster(String... configuration) {
    return Roster.of(
        NodeRange.parse("krgnode[01-03]").names(Map.of()),
        AddressRange.parse("10.11.12.11-10.11.12.13").addresses().toList(),
        List.of(configuration));
  }

  @Test
  void names_and_addresses_go_out_in_their_order_each_once() {
    Roster roster = roster();
    assertThat(roster.next().name()).hasToString("krgnode01");
    assertThat(roster.isNew(FIRST)).isTrue();
    Roster later = roster.taken(FIRST);
    assertThat(later.isNew(FIRST)).isFalse();
    assertThat(later.next().name()).hasToString("krgnode02");
    assertThat(later.next().address().orElseThrow()).hasToString("10.11.12.12");
    assertThat(later.taken(SECOND).left()).isEqualTo(1);
  }

  @Test
  void what_the_configuration_has_already_is_left_out() {
    Roster roster = roster("[[node]]\nmac = \"52:54:00:00:00:01\"\nname = \"krgnode01\"\n");
    assertThat(roster.isNew(FIRST)).isFalse();
    assertThat(roster.isNew(SECOND)).isTrue();
    assertThat(roster.next().name()).hasToString("krgnode02");
    assertThat(roster.next().address().orElseThrow()).hasToString("10.11.12.12");
    assertThat(roster("mac = \"52-54-00-00-00-02\"").isNew(SECOND)).isFalse();
  }
}
