package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The checklist names tests that there are, for each of its points. */
class ChecklistTest {
  private static final Path DOCUMENT = Path.of("../docs/supported/nfs-checklist.md");
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");
  private static final int POINTS = 18;

  @Test
  void every_point_has_a_test_and_every_test_exists() throws Exception {
    List<String> rows =
        Files.readAllLines(DOCUMENT).stream()
            .filter(line -> line.matches("\\| \\d+ \\|.*"))
            .toList();
    assertThat(rows).hasSize(POINTS).allMatch(row -> TEST.matcher(row).find());
    Matcher named = TEST.matcher(Files.readString(DOCUMENT));
    for (MatchResult test : named.results().toList()) {
      assertThat(source(test.group(1))).as(test.group()).contains("void " + test.group(2) + "(");
    }
  }

  private static String source(String name) throws IOException {
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      for (Path tests :
          modules
              .map(module -> module.resolve("src/test/java"))
              .filter(Files::isDirectory)
              .toList()) {
        try (Stream<Path> all = Files.walk(tests)) {
          Path found =
              all.filter(file -> file.endsWith(name + ".java")).findFirst().orElse(Path.of(""));
          if (!found.toString().isEmpty()) {
            return Files.readString(found);
          }
        }
      }
    }
    throw new AssertionError("no " + name);
  }
}
