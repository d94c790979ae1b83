package org.krgboot.importers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What dhcpd accepts, the importer reads: also of files that nobody has written, made of the
 * fixtures by leaving out, doubling and exchanging parts of them.
 */
class DhcpdAgreementTest {
  private static final int ROUNDS = 400;

  @TempDir Path directory;

  @Test
  void what_dhcpd_accepts_of_mixed_files_is_read_without_errors() throws IOException {
    assumeTrue(
        Dhcpd.program().isPresent(),
        "isc-dhcp-server is neither installed nor to be had with apt-get download");
    Path program = Dhcpd.program().orElseThrow();
    List<Fixture> fixtures =
        Fixture.all().stream().filter(each -> each.format() == Format.DHCPD_CONF).toList();
    try (Stream<Path> parts = Files.list(Fixture.ALL.resolve("dhcpd/parts"))) {
      for (Path part : parts.toList()) {
        Files.copy(part, directory.resolve(part.getFileName()));
      }
    }
    Random random = new Random(22);
    int accepted = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Fixture fixture = fixtures.get(random.nextInt(fixtures.size()));
      String mixed = mixed(fixture.text(), fixtures, random);
      Optional<String> refusal = Dhcpd.refusal(program, directory, mixed);
      if (refusal.isEmpty()) {
        accepted++;
        Imported imported = fixture.read(mixed.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(imported.lines(Verdict.ERROR)).as(mixed).isEmpty();
      }
    }
    assertThat(accepted).as("files that dhcpd accepts").isGreaterThan(ROUNDS / 20);
  }

  /** Statements, as far as lines and semicolons tell them apart. */
  private static String mixed(String text, List<Fixture> fixtures, Random random)
      throws IOException {
    List<String> parts = new ArrayList<>(List.of(text.split("(?<=[;{}\n])", -1)));
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      int at = random.nextInt(parts.size());
      switch (random.nextInt(4)) {
        case 0 -> parts.remove(at);
        case 1 -> parts.add(at, parts.get(random.nextInt(parts.size())));
        case 2 -> {
          String[] others =
              fixtures.get(random.nextInt(fixtures.size())).text().split("(?<=[;{}\n])", -1);
          parts.add(at, others[random.nextInt(others.length)]);
        }
        default -> {
          int other = random.nextInt(parts.size());
          String moved = parts.set(at, parts.get(other));
          parts.set(other, moved);
        }
      }
      if (parts.isEmpty()) {
        parts.add("");
      }
    }
    return String.join("", parts);
  }
}
