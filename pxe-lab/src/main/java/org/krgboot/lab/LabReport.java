package org.krgboot.lab;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Shows a table of stages: rewritten in place on a terminal, a line a change elsewhere. */
final class LabReport {
  /** Where the report goes. */
  enum Screen {
    TERMINAL,
    LOG
  }

  private final PrintStream out;
  private final Screen screen;
  private int shown;

  LabReport(PrintStream out, Screen screen) {
    this.out = out;
    this.screen = screen;
  }

  /** Standard output is a terminal if the JVM says so; what goes elsewhere is taken for a log. */
  static Screen screen() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)
        ? Screen.TERMINAL
        : Screen.LOG;
  }

  void say(String line) {
    out.println(line);
    shown = 0;
  }

  /** A node got further. */
  void changed(Optional<String> line) {
    switch (screen) {
      case TERMINAL -> {}
      case LOG -> line.ifPresent(out::println);
    }
    out.flush();
  }

  void table(StageTable table, Duration now) {
    switch (screen) {
      case LOG -> {}
      case TERMINAL -> {
        // Cursor up, then each line anew to its end (ECMA-48: CUU, EL).
        if (shown > 0) {
          out.print("\033[" + shown + "A");
        }
        List<String> lines = table.lines(now);
        lines.forEach(line -> out.print(line + "\033[K\n"));
        shown = lines.size();
        out.flush();
      }
    }
  }
}
