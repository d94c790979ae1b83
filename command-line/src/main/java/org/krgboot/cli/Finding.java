package org.krgboot.cli;

import java.util.Locale;

/**
 * One thing that was looked at before a boot.
 *
 * @param what what was found
 * @param why why that matters; empty if nothing is wrong
 * @param remedy what to do about it, a command where there is one; empty if nothing
 */
record Finding(Level level, String what, String why, String remedy) {
  enum Level {
    OK,
    WARNING,
    PROBLEM;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding ok(String what) {
    return new Finding(Level.OK, what, "", "");
  }

  /** Nodes may boot all the same. */
  static Finding warning(String what, String why, String remedy) {
    return new Finding(Level.WARNING, what, why, remedy);
  }

  /** Nodes do not boot, or not all of them. */
  static Finding problem(String what, String why, String remedy) {
    return new Finding(Level.PROBLEM, what, why, remedy);
  }

  /** As a person reads it. */
  String text() {
    StringBuilder text = new StringBuilder(String.format("%-8s %s", level.word(), what));
    if (!why.isEmpty()) {
      text.append("\n         why  ").append(why);
    }
    if (!remedy.isEmpty()) {
      text.append("\n         do   ").append(remedy);
    }
    return text.toString();
  }
}
