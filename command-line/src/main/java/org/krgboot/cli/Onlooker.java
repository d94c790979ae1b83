package org.krgboot.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;

/** Asks again and again a daemon that may be restarted meanwhile, and says so once each time. */
final class Onlooker {
  /** One question to the daemon. */
  interface Question<T> {
    T ask() throws IOException;
  }

  private final PrintStream out;
  private boolean away;

  Onlooker(PrintStream out) {
    this.out = out;
  }

  /** The answer; empty while nobody answers. */
  <T> Optional<T> ask(Question<T> question) {
    try {
      T answer = question.ask();
      if (away) {
        out.println("krgboot: the daemon answers again");
        away = false;
      }
      return Optional.of(answer);
    } catch (IOException e) {
      if (!away) {
        out.println("krgboot: the daemon does not answer; this goes on as soon as it does");
        away = true;
      }
      return Optional.empty();
    }
  }

  /** Whether the last question was not answered. */
  boolean isAway() {
    return away;
  }
}
