package org.krgboot.kernel;

import java.nio.file.Path;

/** What words in a recipe may look like. */
final class Names {
  private Names() {}

  static String word(String text) {
    return matching(text, "[A-Za-z0-9_][A-Za-z0-9._+-]{0,80}", "is no plain word");
  }

  /** A program by name or path. */
  static String program(String text) {
    return matching(text, "[A-Za-z0-9_./+-]{1,500}", "is no program");
  }

  /** One argument of a command, without white space. */
  static String argument(String text) {
    return matching(text, "[!-~]{1,2000}", "is no argument without spaces");
  }

  static String line(String text) {
    return matching(text, "[^\\p{Cntrl}]{1,2000}", "is not one line");
  }

  static String printable(String text) {
    return matching(text, "[^\\p{Cntrl}]{0,2000}", "is not one line");
  }

  /** A name below a tree: relative, and not out of it. */
  static String inTree(String text) {
    matching(text, "[^\\p{Cntrl}/][^\\p{Cntrl}]{0,500}", "is no name in a tree");
    Path path = Path.of(text);
    if (!path.normalize().equals(path) || path.startsWith("..")) {
      throw new IllegalArgumentException(
          "'" + shown(text) + "' leads out of the tree, or has dots that are not needed");
    }
    return text;
  }

  static int number(String text, int least, int most) {
    int value = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "'" + shown(text) + "' is not a number from " + least + " to " + most);
    }
    return value;
  }

  private static String matching(String text, String shape, String otherwise) {
    if (!text.matches(shape)) {
      throw new IllegalArgumentException("'" + shown(text) + "' " + otherwise);
    }
    return text;
  }

  static String shown(String text) {
    String first = text.strip().lines().findFirst().orElse("");
    return first.length() > 60 ? first.substring(0, 60) + "..." : first;
  }
}
