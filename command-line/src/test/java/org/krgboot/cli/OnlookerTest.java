package org.krgboot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OnlookerTest {
  private static String silence() throws IOException {
    throw new IOException("no daemon answers");
  }

  @Test
  void a_daemon_that_is_away_is_told_of_once_and_once_when_it_is_back() {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Onlooker onlooker = new Onlooker(new PrintStream(said, true, StandardCharsets.UTF_8));
    assertThat(onlooker.ask(() -> "nodes")).contains("nodes");
    assertThat(onlooker.ask(OnlookerTest::silence)).isEmpty();
    assertThat(onlooker.ask(OnlookerTest::silence)).isEmpty();
    assertThat(onlooker.isAway()).isTrue();
    assertThat(onlooker.ask(() -> "nodes")).contains("nodes");
    assertThat(said.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "krgboot: the daemon does not answer; this goes on as soon as it does",
            "krgboot: the daemon answers again");
  }
}
