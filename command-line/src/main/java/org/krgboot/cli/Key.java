package org.krgboot.cli;

/** What was pressed. */
sealed interface Key {
  /** A character that is written. */
  record Letter(char letter) implements Key {}

  /** A key without a character. */
  enum Named implements Key {
    UP,
    DOWN,
    PAGE_UP,
    PAGE_DOWN,
    HOME,
    END,
    ENTER,
    BACKSPACE,
    ESCAPE,
    OTHER
  }
}
