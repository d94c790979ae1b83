package org.krgboot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogLinesTest {
  private static final Logger LOGGER = new LoggerContext().getLogger("krgboot");

  @TempDir Path directory;

  private static LoggingEvent event(Level level, String message) {
    return new LoggingEvent("", LOGGER, level, message, null, null);
  }

  @Test
  void the_journal_gets_each_line_with_its_priority_and_without_a_time() {
    LogLines lines = new LogLines(true);
    assertThat(lines.doLayout(event(Level.ERROR, "the disk is full")))
        .isEqualTo("<3>the disk is full\n");
    assertThat(lines.doLayout(event(Level.WARN, "one\ntwo"))).isEqualTo("<4>one\n<4>two\n");
    assertThat(lines.doLayout(event(Level.INFO, "ready"))).isEqualTo("<6>ready\n");
    assertThat(lines.doLayout(event(Level.DEBUG, "x"))).isEqualTo("<7>x\n");
  }

  @Test
  void a_terminal_gets_time_and_level() {
    assertThat(new LogLines(false).doLayout(event(Level.INFO, "ready")))
        .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  ready\n");
  }

  @Test
  void a_fault_is_told_by_its_class_and_message_without_its_trace() {
    LoggingEvent event =
        new LoggingEvent("", LOGGER, Level.ERROR, "a turn failed", new Exception("why"), null);
    assertThat(new LogLines(true).doLayout(event))
        .isEqualTo("<3>a turn failed: java.lang.Exception: why\n");
  }

  @Test
  void only_the_very_file_that_systemd_names_is_the_journal() throws Exception {
    Path file = Files.createFile(directory.resolve("stderr"));
    Map<String, Object> is = Files.readAttributes(file, "unix:dev,ino");
    String name = is.get("dev") + ":" + is.get("ino");
    assertThat(LogLines.isJournal(Map.of("JOURNAL_STREAM", name), file)).isTrue();
    assertThat(LogLines.isJournal(Map.of("JOURNAL_STREAM", "1:2"), file)).isFalse();
    assertThat(LogLines.isJournal(Map.of(), file)).isFalse();
    assertThat(LogLines.isJournal(Map.of("JOURNAL_STREAM", name), directory.resolve("none")))
        .isFalse();
  }
}
