package org.krgboot.importers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of every format as people have them: what comes of each, line by line. */
class FixturesTest {
  private static final int ROUNDS = 200;

  static List<Fixture> fixtures() throws IOException {
    return Fixture.all();
  }

  @Test
  void there_are_as_many_as_is_claimed() throws IOException {
    assertThat(Fixture.all()).hasSizeGreaterThanOrEqualTo(45);
    assertThat(Fixture.all().stream().filter(each -> each.format() != Format.DHCPD_CONF))
        .hasSizeGreaterThanOrEqualTo(20);
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void each_line_is_reported_and_the_result_is_as_expected(Fixture fixture) throws IOException {
    Imported imported = fixture.read(fixture.text().getBytes(StandardCharsets.UTF_8));
    assertThat(Fixture.outcome(imported)).isEqualTo(fixture.expected());
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void nothing_that_matters_is_lost_unless_the_fixture_says_so(Fixture fixture) throws IOException {
    Imported imported = fixture.read(fixture.text().getBytes(StandardCharsets.UTF_8));
    assertThat(imported.lines(Verdict.ERROR)).isEqualTo(List.of());
    assertThat(imported.report().complete()).isEqualTo(!fixture.isIncomplete());
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void broken_in_any_way_it_gives_a_report(Fixture fixture) throws IOException {
    byte[] whole = fixture.text().getBytes(StandardCharsets.UTF_8);
    Random random = new Random(fixture.path().getFileName().toString().hashCode());
    for (int round = 0; round < ROUNDS; round++) {
      Imported imported = fixture.read(broken(whole, random));
      assertThat(imported.toml()).isNotEmpty();
      imported.report().lines().forEach(line -> assertThat(line.place().line()).isPositive());
    }
  }

  /** Bytes changed, a part cut out, a part doubled, lines in another order, or the end missing. */
  private static byte[] broken(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    int from = random.nextInt(bytes.length);
    int to = Math.min(bytes.length, from + 1 + random.nextInt(40));
    switch (random.nextInt(5)) {
      case 0 -> {
        for (int i = 1 + random.nextInt(10); i > 0; i--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
      }
      case 1 ->
          bytes = joined(Arrays.copyOf(bytes, from), Arrays.copyOfRange(bytes, to, bytes.length));
      case 2 ->
          bytes = joined(Arrays.copyOf(bytes, to), Arrays.copyOfRange(bytes, from, bytes.length));
      case 3 -> {
        List<String> lines =
            new ArrayList<>(List.of(new String(bytes, StandardCharsets.ISO_8859_1).split("\n")));
        Collections.shuffle(lines, random);
        bytes = String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1);
      }
      default -> bytes = Arrays.copyOf(bytes, from);
    }
    return bytes;
  }

  private static byte[] joined(byte[] a, byte[] b) {
    byte[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }
}
