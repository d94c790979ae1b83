package org.krgboot.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  private static final List<String> WORDS = List.of("rw", "ro", "sync", "async", "dhcp.range");

  @Test
  void a_mistyped_word_is_recognised() {
    assertThat(Nearest.of("asinc", WORDS)).contains("async");
    assertThat(Nearest.of("dhcp.rnage", WORDS)).contains("dhcp.range");
    assertThat(Nearest.of("dhcp.ra", WORDS)).contains("dhcp.range");
    assertThat(Nearest.of("sync", WORDS)).contains("sync");
  }

  @Test
  void of_two_as_near_the_first_by_alphabet_is_taken() {
    assertThat(Nearest.of("rx", WORDS)).contains("ro");
  }

  @Test
  void another_word_is_nothing_near() {
    assertThat(Nearest.of("umask", WORDS)).isEmpty();
    assertThat(Nearest.of("x", WORDS)).isEmpty();
    assertThat(Nearest.of("", WORDS)).isEmpty();
    assertThat(Nearest.of("rw", List.of())).isEmpty();
  }

  @Test
  void a_text_too_long_to_be_a_word_is_not_looked_at() {
    String endless = "s".repeat(65);
    assertThat(Nearest.of(endless, List.of(endless))).isEmpty();
  }
}
