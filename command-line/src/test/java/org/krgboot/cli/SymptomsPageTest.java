package org.krgboot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.krgboot.model.Symptom;

class SymptomsPageTest {
  @Test
  void the_page_has_the_table_of_the_code_row_by_row() throws Exception {
    List<String> rows =
        Files.readAllLines(Path.of("../docs/when-a-node-does-not-boot.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .toList();
    assertThat(rows)
        .isEqualTo(
            Arrays.stream(Symptom.values())
                .map(symptom ->
                    String.join(
                        " | ",
                        "| `" + symptom.name() + "`",
                        escaped(symptom.cause()),
                        escaped(symptom.remedy()) + " |"))
                .toList());
  }

  private static String escaped(String text) {
    return text.replace("|", "\\|");
  }
}
