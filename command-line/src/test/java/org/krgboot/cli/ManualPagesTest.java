package org.krgboot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManualPagesTest {
  private static final Path README = Path.of("..", "README.md");
  private final ManualPages pages = new ManualPages(LocalDate.of(2026, 11, 22));

  @TempDir Path directory;

  @Test
  void every_command_that_is_shown_has_a_page_with_its_options_and_examples() {
    Map<String, String> all = pages.of(Main.commandLine());
    assertThat(all)
        .containsKeys("krgboot", "krgboot-serve", "krgboot-root-build", "krgboot-leases-dump")
        .doesNotContainKeys("krgboot-documents", "krgboot-help");
    assertThat(all.get("krgboot-serve"))
        .contains(
            ".TH \"KRGBOOT-SERVE\" \"8\" \"2026-11-22\"",
            "\\fB\\-\\-interface IF\\fR",
            ".SH EXAMPLES",
            "krgboot serve \\-\\-interface eth1",
            ".SH EXIT STATUS\n0 stopped by a signal");
    assertThat(all.get("krgboot")).contains("\\fBkrgboot\\-serve\\fR(8)");
  }

  @Test
  void the_page_of_the_configuration_has_every_block_of_the_readme() throws Exception {
    String readme = Files.readString(README);
    String page = pages.configuration(readme);
    assertThat(page)
        .contains("[dhcp]", "lease\\-time = \"12h\"", "[[dhcp.class]]")
        .doesNotContain("```", "## Commands");
  }

  @Test
  void a_line_that_begins_with_a_dot_or_has_a_backslash_is_no_command() {
    assertThat(ManualPages.text(".so x\n'y \\n a-b")).isEqualTo("\\&.so x\n\\&'y \\en a\\-b");
  }

  @Test
  void man_formats_every_page_without_a_warning() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/man")), "SKIPPED: man is missing (man-db)");
    int status =
        Main.commandLine()
            .execute("documents", "--readme", README.toString(), directory.toString());
    assertThat(status).isZero();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path page : files.filter(f -> f.toString().matches(".*[.][58]")).toList()) {
        Process man =
            new ProcessBuilder("man", "--warnings=w", "-l", page.toString())
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("warnings").toFile())
                .start();
        assertThat(man.waitFor()).as(page.toString()).isZero();
        assertThat(directory.resolve("warnings")).as(page.toString()).isEmptyFile();
      }
    }
  }

  @Test
  void the_completion_is_a_script_that_bash_reads() throws Exception {
    Main.commandLine().execute("documents", "--readme", README.toString(), directory.toString());
    Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                "source bash/krgboot; COMP_WORDS=(krgboot le); COMP_CWORD=1; _complete_krgboot;"
                    + " echo ${COMPREPLY[*]}")
            .directory(directory.toFile())
            .start();
    assertThat(new String(bash.getInputStream().readAllBytes())).isEqualTo("leases\n");
    assertThat(bash.waitFor()).isZero();
  }
}
