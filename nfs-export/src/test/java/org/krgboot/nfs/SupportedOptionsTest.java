package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The document and the code name the same options. */
class SupportedOptionsTest {
  private static final Path DOCUMENT = Path.of("../docs/supported/exports.md");

  private static List<String> rows(String state) throws IOException {
    return Files.readAllLines(DOCUMENT).stream()
        .filter(line -> line.startsWith("| `") && line.contains(state))
        .toList();
  }

  private static void assertNamed(Set<String> options, List<String> rows) {
    for (String option : options) {
      assertThat(rows).as(option).anyMatch(row -> row.matches(".*`" + option + "[=`].*"));
    }
  }

  @Test
  void every_option_stands_in_the_document_in_the_state_that_it_has() throws Exception {
    assertNamed(ExportOptions.WITH_EFFECT, rows("| done"));
    assertNamed(ExportOptions.AS_IT_IS, rows("| done: that is how it is here"));
    assertNamed(ExportOptions.WITHOUT_EFFECT.keySet(), rows("| accepted, without effect"));
    assertNamed(ExportOptions.REFUSED.keySet(), rows("| **refused**"));
  }
}
