package org.krgboot.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Asks for values, one a line: a given answer is taken without asking, an empty line takes what is
 * proposed, and what cannot be is asked for again.
 */
final class Questions {
  /** Who answers. */
  enum Asking {
    /** A person at a terminal. */
    PERSON,
    /** Nobody: what is not given is as proposed. */
    NOBODY
  }

  private final BufferedReader in;
  private final PrintStream out;
  private final Map<String, String> given;
  private final Asking asking;
  private final Set<String> asked = new HashSet<>();

  Questions(BufferedReader in, PrintStream out, Map<String, String> given, Asking asking) {
    this.in = in;
    this.out = out;
    this.given = Map.copyOf(given);
    this.asking = asking;
  }

  /**
   * One value.
   *
   * @param key its name in a file of answers
   * @param reader refuses by an IllegalArgumentException, which says what can be
   * @throws IOException if a given or proposed value cannot be, or the input ends
   */
  <T> T ask(String key, String question, String proposed, Function<String, T> reader)
      throws IOException {
    asked.add(key);
    String answer = given.get(key);
    if (answer != null || asking == Asking.NOBODY) {
      String value = answer != null ? answer : proposed;
      try {
        return reader.apply(value);
      } catch (IllegalArgumentException e) {
        throw new IOException(key + ": " + e.getMessage(), e);
      }
    }
    while (true) {
      out.print(question + (proposed.isEmpty() ? ": " : " [" + proposed + "]: "));
      out.flush();
      String line = in.readLine();
      if (line == null) {
        throw new IOException("the input ended before all was answered; nothing was written");
      }
      try {
        return reader.apply(line.isBlank() ? proposed : line.strip());
      } catch (IllegalArgumentException e) {
        out.println("  " + e.getMessage());
      }
    }
  }

  /** Something that everybody should know. */
  void say(String text) {
    out.println(text);
  }

  /** What helps to answer. */
  void explain(String text) {
    switch (asking) {
      case PERSON -> out.println(text);
      case NOBODY -> {}
    }
  }

  /** What may be given. */
  Set<String> known() {
    return Set.copyOf(asked);
  }

  /** Given, and never asked for: most likely mistyped. */
  Set<String> unused() {
    Set<String> unused = new HashSet<>(given.keySet());
    unused.removeAll(asked);
    return unused;
  }
}
