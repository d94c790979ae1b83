package org.krgboot.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.LayoutBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line an event. For the journal, with its priority before each line (sd-daemon(3)) and without
 * the time, which the journal keeps itself.
 */
public final class LogLines extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
  private static final int STANDARD_ERROR = 2;

  private final boolean journal;
  private final ZoneId zone = ZoneId.systemDefault();

  /** For where standard error goes; made by Logback. */
  public LogLines() {
    this(isJournal(System.getenv(), Path.of("/proc/self/fd/" + STANDARD_ERROR)));
  }

  LogLines(boolean journal) {
    this.journal = journal;
  }

  /** Whether the file is the journal's, systemd.exec(5): {@code JOURNAL_STREAM=device:inode}. */
  static boolean isJournal(Map<String, String> environment, Path file) {
    @Nullable String stream = environment.get("JOURNAL_STREAM");
    if (stream == null) {
      return false;
    }
    try {
      Map<String, Object> is = Files.readAttributes(file, "unix:dev,ino");
      return stream.equals(is.get("dev") + ":" + is.get("ino"));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    String message = event.getFormattedMessage();
    @Nullable IThrowableProxy thrown = event.getThrowableProxy();
    String text =
        thrown == null
            ? message
            : message + ": " + thrown.getClassName() + ": " + thrown.getMessage();
    if (journal) {
      String priority = "<" + priority(event.getLevel()) + ">";
      return priority + text.replace("\n", "\n" + priority) + "\n";
    }
    String level = String.format("%-5s", event.getLevel());
    return TIME.format(Instant.ofEpochMilli(event.getTimeStamp()).atZone(zone))
        + " "
        + level
        + " "
        + text
        + "\n";
  }

  /** As syslog(3) numbers them. */
  private static int priority(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> 3;
      case Level.WARN_INT -> 4;
      case Level.INFO_INT -> 6;
      default -> 7;
    };
  }
}
