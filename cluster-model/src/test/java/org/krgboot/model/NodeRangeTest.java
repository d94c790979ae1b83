package org.krgboot.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodeRangeTest {
  /** krgnode101 to krgnode105, and one that has no name. */
  private static final List<NodeRange.Identity> KNOWN =
      IntStream.rangeClosed(1, 6)
          .mapToObj(i ->
              new NodeRange.Identity(
                  i == 6 ? Optional.empty() : Optional.of(new NodeName("krgnode10" + i)),
                  MacAddress.parse("52:54:00:00:00:0" + i),
                  Optional.of(Ipv4.parse("10.11.12.10" + i))))
          .toList();

  private static final Map<String, NodeRange> GROUPS =
      Map.of(
          "odd", NodeRange.parse("krgnode[101-105/2]"),
          "some", NodeRange.parse("@odd,-krgnode103"),
          "ring", NodeRange.parse("@ring"));

  @Test
  void numbers_in_brackets_are_as_wide_as_they_are_written() {
    assertThat(names("krgnode[01-03]")).containsExactly("krgnode01", "krgnode02", "krgnode03");
    assertThat(names("n[8-11]")).containsExactly("n8", "n9", "n10", "n11");
    assertThat(names("n[098-101]")).containsExactly("n098", "n099", "n100", "n101");
  }

  @Test
  void several_spans_steps_and_brackets_are_multiplied_out() {
    assertThat(names("n[1-2,7]")).containsExactly("n1", "n2", "n7");
    assertThat(names("n[1-7/3]")).containsExactly("n1", "n4", "n7");
    assertThat(names("r[1-2]n[1-2]x")).containsExactly("r1n1x", "r1n2x", "r2n1x", "r2n2x");
  }

  @Test
  void parts_are_taken_from_left_to_right_and_none_twice() {
    assertThat(names("n[1-4],-n2,front,n1")).containsExactly("n1", "n3", "n4", "front");
    assertThat(names("n[1-2],!n2,n2")).containsExactly("n1", "n2");
    assertThat(names("@some,KRGNODE7")).containsExactly("krgnode101", "krgnode105", "krgnode7");
  }

  @Test
  void known_nodes_are_chosen_by_all_that_they_can_be_called_by() {
    assertThat(chosen("krgnode[104-110]")).containsExactly(4, 5);
    assertThat(chosen("*,-krgnode10[1-3]")).containsExactly(4, 5);
    assertThat(chosen("52:54:00:00:00:06,10.11.12.102")).containsExactly(6, 2);
    assertThat(chosen("@all,-@odd")).containsExactly(2, 4, 6);
    assertThat(chosen("krg*5")).containsExactly(5);
  }

  @Test
  void a_node_that_is_not_known_is_named_with_the_one_that_was_meant() {
    assertThatThrownBy(() -> chosen("krgnod101"))
        .hasMessage("no node is called krgnod101; did you mean krgnode101?");
    assertThatThrownBy(() -> chosen("krgnode[1-5]")).hasMessage("no node of krgnode[1-5] is known");
    assertThatThrownBy(() -> chosen("52:54:00:00:00:07"))
        .hasMessage("no node with 52:54:00:00:00:07 has been seen");
    assertThatThrownBy(() -> chosen("@som"))
        .hasMessage("there is no group @som; did you mean @some?");
    assertThat(chosen("@all,-krgnode9")).as("what is not there need not be taken away").hasSize(6);
  }

  @Test
  void what_is_no_range_is_refused_with_the_place() {
    assertThatThrownBy(() -> NodeRange.parse("n[1-")).hasMessageContaining("does not close it");
    assertThatThrownBy(() -> NodeRange.parse("n1]")).hasMessageContaining("not open");
    assertThatThrownBy(() -> NodeRange.parse("n[5-1]")).hasMessageContaining("'5-1'");
    assertThatThrownBy(() -> NodeRange.parse("n[a]")).hasMessageContaining("'a' in 'n[a]'");
    assertThatThrownBy(() -> NodeRange.parse("")).hasMessageContaining("names no nodes");
    assertThatThrownBy(() -> NodeRange.parse("a,,b")).hasMessageContaining("names no nodes");
    assertThatThrownBy(() -> NodeRange.parse("-n1")).hasMessageContaining("begins by taking away");
    assertThatThrownBy(() -> NodeRange.parse("n_1")).hasMessageContaining("'n_1' is neither");
    assertThatThrownBy(() -> NodeRange.parse("n[1-2]*")).hasMessageContaining("both");
    assertThatThrownBy(() -> names("n*")).hasMessageContaining("'n*' is no name");
    assertThatThrownBy(() -> names("@ring")).hasMessage("the group @ring holds itself");
    assertThatThrownBy(() -> chosen("@ring")).hasMessage("the group @ring holds itself");
  }

  @Test
  void more_nodes_than_any_cluster_has_are_refused_before_they_take_memory() {
    for (String text : List.of("n[1-999999999]", "n[1-60000][1-60000]", "n[1-65536,1-65536]")) {
      assertThatThrownBy(() -> NodeRange.parse(text)).hasMessageContaining("more than 65536");
    }
  }

  @Test
  void any_text_is_a_range_or_refused() {
    Random random = new Random(8);
    String letters = "n1[]-,!@*/: .x";
    for (int i = 0; i < 20_000; i++) {
      String text =
          random
              .ints(random.nextInt(12), 0, letters.length())
              .collect(
                  StringBuilder::new,
                  (all, at) -> all.append(letters.charAt(at)),
                  StringBuilder::append)
              .toString();
      try {
        assertThat(NodeRange.parse(text).parts()).isNotEmpty();
      } catch (IllegalArgumentException refused) {
        assertThat(refused).hasMessageMatching("(?s).+");
      }
    }
  }

  private static List<String> names(String range) {
    return NodeRange.parse(range).names(GROUPS).stream().map(NodeName::text).toList();
  }

  /** The numbers of the chosen nodes. */
  private static List<Integer> chosen(String range) {
    return NodeRange.parse(range).select(KNOWN, node -> node, GROUPS).stream()
        .map(node -> KNOWN.indexOf(node) + 1)
        .toList();
  }

  @Test
  void one_node_is_in_a_range_or_not_whichever_others_are_known() {
    NodeRange.Identity node =
        new NodeRange.Identity(
            Optional.of(new NodeName("krgnode101")),
            MacAddress.parse("52:54:00:00:00:01"),
            Optional.of(Ipv4.parse("10.0.0.101")));
    for (String range :
        List.of(
            "krgnode[100-102]",
            "nobody,krgnode*",
            "52:54:00:00:00:01",
            "front,10.0.0.101",
            "@all,-krgnode7")) {
      assertThat(NodeRange.parse(range).has(node, Map.of())).as(range).isTrue();
    }
    Map<String, NodeRange> groups =
        Map.of(
            "rack1", NodeRange.parse("krgnode[101-115],-krgnode107"),
            "both", NodeRange.parse("@rack1,@rack2"),
            "rack2", NodeRange.parse("krgnode[201-215]"),
            "round", NodeRange.parse("@round"));
    assertThat(NodeRange.parse("@both").has(node, groups)).isTrue();
    assertThat(NodeRange.parse("@both,-@rack1").has(node, groups)).isFalse();
    assertThatThrownBy(() -> NodeRange.parse("@rack11").has(node, groups))
        .hasMessage("there is no group @rack11; did you mean @rack1?");
    assertThatThrownBy(() -> NodeRange.parse("@round").has(node, groups))
        .hasMessage("the group @round holds itself");
    for (String range : List.of("krgnode[1-9]", "@all,-krgnode101", "node*", "10.0.0.1")) {
      assertThat(NodeRange.parse(range).has(node, Map.of())).as(range).isFalse();
    }
  }
}
