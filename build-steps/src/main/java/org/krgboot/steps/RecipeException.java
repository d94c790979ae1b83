package org.krgboot.steps;

import java.util.List;

/** A recipe says what cannot be done. The message has all mistakes, each with its file and line. */
public final class RecipeException extends Exception {
  private static final long serialVersionUID = 1;

  /** With all mistakes. */
  public RecipeException(List<String> problems) {
    super(String.join("\n", problems));
  }
}
