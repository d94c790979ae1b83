package org.krgboot.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AptSourcesTest {
  private static final String STANZAS =
      """
      Types: deb deb-src
      # a note
      URIs: http://mirror.example/debian
      Suites: bookworm bookworm-updates bookworm-backports
      Components: main contrib
      Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

      Types: deb
      URIs: http://tools.example/apt
      Suites: bookworm
      Components: main
      Signed-By: /usr/share/keyrings/tools.gpg

      Enabled: no
      Types: deb
      URIs: http://off.example/debian
      Suites: bookworm
      Components: main
      """;

  @Test
  void of_the_hosts_sources_debians_own_for_that_release_are_taken(@TempDir Path apt)
      throws Exception {
    Files.createDirectory(apt.resolve("sources.list.d"));
    Files.writeString(apt.resolve("sources.list.d/debian.sources"), STANZAS);
    Files.writeString(
        apt.resolve("sources.list"),
        """
        # deb http://old.example/debian bookworm main
        deb [arch=amd64] http://security.example/debian-security bookworm-security main # fixes
        deb-src http://mirror.example/debian bookworm main
        deb http://mirror.example/debian trixie main
        """);
    assertThat(AptSources.ofHost(apt, "bookworm").text())
        .isEqualTo(
            """
            deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] \
            http://mirror.example/debian bookworm main
            deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] \
            http://mirror.example/debian bookworm-updates main
            deb http://security.example/debian-security bookworm-security main
            """);
  }

  @Test
  void a_machine_without_apt_has_no_sources(@TempDir Path nothing) throws Exception {
    assertThat(AptSources.ofHost(nothing, "bookworm").entries()).isEmpty();
  }

  @Test
  void any_text_is_read_without_an_exception() {
    Random random = new Random(11);
    String letters = "deb :[]=\n\n#Types:URIs: Suites:\t\\";
    for (int round = 0; round < 2_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(80); i > 0; i--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      AptSources.oneLiners(text.toString());
      AptSources.stanzas(text.toString());
    }
  }
}
