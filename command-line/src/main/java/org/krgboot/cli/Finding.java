package org.krgboot.cli;

/**
 * One thing that was looked at before a boot.
 *
 * @param what what was found
 * @param remedy what to do about it; empty if nothing
 */
record Finding(Level level, String what, String remedy) {
  enum Level {
    OK,
    WARNING,
    PROBLEM
  }

  static Finding ok(String what) {
    return new Finding(Level.OK, what, "");
  }

  static Finding warning(String what, String remedy) {
    return new Finding(Level.WARNING, what, remedy);
  }

  static Finding problem(String what, String remedy) {
    return new Finding(Level.PROBLEM, what, remedy);
  }
}
