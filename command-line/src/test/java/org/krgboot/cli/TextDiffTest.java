package org.krgboot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextDiffTest {
  @Test
  void lines_that_came_and_went_are_shown_with_what_is_around_them() {
    assertThat(TextDiff.of("a\nb\nc\n", "a\nb\nc\n")).isEmpty();
    assertThat(TextDiff.of("a\nb\nc\nd\ne\nf\n", "a\nb\nx\nd\ne\nf\n"))
        .isEqualTo(" a\n b\n-c\n+x\n d\n e\n");
    assertThat(TextDiff.of("", "a\n")).isEqualTo("+a\n");
    assertThat(TextDiff.of("a\n", "")).isEqualTo("-a\n");
  }

  @Test
  void one_node_among_thousands_is_found_without_its_neighbours() {
    String nodes = nodes(3000, -1);
    assertThat(TextDiff.of(nodes, nodes(3000, 1500)))
        .isEqualTo(
            " name = \"n1499\"\n [[node]]\n-name = \"n1500\"\n+name = \"x\"\n [[node]]\n name = \"n1501\"\n");
    assertThat(TextDiff.of(nodes, nodes(2999, -1))).contains("-[[node]]\n-name = \"n2999\"\n");
    assertThat(
            TextDiff.of(nodes(3000, 5), nodes(3000, 2990)).lines().filter(l -> !l.startsWith(" ")))
        .hasSize(4);
  }

  private static String nodes(int count, int other) {
    return IntStream.range(0, count)
        .mapToObj(i -> "[[node]]\nname = \"" + (i == other ? "x" : "n" + i) + "\"\n")
        .collect(Collectors.joining());
  }
}
